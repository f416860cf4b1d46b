import { describe, expect, test } from 'vitest';
import { RecordSplitter } from '#electron/evidence/records/splitter.ts';
import { sniff } from '#electron/ingest/detect-format.ts';
import { settleDateOrder } from '#electron/ingest/date-order.ts';
import { dateOrderOf } from '#shared/domain/batch.ts';
import { awsCloudTrail } from '#shared/formats/aws-cloudtrail/index.ts';

/** Which of two numbers is the month is settled by the file, and holds for its rows before and after. */
describe('order of day and month in a table', () => {
  test.each([
    [
      'a clock of 24 hours with the month first',
      ['3/4/2026, 05:06:07.000', '3/14/2026, 05:06:07.000'],
      ['2026-03-04T05:06:07.000Z', '2026-03-14T05:06:07.000Z'],
    ],
    [
      'a clock of twelve hours with the day first',
      ['4/3/2026, 5:06:07 PM', '14/3/2026, 5:06:07 PM'],
      ['2026-03-04T17:06:07Z', '2026-03-14T17:06:07Z'],
    ],
    [
      'nothing settles it: the clock tells',
      ['4/3/2026, 05:06:07', '5/3/2026, 05:06:07'],
      ['2026-03-04T05:06:07Z', '2026-03-05T05:06:07Z'],
    ],
    [
      'no such dates',
      ['2026-03-04T05:06:07Z', '2026-03-14T05:06:07Z'],
      ['2026-03-04T05:06:07Z', '2026-03-14T05:06:07Z'],
    ],
  ])('%s', (_, [first = '', last = ''], expected) => {
    // The date that settles it comes late, behind the rows that are looked at first.
    const dates = [...Array<string>(60).fill(first), last];
    expect(timesOf(dates)).toEqual([...Array<string>(60).fill(expected[0] ?? ''), expected[1]]);
  });
});

function timesOf(dates: readonly string[]): readonly string[] {
  const header = 'TimeGenerated [UTC],AwsEventId,EventSource,EventName,ErrorCode,AwsRegion';
  const rows = dates.map((date, index) => `"${date}",id-${index},s3.amazonaws.com,GetObject,,eu-west-1`);
  const bytes = Buffer.from([header, ...rows, ''].join('\r\n'));
  const { syntax, markLength, records } = sniff(bytes, true, new Set());
  const settled = settleDateOrder(syntax, markLength, records, () => [bytes]);
  const reader = awsCloudTrail.createReader({ path: '', timeZone: null, ...dateOrderOf(settled) });
  const splitter = new RecordSplitter(settled, markLength, new Set());
  return [...splitter.push(bytes), ...splitter.end()].map((slice) => {
    const result = slice.kind === 'record' ? reader.read(slice.record, 'row') : null;
    return result?.kind === 'event' ? result.event.time : JSON.stringify(result ?? slice);
  });
}
