import type { Instant } from './instant.ts';

/** Negative where `first` is before `second`, 0 where they are the same moment, whatever their precision. */
export function compareInstants(first: Instant, second: Instant): number {
  return first.micros - second.micros || first.nanos - second.nanos;
}

/** The earlier of two moments, the first of two alike; null stands for none. */
export function earlier(first: Instant | null, second: Instant | null): Instant | null {
  if (first === null || second === null) return first ?? second;
  return compareInstants(second, first) < 0 ? second : first;
}

/** The later of two moments, the first of two alike; null stands for none. */
export function later(first: Instant | null, second: Instant | null): Instant | null {
  if (first === null || second === null) return first ?? second;
  return compareInstants(second, first) > 0 ? second : first;
}
