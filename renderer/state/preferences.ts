import { createStore } from 'zustand/vanilla';
import type { Memory } from './memory.ts';

type Theme = 'dark' | 'light';
type TimeZone = 'utc' | 'local';

/** How the analyst likes the console; remembered on this machine, never part of a case. */
export interface Preferences {
  readonly theme: Theme;
  readonly timeZone: TimeZone;
  readonly sidebar: 'wide' | 'narrow';
  /** Pixels. */
  readonly detailWidth: number;
  /** Keeps the detail panel on its thing when the view changes. */
  readonly detailPinned: boolean;
  /** Pixels by table and column. */
  readonly columnWidths: Readonly<Record<string, number>>;
  /** The columns that show, by table; where a table is missing, its usual ones. */
  readonly columns: Readonly<Record<string, readonly string[]>>;
  /** Whether the counts of the most frequent values stand beside the events. */
  readonly facets: boolean;
  /** The tab that was last open, by the kind of the detail panel's content. */
  readonly detailTabs: Readonly<Record<string, string>>;
}

const defaults: Preferences = {
  theme: 'dark',
  timeZone: 'utc',
  sidebar: 'wide',
  detailWidth: 420,
  detailPinned: false,
  columnWidths: {},
  columns: {},
  facets: true,
  detailTabs: {},
};

export interface PreferenceActions {
  readonly change: (change: Partial<Preferences>) => void;
}

export function createPreferences(memory: Memory) {
  return createStore<Preferences & PreferenceActions>()((set, get) => ({
    ...parsePreferences(memory.read('preferences')),
    change(change) {
      set(change);
      const { change: _, ...kept } = get();
      memory.write('preferences', JSON.stringify(kept));
    },
  }));
}

/** Takes what is well-formed of a remembered text and the defaults for the rest. */
export function parsePreferences(text: string | null): Preferences {
  let value: Partial<Record<keyof Preferences, unknown>>;
  try {
    value = { ...(JSON.parse(text ?? '{}') as object) };
  } catch {
    return defaults;
  }
  const width = value.detailWidth;
  return {
    theme: value.theme === 'light' ? 'light' : 'dark',
    timeZone: value.timeZone === 'local' ? 'local' : 'utc',
    sidebar: value.sidebar === 'narrow' ? 'narrow' : 'wide',
    detailWidth: typeof width === 'number' && width >= 200 && width <= 2_000 ? width : defaults.detailWidth,
    detailPinned: value.detailPinned === true,
    columnWidths: entriesOf(value.columnWidths, (entry): entry is number => typeof entry === 'number'),
    columns: entriesOf(
      value.columns,
      (entry): entry is string[] => Array.isArray(entry) && entry.every((id) => typeof id === 'string'),
    ),
    facets: value.facets !== false,
    detailTabs: entriesOf(value.detailTabs, (entry): entry is string => typeof entry === 'string'),
  };
}

function entriesOf<T>(value: unknown, isWanted: (entry: unknown) => entry is T): Record<string, T> {
  if (typeof value !== 'object' || value === null) return {};
  return Object.fromEntries(
    Object.entries(value).filter((entry): entry is [string, T] => isWanted(entry[1])),
  );
}
