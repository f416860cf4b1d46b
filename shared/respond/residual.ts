import type { ActionSpec } from '../domain/response.ts';
import type { Residual, ResidualItem } from './plan.ts';

interface Acting {
  readonly provider: string;
  readonly group: string;
  readonly spec: Pick<ActionSpec, 'verb' | 'stops' | 'doesNotStop'>;
}

/**
 * What a set of actions leaves running: everything that an action says it does not stop, unless another one for the
 * same identity at the same provider stops it. Where several speak of one artefact, the longest counts.
 */
export function residualOf(actions: readonly Acting[]): Residual {
  const lanes = Map.groupBy(actions, ({ provider, group }) => `${group}\n${provider}`);
  const items: ResidualItem[] = [];
  for (const lane of lanes.values()) {
    const stopped = new Set(lane.flatMap(({ spec }) => spec.stops));
    const left = new Map<string, ResidualItem>();
    for (const { provider, group, spec } of lane) {
      for (const { artefact, residualSeconds, coveredBy, note } of spec.doesNotStop) {
        if (stopped.has(artefact) || residualSeconds === 0) continue;
        const known = left.get(artefact);
        if (known !== undefined && longer(known.seconds, residualSeconds) === known.seconds) continue;
        left.set(artefact, { provider, group, artefact, seconds: residualSeconds, coveredBy, note });
      }
    }
    items.push(...left.values());
  }
  return {
    seconds: items.reduce<number | null>((longest, { seconds }) => longer(longest, seconds), 0),
    items,
  };
}

/** Null is unbounded. */
function longer(first: number | null, second: number | null): number | null {
  return first === null || second === null ? null : Math.max(first, second);
}
