import type { AccessUse } from '../../domain/usage.ts';

const dayMillis = 86_400e3;
/** Fewer events make no rhythm. */
const leastEvents = 3;

/**
 * The longest mean time, in days, between the uses of one of a subject's actions: what it does rarely but again and
 * again. Null where nothing is done often enough to tell.
 */
export function slowestRhythm(
  uses: readonly AccessUse[],
): { readonly days: number; readonly action: string } | null {
  const byAction = new Map<string, { events: number; first: string; last: string }>();
  for (const { action, outcome, events, first, last } of uses) {
    if (outcome === 'deny') continue;
    const known = byAction.get(action);
    if (known === undefined) byAction.set(action, { events, first, last });
    else {
      known.events += events;
      if (first < known.first) known.first = first;
      if (last > known.last) known.last = last;
    }
  }
  let slowest: { days: number; action: string } | null = null;
  for (const [action, { events, first, last }] of byAction) {
    if (events < leastEvents) continue;
    const days = (Date.parse(last) - Date.parse(first)) / dayMillis / (events - 1);
    if (slowest === null || days > slowest.days) slowest = { days, action };
  }
  return slowest;
}
