import type { CaseBundle } from '#shared/domain/bundle.ts';
import type { ChangeKind } from '#shared/domain/drift.ts';

export const changeKinds: readonly ChangeKind[] = [
  'gained',
  'widened',
  'condition-changed',
  'narrowed',
  'lost',
  'path-changed',
];

/** What is compared and how it is shown; it lies in the address. */
export interface DriftSettings {
  /** Ids of bundles; null is the usual choice. */
  readonly from: string | null;
  readonly to: string | null;
  readonly matrix: boolean;
  readonly kind: ChangeKind | null;
  readonly unexplained: boolean;
  readonly subject: string | null;
  readonly group: string | null;
}

/** Of the tab in the address: parameters, of which unreadable ones are left out. */
export function parseDriftSettings(tab: string | null): DriftSettings {
  const parameters = new URLSearchParams(tab ?? '');
  return {
    from: parameters.get('from'),
    to: parameters.get('to'),
    matrix: parameters.has('matrix'),
    kind: changeKinds.find((kind) => kind === parameters.get('kind')) ?? null,
    unexplained: parameters.has('unexplained'),
    subject: parameters.get('subject'),
    group: parameters.get('group'),
  };
}

export function formatDriftSettings(settings: DriftSettings): string | null {
  const { from, to, matrix, kind, unexplained, subject, group } = settings;
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries({ from, to, kind, subject, group })) {
    if (value !== null) parameters.set(name, value);
  }
  if (matrix) parameters.set('matrix', 'yes');
  if (unexplained) parameters.set('unexplained', 'yes');
  const tab = parameters.toString();
  return tab === '' ? null : tab;
}

/** Systems whose effective permissions can be listed, and so compared. */
const comparable: readonly string[] = ['aws-iam', 'kubernetes-rbac'];

export function isComparable({ system }: CaseBundle): boolean {
  return comparable.includes(system);
}

/** By the time from which they were in force; those without one first, in the order in which they came. */
export function byTime(bundles: readonly CaseBundle[]): CaseBundle[] {
  return bundles.toSorted(
    (one, other) =>
      (one.inForceFrom ?? '').localeCompare(other.inForceFrom ?? '', 'en') ||
      one.importedAt.localeCompare(other.importedAt, 'en'),
  );
}

interface Pair {
  readonly from: CaseBundle;
  readonly to: CaseBundle;
}

/**
 * The two that are compared: those of the address, or the latest two of one system. Null where there are no two
 * versions of anything.
 */
export function pairOf(bundles: readonly CaseBundle[], settings: DriftSettings): Pair | null {
  const ordered = byTime(bundles.filter(isComparable));
  const find = (id: string | null): CaseBundle | undefined => ordered.find((bundle) => bundle.id === id);
  const to =
    find(settings.to) ??
    ordered.findLast((candidate) => candidate.system === find(settings.from)?.system) ??
    ordered.findLast(({ id, system }) => ordered.some((other) => other.system === system && other.id !== id));
  if (to === undefined) return null;
  const from =
    find(settings.from) ??
    ordered.slice(0, ordered.indexOf(to)).findLast(({ system }) => system === to.system) ??
    ordered.find(({ system, id }) => system === to.system && id !== to.id);
  return from === undefined ? null : { from, to };
}

/** A change in the address: its bundles and its key. */
export function changeId(from: string, to: string, key: string): string {
  return `${from}/${to}/${key}`;
}
