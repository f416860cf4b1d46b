import { isObject, type Json, type JsonObject, objectAt } from '../../domain/json.ts';
import { formatInstant, type Instant, parseInstant } from '../../util/instant.ts';

const withoutZone = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d+)?$/;

/**
 * One time. Cloud Logging always writes UTC, so a time that a query's output has stripped of its zone is UTC as well.
 * Client libraries print timestamps as seconds and nanoseconds.
 */
function readInstant(value: Json | undefined): Instant | null {
  if (isObject(value)) {
    const [seconds, nanos] = [Number(value['seconds']), Number(value['nanos'] ?? 0)];
    if (!Number.isSafeInteger(seconds * 1e6) || !(nanos >= 0 && nanos < 1e9)) return null;
    const whole = Math.floor(nanos / 1000);
    return { micros: seconds * 1e6 + whole, nanos: Math.floor(nanos) % 1000, digits: 9 };
  }
  if (typeof value !== 'string' || value.length > 64) return null;
  return parseInstant(withoutZone.test(value) ? `${value}Z` : value);
}

/** When the event took place; the time of its arrival and those of wrappers are the last resorts. */
export function eventInstant(entry: JsonObject, wrappers: readonly JsonObject[]): Instant | null {
  const attributes = objectAt(
    objectAt(objectAt(entry, 'protoPayload'), 'requestMetadata'),
    'requestAttributes',
  );
  const candidates = [
    entry['timestamp'],
    attributes?.['time'],
    entry['receiveTimestamp'],
    ...wrappers.toReversed().flatMap((each) => [each['publishTime'], each['@timestamp'], each['time']]),
    entry['@timestamp'],
    entry['p_event_time'],
  ];
  for (const candidate of candidates) {
    const instant = readInstant(candidate);
    if (instant !== null) return instant;
  }
  return null;
}

/** With microseconds, which is all that BigQuery keeps: for telling copies of one entry. */
export function microseconds(instant: Instant): string {
  return formatInstant({ ...instant, nanos: 0, digits: 6 });
}
