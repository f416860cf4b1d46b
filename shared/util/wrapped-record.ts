import type { Json, JsonObject } from '../domain/json.ts';

/** Keys under which log shippers and their exports put a record, as an object or as JSON text; a format has more. */
export const shipperKeys = [
  'message', // CloudWatch Logs, Filebeat, Logstash
  '@message', // CloudWatch Logs Insights
  'log', // Docker, Fluent Bit
  'event', // Splunk HEC; Elastic: event.original
  'original',
  'event.original',
  '_source', // Elasticsearch dump and search
  'line', // Loki: logcli, Grafana
  'content', // Datadog: content.attributes
  'attributes',
  '_raw', // Splunk
  'result', // Splunk's saved searches
  'jsonPayload', // Cloud Logging
  'fields',
  'body',
  'data', // Pub/Sub: message.data, base64; CloudEvents of Eventarc
  'json',
  'raw',
  'rawEvent',
  'msg',
  'Message',
] as const;

interface NoRecord {
  readonly kind: 'none';
}

interface BrokenRecord {
  readonly kind: 'broken';
  readonly reason: string;
}

interface Wrapper {
  readonly value: JsonObject;
  /** Members that may hold a record, in the order in which they are tried. */
  readonly keys: Iterable<string>;
  /** The object in a member; `broken` for the text of one that does not parse. */
  readonly innerOf: (member: Json | undefined) => JsonObject | 'broken' | undefined;
  /** What a record is called, e.g. “audit event”. */
  readonly expected: string;
}

/** The first of the inner objects that is a record; a broken one counts where no other is. */
export function searchWithin<Found extends { readonly kind: string }>(
  { value, keys, innerOf, expected }: Wrapper,
  search: (inner: JsonObject) => Found,
): Found | NoRecord | BrokenRecord {
  let broken: Found | NoRecord | BrokenRecord = { kind: 'none' };
  for (const key of keys) {
    const inner = innerOf(value[key]);
    if (inner === 'broken') {
      broken = {
        kind: 'broken',
        reason: `Expected a complete ${expected} as JSON text in "${key}", found text that does not parse; the export has probably cut it.`,
      };
    } else if (inner !== undefined) {
      const found = search(inner);
      if (found.kind === 'broken') broken = found;
      else if (found.kind !== 'none') return found;
    }
  }
  return broken;
}
