import type { RecordShape } from '../../domain/format.ts';
import { isObject, type Json, type JsonObject } from '../../domain/json.ts';
import { boundedText, parseJson } from '../../util/record-fields.ts';
import type { ColumnReader } from './columns.ts';
import { parseNested } from './struct-text.ts';
import { searchWithin, shipperKeys } from '../../util/wrapped-record.ts';

/** What a record holds, once the wrappers around it are taken off. */
export type Unwrapped =
  | {
      readonly kind: 'record';
      readonly record: JsonObject;
      /** The wrappers, outermost first. */
      readonly wrappers: readonly JsonObject[];
      /** False where no error can be told from the columns that there are. */
      readonly hasErrors: boolean;
    }
  /** CloudTrail's, and no access event by nature. */
  | { readonly kind: 'other'; readonly reason: string }
  | { readonly kind: 'broken'; readonly reason: string }
  | { readonly kind: 'none' };

export const digestReason = 'CloudTrail digest: says which log files there are, holds no events';
export const insightReason = 'CloudTrail Insight: says that activity was unusual, is no access itself';
export const aggregatedReason = 'CloudTrail aggregated event: sums up data events, is no access itself';

/** Keys under which AWS and others put the record, as an object or as JSON text. */
const innerKeys = [
  'CloudTrailEvent', // lookup-events
  'detail', // EventBridge
  'eventData', // CloudTrail Lake
  'eventdata',
  'eventJson',
  ...shipperKeys,
] as const;

const deepest = 5;
/** Other names than CloudTrail's stand in the outermost objects alone. */
const deepestColumns = 1;
const longestPrefix = 200;

/** Takes off wrappers, at most five deep. */
export function unwrap(record: JsonObject, shape: RecordShape, columns: ColumnReader): Unwrapped {
  return search(record, [], shape, columns);
}

function search(
  value: JsonObject,
  wrappers: readonly JsonObject[],
  shape: RecordShape,
  columns: ColumnReader,
): Unwrapped {
  const reason = otherReason(value);
  if (reason !== null) return { kind: 'other', reason };
  // The cells of a row are texts: its columns are read with their types further below.
  if (shape === 'json' && isRecord(value)) {
    return { kind: 'record', record: withParsedFields(value), wrappers, hasErrors: true };
  }
  const within =
    wrappers.length < deepest
      ? searchWithin(
          { value, keys: innerKeys, innerOf: innerObject, expected: 'CloudTrail record' },
          (inner) => search(inner, [...wrappers, value], 'json', columns),
        )
      : none;
  if (within.kind !== 'none') return within;
  const fromColumns = wrappers.length > deepestColumns ? null : columns.read(value);
  if (fromColumns === null) return none;
  const other = otherReason(fromColumns.record);
  return other === null
    ? {
        kind: 'record',
        record: fromColumns.record,
        wrappers: [...wrappers, value],
        // An object leaves out what it has nothing to say about; a row has all the columns that there are.
        hasErrors: fromColumns.hasErrors || shape === 'json',
      }
    : { kind: 'other', reason: other };
}

const none: Unwrapped = { kind: 'none' };

/** A record as CloudTrail writes it, whatever fields an exporter has dropped. */
export function isRecord(value: JsonObject): boolean {
  if (typeof value['eventName'] !== 'string') return false;
  const source = value['eventSource'];
  // Notifications of S3 look alike and come from `aws:s3`.
  if (typeof source === 'string') return !source.startsWith('aws:');
  return isObject(value['userIdentity']) || typeof value['recipientAccountId'] === 'string';
}

/** What CloudTrail writes beside events. */
export function otherReason(value: JsonObject): string | null {
  const category = value['eventCategory'];
  const type = value['eventType'];
  if (category === 'Insight' || type === 'AwsCloudTrailInsight' || isObject(value['insightDetails']))
    return insightReason;
  if (category === 'Aggregated' || type === 'AwsAggregatedEvent') return aggregatedReason;
  if (typeof value['eventName'] === 'string') return null;
  if ('digestStartTime' in value && 'awsAccountId' in value) return digestReason;
  if (value['detail-type'] === 'AWS Insight via CloudTrail') return insightReason;
  const message = value['message'];
  if (typeof message === 'string' && message.startsWith('CWL CONTROL MESSAGE')) {
    return 'Control message of CloudWatch Logs, no event';
  }
  return null;
}

/** Structures that exporters write as text. */
export const structured = [
  'userIdentity',
  'requestParameters',
  'responseElements',
  'additionalEventData',
  'serviceEventDetails',
  'resources',
] as const;

function withParsedFields(record: JsonObject): JsonObject {
  let parsed: Record<string, Json | undefined> | null = null;
  for (const name of structured) {
    const value = record[name];
    if (typeof value !== 'string') continue;
    const nested = parseNested(value);
    if (nested !== undefined) (parsed ??= { ...record })[name] = nested;
  }
  return parsed ?? record;
}

/** The object in a wrapper's value; `broken` for text that looks like a record and does not parse. */
function innerObject(value: Json | undefined): JsonObject | 'broken' | undefined {
  if (isObject(value)) return value;
  if (typeof value !== 'string') return undefined;
  const start = value.slice(0, longestPrefix).indexOf('{');
  if (start === -1) return undefined;
  const text = start === 0 ? value : value.slice(start);
  const parsed = parseJson(text);
  if (isObject(parsed)) return parsed;
  const struct = parsed === undefined ? parseNested(text) : undefined;
  if (isObject(struct)) return struct;
  return value.includes('"eventVersion"') || value.includes('"eventSource"') ? 'broken' : undefined;
}

/** Facts about the place that only wrappers tell. */
export interface Place {
  readonly account: string | null;
  readonly region: string | null;
}

export const noPlace: Place = { account: null, region: null };

/** Account and region as EventBridge and CloudWatch Logs subscriptions give them. */
export function placeOf(wrappers: readonly JsonObject[]): Place {
  let [account, region]: (string | null)[] = [null, null];
  for (const wrapper of wrappers) {
    account ??= boundedText(wrapper, 'account') ?? boundedText(wrapper, 'owner');
    region ??= boundedText(wrapper, 'region');
  }
  return { account: account ?? null, region: region ?? null };
}

/** Times of the wrappers, innermost first: the last resort. */
export function shippedTimes(wrappers: readonly JsonObject[]): readonly (Json | undefined)[] {
  return wrappers
    .toReversed()
    .flatMap((wrapper) => ['EventTime', 'time', '@timestamp', 'timestamp'].map((key) => wrapper[key]));
}
