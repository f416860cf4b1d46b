import type { Coverage } from '#shared/ipc/views.ts';

/** A stretch of time in which a source has no event, between two in which it has some. */
export interface Gap {
  readonly fromMs: number;
  readonly toMs: number;
}

/** At least so many neighbouring steps without an event. */
const fewestSteps = 2;

/**
 * The stretches without an event, in whole steps. A single empty step is not called a gap: between the steps of a
 * source with few events there are always some.
 */
export function gapsOf({ fromMs, stepMs, counts }: Pick<Coverage, 'fromMs' | 'stepMs' | 'counts'>): Gap[] {
  const gaps: Gap[] = [];
  let start = -1;
  for (const [index, count] of counts.entries()) {
    if (count === 0) {
      if (start < 0) start = index;
      continue;
    }
    if (start >= 0 && index - start >= fewestSteps) {
      gaps.push({ fromMs: fromMs + start * stepMs, toMs: fromMs + index * stepMs });
    }
    start = -1;
  }
  return gaps;
}
