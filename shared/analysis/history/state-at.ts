import type { Json } from '#shared/domain/json.ts';
import type { ElementState, PolicyChange, PolicyHistory } from '#shared/domain/policy-change.ts';
import { stableJson } from '#shared/util/stable-json.ts';
import { States, applyAll, undoAll } from './fold.ts';
import { Touched, anyOf } from './touched.ts';

type System = Pick<PolicyHistory, 'scopeOf' | 'canonical'>;
type Elements = ReadonlyMap<string, Json>;

/** Two bundles around a moment, and what was changed between them. The one after may be missing. */
export interface Surroundings {
  /** The bundle that was in force before, or else the first one that came after. */
  readonly base: Elements;
  /** Whether the base lies before the moment. */
  readonly isBefore: boolean;
  /** The bundle after; null where there is none, or where it is the base. */
  readonly after: Elements | null;
  /** Since the bundle before (or the beginning of the log), in the order of time. */
  readonly earlier: readonly PolicyChange[];
  /** In the very moment: whether before or after is not known. */
  readonly simultaneous: readonly PolicyChange[];
  /** Until the bundle after. */
  readonly later: readonly PolicyChange[];
}

/**
 * The elements that are not as in the base at a moment, told from both sides: what was there and was changed since, and
 * what was there later with the changes undone. Where only one side knows, it stands. Where the two disagree on
 * something that logged calls changed, there was a change that the log does not tell: it is unknown. What no logged
 * call touched is as in the base until the bundle after came into force.
 */
export function stateAt(surroundings: Surroundings, system: System): States {
  const { base, isBefore, earlier, simultaneous, later } = surroundings;
  const after = isBefore ? surroundings.after : base;
  const backward = after === null ? null : statesFrom(after);
  if (backward !== null) undoAll(backward, [...simultaneous, ...later]);
  const forward = isBefore ? statesFrom(base) : (backward?.copy() ?? new States());
  if (!isBefore) undoAll(forward, earlier);
  applyAll(forward, earlier);
  const touched = new Touched([...earlier, ...simultaneous, ...later]);
  const inMoment = new Touched(simultaneous);
  const [own, others] = [scopesOf(base, system), after === null ? null : scopesOf(after, system)];
  const found: [string, ElementState][] = [];
  for (const element of new Set([
    ...base.keys(),
    ...forward.keys(),
    ...(backward?.keys() ?? []),
    ...inMoment.names,
    ...[...forward.blurred, ...(backward?.blurred ?? [])].map(anyOf),
  ])) {
    if (!touched.has(element)) continue;
    const scope = system.scopeOf(element);
    if (scope !== null && scope !== undefined && !own.has(scope)) continue;
    const moment = inMoment.changeOf(element);
    const first = forward.of(element);
    let state = first;
    if (moment !== null) state = unknownIn(moment);
    else if (scope === undefined) state = isBefore || backward === null ? first : backward.of(element);
    else if (backward !== null && scope === null) state = isThere(first) ? first : backward.of(element);
    else if (backward !== null && scope !== null && others?.has(scope) === true) {
      state = agree(element, first, backward.of(element), system);
    }
    const isAsBefore =
      state.kind === 'known' &&
      state.assumed === undefined &&
      isSame(element, base.get(element) ?? null, state.value, system);
    if (!isAsBefore) found.push([element, state]);
  }
  return new States(found.toSorted(([one], [other]) => (one < other ? -1 : 1)));
}

function unknownIn({ operation, time }: PolicyChange): ElementState {
  const why = `${operation} changed it at ${time}, in the same moment: whether before or after is not known.`;
  return { kind: 'unknown', why };
}

function statesFrom(elements: Elements): States {
  const states = new States();
  for (const [element, value] of elements) states.set(element, { kind: 'known', value });
  return states;
}

function scopesOf(elements: Elements, system: System): Set<string> {
  const scopes = new Set(['']);
  for (const element of elements.keys()) {
    const scope = system.scopeOf(element);
    if (scope !== null && scope !== undefined) scopes.add(scope);
  }
  return scopes;
}

function isThere(state: ElementState): boolean {
  return state.kind === 'known' && state.value !== null;
}

function agree(element: string, forward: ElementState, backward: ElementState, system: System): ElementState {
  if (forward.kind === 'unknown') return backward.kind === 'known' ? backward : forward;
  if (backward.kind === 'unknown') return forward;
  if (isSame(element, forward.value, backward.value, system)) {
    return forward.assumed === undefined ? forward : backward;
  }
  if (backward.assumed !== undefined) return forward;
  if (forward.assumed !== undefined) return backward;
  return {
    kind: 'unknown',
    why: 'The bundle before with the logged changes and the bundle after do not agree on it: it was changed by something that the log does not tell.',
  };
}

function isSame(element: string, one: Json, other: Json, system: System): boolean {
  return stableJson(system.canonical(element, one)) === stableJson(system.canonical(element, other));
}
