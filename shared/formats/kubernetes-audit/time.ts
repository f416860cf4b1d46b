import { objectAt, type Json, type JsonObject } from '../../domain/json.ts';
import { formatInstant, parseInstant } from '../../util/instant.ts';

/**
 * The first of the candidates that is a time, in UTC with its own precision. Kubernetes always writes UTC, so a time
 * that a re-export has stripped of its zone (`2024-11-13 18:34:10.595141000`) is UTC as well. Whole numbers count as
 * epoch milliseconds, as CloudWatch Logs writes them.
 */
export function firstTime(candidates: readonly (Json | undefined)[]): string | null {
  for (const candidate of candidates) {
    const time = readTime(candidate);
    if (time !== null) return time;
  }
  return null;
}

const withoutZone = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d+)?$/;
const epochMilliseconds = /^\d{12,13}$/;

function readTime(value: Json | undefined): string | null {
  if (typeof value === 'number') return readTime(String(value));
  if (typeof value !== 'string' || value.length > 64) return null;
  if (epochMilliseconds.test(value)) {
    return formatInstant({ micros: Number(value) * 1000, nanos: 0, digits: 3 });
  }
  const instant = parseInstant(withoutZone.test(value) ? `${value}Z` : value);
  return instant === null ? null : formatInstant(instant);
}

/**
 * When the request came in; earlier versions of the API had `timestamp` and `metadata.creationTimestamp` (seconds).
 * `shipped` are times of the wrappers around the event, the last resort.
 */
export function eventTime(event: JsonObject, shipped: readonly Json[]): string | null {
  return firstTime([
    event['requestReceivedTimestamp'],
    event['stageTimestamp'],
    event['timestamp'],
    objectAt(event, 'metadata')?.['creationTimestamp'],
    ...shipped,
  ]);
}
