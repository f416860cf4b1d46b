import type { ChangeKind, PermissionChange } from '#shared/domain/drift.ts';
import { kindWords } from '../../ui/change-words.ts';
import { type DriftSettings, changeKinds } from './settings.ts';

/** The part of a permission's action that groups it: AWS's service prefix, else the resource's type or the action. */
export function groupOf({ before, after }: PermissionChange): string {
  const side = after ?? before;
  if (side === undefined) return '';
  const { pattern } = side.action;
  const colon = pattern.indexOf(':');
  if (colon > 0) return pattern.slice(0, colon);
  return side.resource.type ?? pattern;
}

/** What the settings ask for. A change of path takes and gives nothing: it is shown when it is asked for. */
export function chosenChanges(
  changes: readonly PermissionChange[],
  { kind, unexplained, subject, group }: DriftSettings,
): PermissionChange[] {
  return changes.filter(
    (change) =>
      (kind === null ? change.kind !== 'path-changed' : change.kind === kind) &&
      (!unexplained || change.attribution.length === 0) &&
      (subject === null || change.subject.id === subject) &&
      (group === null || groupOf(change) === group),
  );
}

export type KindCounts = Readonly<Record<ChangeKind, number>>;

export function countKinds(changes: readonly PermissionChange[]): KindCounts {
  const counts: Record<ChangeKind, number> = {
    gained: 0,
    lost: 0,
    widened: 0,
    narrowed: 0,
    'condition-changed': 0,
    'path-changed': 0,
  };
  for (const { kind } of changes) counts[kind]++;
  return counts;
}

/** E.g. `2 gained, 1 lost`. */
export function countsInWords(counts: KindCounts): string {
  const words = changeKinds.flatMap((kind) =>
    counts[kind] === 0 ? [] : `${counts[kind]} ${kindWords(kind)}`,
  );
  return words.length === 0 ? 'no change' : words.join(', ');
}

/** A row of the list: an identity above its changes. */
export type DriftRow =
  | {
      readonly type: 'identity';
      readonly subject: PermissionChange['subject'];
      readonly counts: KindCounts;
      readonly closed: boolean;
    }
  | { readonly type: 'change'; readonly change: PermissionChange };

export function driftRows(changes: readonly PermissionChange[], closed: ReadonlySet<string>): DriftRow[] {
  const rows: DriftRow[] = [];
  for (const [id, own] of Map.groupBy(changes, ({ subject }) => subject.id)) {
    const [first] = own;
    if (first === undefined) continue;
    const isClosed = closed.has(id);
    rows.push({ type: 'identity', subject: first.subject, counts: countKinds(own), closed: isClosed });
    if (!isClosed) rows.push(...own.map((change) => ({ type: 'change' as const, change })));
  }
  return rows;
}

export interface Matrix {
  readonly subjects: readonly { readonly id: string; readonly cells: ReadonlyMap<string, KindCounts> }[];
  readonly groups: readonly string[];
  readonly hiddenSubjects: number;
  readonly hiddenGroups: number;
}

const mostSubjects = 200;
const mostGroups = 40;

/** Identities and groups of actions, those with most changes first. */
export function matrixOf(changes: readonly PermissionChange[]): Matrix {
  const bySubject = [...Map.groupBy(changes, ({ subject }) => subject.id)].toSorted(mostFirst);
  const byGroup = [...Map.groupBy(changes, groupOf)].toSorted(mostFirst);
  return {
    subjects: bySubject.slice(0, mostSubjects).map(([id, own]) => ({
      id,
      cells: new Map([...Map.groupBy(own, groupOf)].map(([group, its]) => [group, countKinds(its)])),
    })),
    groups: byGroup.slice(0, mostGroups).map(([group]) => group),
    hiddenSubjects: Math.max(0, bySubject.length - mostSubjects),
    hiddenGroups: Math.max(0, byGroup.length - mostGroups),
  };
}

type Grouped = readonly [string, readonly PermissionChange[]];

function mostFirst([name, changes]: Grouped, [otherName, others]: Grouped): number {
  return others.length - changes.length || name.localeCompare(otherName, 'en');
}
