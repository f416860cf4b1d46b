import type { ActionSpec, Verb } from '../domain/response.ts';

/** An action as far as its order depends on it. */
export interface Orderable {
  readonly provider: string;
  readonly group: string;
  readonly target: string;
  /** How far its target is from what was asked for: an identity before what descends from it. */
  readonly depth: number;
  readonly spec: Pick<ActionSpec, 'id' | 'verb' | 'beyondReach'>;
}

/** The universal order of containment; a deny that the suspect cannot undo comes before everything. */
const phases: Readonly<Record<Verb, number>> = {
  'deny.attach': 1,
  'identity.disable': 2,
  'credential.disable': 3,
  'session.invalidate': 4,
  'token.revoke': 4,
  'session.terminate': 5,
  'grant.remove': 6,
  'credential.delete': 7,
  'credential.rotate': 7,
  'authority.rekey': 8,
  'signal.emit': 9,
  observe: 10,
};

export function phaseOf({ verb, beyondReach }: Orderable['spec']): number {
  return verb === 'deny.attach' && beyondReach === true ? 0 : phases[verb];
}

/**
 * Sorts actions into the universal order: by phase, sources of truth before those that take identities from them,
 * identities before what descends from them; otherwise by name, so that a plan is the same on every machine.
 */
export function inOrder<T extends Orderable>(
  actions: readonly T[],
  sourcedFrom: ReadonlyMap<string, readonly string[]>,
): T[] {
  const rank = ranks(sourcedFrom);
  return actions.toSorted(
    (first, second) =>
      phaseOf(first.spec) - phaseOf(second.spec) ||
      (rank.get(first.provider) ?? 0) - (rank.get(second.provider) ?? 0) ||
      first.depth - second.depth ||
      compareText(first.group, second.group) ||
      compareText(first.target, second.target) ||
      compareText(first.spec.id, second.spec.id),
  );
}

/**
 * What each action waits for, as indices into the ordered list: within one identity at one provider the phase before
 * it; and where the provider takes its identities from another, that one's deny and disable of the same identity.
 * Never across identities and never for a provider that has nothing to do with it.
 */
export function dependencies(
  ordered: readonly Orderable[],
  sourcedFrom: ReadonlyMap<string, readonly string[]>,
): number[][] {
  const lanes = new Map<string, number[]>();
  for (const [index, { provider, group }] of ordered.entries()) {
    const key = laneKey(provider, group);
    const lane = lanes.get(key) ?? [];
    lane.push(index);
    lanes.set(key, lane);
  }
  return ordered.map((action, index) => {
    const own = previousPhase(lanes.get(laneKey(action.provider, action.group)) ?? [], index, ordered);
    if (phaseOf(action.spec) < phases['identity.disable']) return own;
    const sources = (sourcedFrom.get(action.provider) ?? []).flatMap((source) =>
      (lanes.get(laneKey(source, action.group)) ?? []).filter((other) => {
        const spec = ordered[other]?.spec;
        return other < index && spec !== undefined && phaseOf(spec) <= phases['identity.disable'];
      }),
    );
    return [...new Set([...sources, ...own])].toSorted((first, second) => first - second);
  });
}

/** The actions of the lane in the last phase before that of the action. */
function previousPhase(lane: readonly number[], index: number, ordered: readonly Orderable[]): number[] {
  const phaseAt = (at: number): number => {
    const action = ordered[at];
    return action === undefined ? 0 : phaseOf(action.spec);
  };
  const earlier = lane.filter((at) => phaseAt(at) < phaseAt(index));
  const last = Math.max(...earlier.map(phaseAt));
  return earlier.filter((at) => phaseAt(at) === last);
}

/** How many steps a provider is from a source of truth; a ring counts as no order. */
function ranks(sourcedFrom: ReadonlyMap<string, readonly string[]>): Map<string, number> {
  const known = new Map<string, number>();
  const rankOf = (provider: string, path: readonly string[]): number => {
    const found = known.get(provider);
    if (found !== undefined) return found;
    if (path.includes(provider)) return 0;
    const sources = sourcedFrom.get(provider) ?? [];
    const rank = Math.max(0, ...sources.map((source) => rankOf(source, [...path, provider]) + 1));
    known.set(provider, rank);
    return rank;
  };
  for (const provider of sourcedFrom.keys()) rankOf(provider, []);
  return known;
}

function laneKey(provider: string, group: string): string {
  return `${group}\n${provider}`;
}

function compareText(first: string, second: string): number {
  return first < second ? -1 : first > second ? 1 : 0;
}
