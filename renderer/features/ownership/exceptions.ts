import { type Decision, type Standing, standing } from '#shared/domain/decision.ts';
import { idOfAppearance } from './rows.ts';

/** What was allowed for a time, as it stands. */
export interface GrantedException {
  readonly appearance: string;
  readonly id: string;
  readonly as: Standing;
  readonly until: string | null;
  readonly why: string;
  readonly who: string;
  readonly time: string;
}

/** The latest word on each appearance, where it says temporary or exception; what ends first comes first. */
export function exceptionsOf(decisions: readonly Decision[]): GrantedException[] {
  const latest = new Map<string, GrantedException>();
  for (const { data, why, who, time } of standing(decisions)) {
    if (data.kind !== 'standing') continue;
    const { appearance, as, until } = data;
    latest.set(appearance, { appearance, id: idOfAppearance(appearance), as, until, why, who, time });
  }
  return [...latest.values()]
    .filter(({ as }) => as !== 'standing')
    .toSorted((one, other) => (one.until ?? '~').localeCompare(other.until ?? '~', 'en'));
}
