import { foundText } from '../../util/found-text.ts';
import { partsOf, type PartValues, viewOf } from '../../domain/event-part.ts';
import type { DateOrder, ReadContext, ReadResult, RecordReader, RecordShape } from '../../domain/format.ts';
import type { JsonObject } from '../../domain/json.ts';
import { ColumnReader } from './columns.ts';
import { CloudTrailParts } from './parts.ts';
import { firstTime, readTime } from './time.ts';
import { placeOf, shippedTimes, unwrap } from './unwrap.ts';

const noRecord =
  'Expected a CloudTrail record (eventName with eventSource or userIdentity), found another record.';
const noTime = 'Expected a time in eventTime of the CloudTrail record, found ';

/** Reads the records of one file; what it keeps is caches alone, so that a record read by itself gives the same event. */
export class CloudTrailReader implements RecordReader {
  readonly #columns = new ColumnReader();
  readonly #parts = new CloudTrailParts();
  readonly #dateOrder: DateOrder | undefined;
  readonly #ofFile: PartValues;

  constructor(context: ReadContext) {
    this.#dateOrder = context.dateOrder;
    this.#ofFile = this.#parts.ofFile(context);
  }

  read(record: JsonObject, shape: RecordShape): ReadResult {
    const found = unwrap(record, shape, this.#columns);
    if (found.kind === 'other') return { kind: 'skip', reason: found.reason };
    if (found.kind === 'broken') return { kind: 'problem', reason: found.reason };
    if (found.kind === 'none') return { kind: 'problem', reason: noRecord };
    const time =
      readTime(found.record['eventTime'], this.#dateOrder) ??
      wrapperTime(found.record, found.wrappers, this.#dateOrder);
    if (time === null)
      return { kind: 'problem', reason: `${noTime}${foundText(found.record['eventTime'])}.` };
    const wrapping = { place: placeOf(found.wrappers), hasErrors: found.hasErrors };
    const given = new Map([...this.#ofFile, [this.#parts.wrapping, wrapping]]);
    const view = viewOf(found.record);
    return {
      kind: 'event',
      event: this.#parts.event(view, time, partsOf(view, given)),
    };
  }
}

function wrapperTime(
  record: JsonObject,
  wrappers: readonly JsonObject[],
  order: DateOrder | undefined,
): string | null {
  return firstTime(
    [record['time'], record['@timestamp'], record['p_event_time'], ...shippedTimes(wrappers)],
    order,
  );
}
