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
}

const defaults: Preferences = {
  theme: 'dark',
  timeZone: 'utc',
  sidebar: 'wide',
  detailWidth: 420,
  detailPinned: false,
  columnWidths: {},
};

export interface PreferenceActions {
  readonly change: (change: Partial<Preferences>) => void;
}

export function createPreferences(memory: Memory) {
  return createStore<Preferences & PreferenceActions>()((set, get) => ({
    ...parsePreferences(memory.read('preferences')),
    change(change) {
      set(change);
      const { theme, timeZone, sidebar, detailWidth, detailPinned, columnWidths } = get();
      memory.write(
        'preferences',
        JSON.stringify({ theme, timeZone, sidebar, detailWidth, detailPinned, columnWidths }),
      );
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
  const widths = typeof value.columnWidths === 'object' ? value.columnWidths : null;
  return {
    theme: value.theme === 'light' ? 'light' : 'dark',
    timeZone: value.timeZone === 'local' ? 'local' : 'utc',
    sidebar: value.sidebar === 'narrow' ? 'narrow' : 'wide',
    detailWidth: typeof width === 'number' && width >= 200 && width <= 2_000 ? width : defaults.detailWidth,
    detailPinned: value.detailPinned === true,
    columnWidths: Object.fromEntries(
      Object.entries(widths ?? {}).filter((entry): entry is [string, number] => typeof entry[1] === 'number'),
    ),
  };
}
