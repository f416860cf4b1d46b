import { permissionWords } from '#shared/domain/permission-words.ts';
import type { ChangeKind, PermissionChange } from '#shared/domain/drift.ts';
import type { Entitlement } from '#shared/domain/entitlement.ts';
import { canonicalCondition } from '#shared/domain/condition-text.ts';
import { contains, containsAction } from '#shared/util/pattern.ts';

/**
 * How effective permissions changed from one bundle to another. Text, order and the number of statements do not
 * matter: what is held before and after by another statement is `path-changed`, not lost and gained. In the order of
 * subject, then key. Attribution is left empty.
 */
export function compareEntitlements(
  before: Iterable<Entitlement>,
  after: Iterable<Entitlement>,
): PermissionChange[] {
  const [old, now] = [bySubject(before), bySubject(after)];
  const subjects = [...new Set([...old.keys(), ...now.keys()])].toSorted();
  return subjects.flatMap((subject) => compareSubject(old.get(subject) ?? [], now.get(subject) ?? []));
}

function bySubject(entitlements: Iterable<Entitlement>): Map<string, Entitlement[]> {
  const found = new Map<string, Entitlement[]>();
  for (const entitlement of entitlements) {
    if (entitlement.conditionality === 'never-effective') continue;
    const key = JSON.stringify([entitlement.system, entitlement.subject.type, entitlement.subject.id]);
    const known = found.get(key);
    if (known === undefined) found.set(key, [entitlement]);
    else known.push(entitlement);
  }
  return found;
}

function compareSubject(before: readonly Entitlement[], after: readonly Entitlement[]): PermissionChange[] {
  const old = new Map(before.map((entitlement) => [entitlement.key, entitlement]));
  const now = new Map(after.map((entitlement) => [entitlement.key, entitlement]));
  const changes: PermissionChange[] = [];
  const gone = before.filter(({ key }) => !now.has(key));
  const come = after.filter(({ key }) => !old.has(key));
  for (const entitlement of after) {
    const was = old.get(entitlement.key);
    const kind = was === undefined ? null : changeOfSame(was, entitlement);
    if (was !== undefined && kind !== null) changes.push(change(kind, was, entitlement));
  }
  // Pairs first: what took the place of what. Only the rest came or went by itself.
  const paired = new Set<Entitlement>();
  for (const was of gone) {
    if (isCovered(was, after)) continue;
    const is = come.find((candidate) => !paired.has(candidate) && holds(was, candidate));
    if (is === undefined) continue;
    paired.add(was).add(is);
    changes.push(change('narrowed', was, is));
  }
  for (const is of come) {
    if (paired.has(is) || isCovered(is, before)) continue;
    const was = gone.find((candidate) => !paired.has(candidate) && holds(is, candidate));
    if (was === undefined) continue;
    paired.add(was).add(is);
    changes.push(change('widened', was, is));
  }
  for (const is of come) {
    if (!paired.has(is))
      changes.push(change(isCovered(is, before) ? 'path-changed' : 'gained', undefined, is));
  }
  for (const was of gone) {
    if (!paired.has(was))
      changes.push(change(isCovered(was, after) ? 'path-changed' : 'lost', was, undefined));
  }
  return changes.toSorted((one, other) => compare(one.key, other.key) || compare(one.kind, other.kind));
}

function changeOfSame(before: Entitlement, after: Entitlement): ChangeKind | null {
  if (conditionText(before) !== conditionText(after)) return 'condition-changed';
  if (limitsText(before) !== limitsText(after)) return 'condition-changed';
  return pathsText(before) === pathsText(after) ? null : 'path-changed';
}

/** Whether one of the others, or several for its single actions, give at least the same. */
function isCovered(entitlement: Entitlement, others: readonly Entitlement[]): boolean {
  if (others.some((other) => gives(other, entitlement, entitlement.action.pattern))) return true;
  const { expanded } = entitlement.action;
  if (expanded === undefined || expanded.length === 0) return false;
  return expanded.every((action) => others.some((other) => gives(other, entitlement, action)));
}

function gives(other: Entitlement, wanted: Entitlement, action: string): boolean {
  return (
    containsAction(other.action.pattern, action) &&
    contains(other.resource.pattern, wanted.resource.pattern) &&
    isNoStricter(other, wanted)
  );
}

/** Whether `outer` holds all that `inner` holds, whatever the conditions. */
function holds(outer: Entitlement, inner: Entitlement): boolean {
  return (
    containsAction(outer.action.pattern, inner.action.pattern) &&
    contains(outer.resource.pattern, inner.resource.pattern)
  );
}

function isNoStricter(other: Entitlement, wanted: Entitlement): boolean {
  const free = other.condition === null && (other.except ?? []).length === 0;
  return free || (conditionText(other) === conditionText(wanted) && limitsText(other) === limitsText(wanted));
}

function conditionText({ condition, conditionality }: Entitlement): string {
  return condition === null ? conditionality : `${conditionality} ${canonicalCondition(condition)}`;
}

/** What is taken out of it, not by which statements. */
function limitsText({ except = [] }: Entitlement): string {
  return except.join('\n');
}

function pathsText({ grants }: Entitlement): string {
  return grants
    .map(({ path, ref }) =>
      [...path.map(({ from, to, kind }) => `${kind} ${from} ${to}`), ref.policyId].join('\n'),
    )
    .toSorted()
    .join('\n\n');
}

function change(
  kind: ChangeKind,
  before: Entitlement | undefined,
  after: Entitlement | undefined,
): PermissionChange {
  const main = after ?? before;
  if (main === undefined) throw new TypeError('A change has a before or an after.');
  return {
    key: main.key,
    kind,
    system: main.system,
    subject: main.subject,
    ...(before === undefined ? {} : { before }),
    ...(after === undefined ? {} : { after }),
    summary: summaryOf(kind, before, after),
    conditional: [before, after].some((side) => side !== undefined && side.conditionality !== 'always'),
    attribution: [],
  };
}

function summaryOf(
  kind: ChangeKind,
  before: Entitlement | undefined,
  after: Entitlement | undefined,
): string {
  const who = (after ?? before)?.subject.id ?? '';
  const [was, is] = [words(before), words(after)];
  const sentences: Readonly<Record<ChangeKind, string>> = {
    gained: `gained ${is}`,
    lost: `lost ${was}`,
    widened: `has ${is}, where it had ${was}`,
    narrowed: `has ${is}, where it had the wider ${was}`,
    'condition-changed': `has ${is} under other conditions`,
    'path-changed': `has ${after === undefined ? was : is} in another way`,
  };
  return `${who} ${sentences[kind]}.`;
}

function words(entitlement: Entitlement | undefined): string {
  return entitlement === undefined ? '' : permissionWords(entitlement);
}

function compare(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}
