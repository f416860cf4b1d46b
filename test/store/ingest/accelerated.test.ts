import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type DimensionName, dimensionNames } from '#shared/domain/dimensions.ts';
import type { JsonObject } from '#shared/domain/json.ts';
import { type PackedBatch, entryTexts, openColumns } from '#shared/domain/packed-batch.ts';
import { awsCloudTrail } from '#shared/formats/aws-cloudtrail/index.ts';
import { PartExtractor } from '#electron/ingest/accelerated/extractor.ts';
import { BatchBuilder } from '#electron/ingest/batch-builder.ts';
import { importLog } from '#electron/ingest/log-import.ts';

const folder = join(import.meta.dirname, '../../cases/aws-cloudtrail');
const cases = readdirSync(folder).map(
  (slug) => JSON.parse(readFileSync(join(folder, slug, 'record.json'), 'utf8')) as JsonObject,
);
const names = [...new Set([...cases.flatMap((record) => Object.keys(record)), 'insightDetails', 'UID'])];

function newExtractor(capacity?: number): PartExtractor {
  const parts = awsCloudTrail.createParts?.();
  if (parts === undefined) throw new Error('CloudTrail has parts');
  return new PartExtractor(parts, awsCloudTrail.containerKeys, capacity);
}

const builder = new BatchBuilder();

/** A batch with the texts of its entries in the place of their ids, which count for nothing. */
function inFull({ columns, ...batch }: PackedBatch): unknown {
  const { dimensions, ...rest } = openColumns(columns);
  const texts = (name: DimensionName): readonly (string | undefined)[] => {
    const entries = entryTexts(dimensions[name]);
    expect(entries).toHaveLength(dimensions[name].entries);
    return Array.from(dimensions[name].ids, (id) => entries[id]);
  };
  return { ...batch, ...rest, texts: dimensionNames.map(texts) };
}

/** What an import makes of the bytes, which come in two chunks. */
function batches(bytes: Buffer, extractor: PartExtractor | null, path = log): readonly unknown[] {
  const half = bytes.length >> 1;
  return batchesOf([bytes.subarray(0, half), bytes.subarray(half)], extractor, path);
}

function batchesOf(
  chunks: readonly Uint8Array[],
  extractor: PartExtractor | null,
  path = log,
  resumeAt = 0,
): readonly unknown[] {
  return [...imported(chunks, extractor, path, resumeAt)].map((read) => ({
    batch: inFull(read.batch),
    resumeAt: read.resumeAt,
  }));
}

function imported(
  chunks: readonly Uint8Array[],
  extractor: PartExtractor | null,
  path = log,
  resumeAt = 0,
): ReturnType<typeof importLog> {
  const file = {
    sha256: 'ab',
    path,
    bytes: chunks.reduce((sum, { length }) => sum + length, 0),
    encoding: 'none',
    format: awsCloudTrail.name,
    location: { kind: 'file' },
    syntax: null,
    timeZone: null,
  } as const;
  const plan = {
    file,
    format: awsCloudTrail,
    syntax: { kind: 'json', charset: 'utf-8' },
    markLength: chunks[0]?.[0] === 0xef ? 3 : 0,
    resumeAt,
  } as const;
  return importLog(plan, chunks, builder, extractor);
}

const log = 'AWSLogs/021345678901/log.json';

const hostile = fc.oneof(
  fc.constantFrom<unknown>(null, true, 0, -1.5e300, '', '{"a":1}', '[1]', [], {}, ['x'], { a: null }, 'é€😀'),
  fc.jsonValue({ maxDepth: 3 }),
);

/** A real record, with members of others, without some, and with values that do not belong there. */
const record = fc
  .record({
    base: fc.constantFrom(...cases),
    other: fc.constantFrom(...cases),
    taken: fc.subarray(names, { maxLength: 6 }),
    dropped: fc.subarray(names, { maxLength: 2 }),
    broken: fc.dictionary(fc.constantFrom(...names), hostile, { maxKeys: 2 }),
    isBroken: fc.integer({ min: 0, max: 3 }),
  })
  .map(({ base, other, taken, dropped, broken, isBroken }) => {
    const made: Record<string, unknown> = { ...base };
    for (const name of taken) if (other[name] !== undefined) made[name] = other[name];
    for (const name of dropped) delete made[name];
    return isBroken === 0 ? { ...made, ...broken } : made;
  });

const logText = fc
  .record({
    records: fc.array(record, { minLength: 1, maxLength: 12 }),
    again: fc.nat(3),
    form: fc.constantFrom('Records', 'lines', 'printed'),
  })
  .map(({ records, again, form }) => {
    const all = Array.from({ length: again + 1 }, () => records).flat();
    if (form === 'Records') return JSON.stringify({ Records: all });
    return all.map((one) => JSON.stringify(one, null, form === 'printed' ? 2 : 0)).join('\n');
  });

/** Bytes that were overwritten, so that they are no JSON, no UTF-8, or another value. */
const damaged = fc
  .record({
    text: logText,
    hits: fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(255)), { maxLength: 4 }),
  })
  .map(({ text, hits }) => {
    const bytes = Buffer.from(text);
    for (const [place, byte] of hits) bytes[Math.floor(place * (bytes.length - 1))] = byte;
    return bytes;
  });

/** Parts of records as the reference reads them. */
function readBy(value: unknown, extractor: PartExtractor): boolean {
  const bytes = Buffer.from(typeof value === 'string' ? value : JSON.stringify(value));
  extractor.scanner.append(Number.POSITIVE_INFINITY, bytes);
  extractor.begin({ path: '', timeZone: null });
  builder.begin(awsCloudTrail.name, 'ab', extractor);
  builder.addRead(extractor, () => extractor.take(0, 1, 0, { sha256: 'ab', resumeAt: 0 }));
  return extractor.scanner.takenTo > 0;
}

/** End of the record that the bytes begin with; -1 where it is refused. */
function endOfRecord({ scanner }: PartExtractor, bytes: Buffer): number {
  scanner.append(Number.POSITIVE_INFINITY, bytes);
  return scanner.take(0, 1, 0, 0) === scanner.asks.stopped ? -1 : scanner.recordEnd;
}

/** A log of calls, one a line. */
function lines(count: number, membersOf: (index: number) => JsonObject): Buffer {
  const made = Array.from({ length: count }, (_, index) => ({
    eventVersion: '1.08',
    userIdentity: { type: 'IAMUser', arn: 'arn:aws:iam::111122223333:user/a' },
    eventName: 'CreateThing',
    eventSource: 's3.amazonaws.com',
    eventTime: '2024-05-01T10:00:00Z',
    ...membersOf(index),
  }));
  return Buffer.from(made.map((one) => JSON.stringify(one)).join('\n'));
}

describe('the accelerated extractor of CloudTrail', () => {
  it.each([undefined, 200])(
    'makes the same events as the reference, also of broken logs, and whatever it read before (capacity %s)',
    (capacity) => {
      const extractor = newExtractor(capacity);
      fc.assert(
        fc.property(damaged, fc.constantFrom(log, 'log.json', '_9_CloudTrail_'), (bytes, path) => {
          expect(batches(bytes, extractor, path)).toEqual(batches(bytes, null, path));
        }),
      );
    },
  );

  it('reads a log that lies in its own memory as any other', () => {
    const extractor = newExtractor();
    const mark = Buffer.from([0xef, 0xbb, 0xbf]);
    fc.assert(
      fc.property(damaged, fc.boolean(), (log, isMarked) => {
        const bytes = isMarked ? Buffer.concat([mark, log]) : log;
        const inPlace = extractor.scanner.room(bytes.length);
        inPlace.set(bytes);
        expect(batchesOf([inPlace], extractor)).toEqual(batchesOf([bytes], null));
      }),
    );
  });

  const part = fc.double({ min: 0, max: 1, noNaN: true });

  it('goes on from any place of a log, in whichever chunks it comes, and after one that was left half way', () => {
    const extractor = newExtractor();
    const left = lines(20_000, (index) => ({ eventID: `${index}`, userAgent: `${index % 100}` }));
    fc.assert(
      fc.property(
        damaged,
        fc.array(part, { maxLength: 5 }),
        part,
        fc.nat(20),
        (bytes, cuts, from, leaves) => {
          if (leaves === 0) imported([left], extractor).next();
          const inner = cuts
            .map((cut) => Math.floor(cut * bytes.length))
            .toSorted((one, other) => one - other);
          const chunks = [...inner, bytes.length].map((end, index) =>
            bytes.subarray(inner[index - 1] ?? 0, end),
          );
          const resumeAt = Math.floor(from * bytes.length);
          expect(batchesOf(chunks, extractor, log, resumeAt)).toEqual(batchesOf(chunks, null, log, resumeAt));
        },
      ),
    );
  });

  it('refuses a format of which two ids stand within one member', () => {
    const parts = awsCloudTrail.createParts?.();
    if (parts === undefined) throw new Error('CloudTrail has parts');
    const correlation = { ...parts.own.correlation, requestId: [['responseElements', 'requestId']] } as const;
    const own = { ...parts.own, correlation };
    expect(() => new PartExtractor({ ...parts, own }, [])).toThrow('two ids');
  });

  it('reads plain records by itself and leaves wrapped ones to the reference', () => {
    const extractor = newExtractor();
    const reader = awsCloudTrail.createReader({ path: '', timeZone: null });
    const plain = cases.filter(
      (one) =>
        awsCloudTrail.native?.(one, 'json') === one &&
        reader.read(one, 'json').kind === 'event' &&
        typeof one['eventSource'] === 'string' &&
        typeof one['eventTime'] === 'string',
    );
    expect(plain.length).toBeGreaterThan(80);
    for (const one of plain) expect([one, readBy(one, extractor)]).toEqual([one, true]);
    for (const one of plain) expect(readBy({ detail: one }, extractor)).toBe(false);
    expect(readBy({ ...plain[0], userIdentity: JSON.stringify(plain[0]?.['userIdentity']) }, extractor)).toBe(
      false,
    );
  });

  // What JSON.parse makes of it is the rule: the last of two keys counts, escapes stand for letters.
  it.each([
    ['"responseElements":{"ConsoleLogin":"Success","ConsoleLogin":"Failure"}'],
    ['"responseElements":{"Console\\u004cogin":"Failure"}'],
    ['"responseElements":{"ConsoleLogin":"Fail\\u0075re"}'],
    ['"responseElements":{"a":{"ConsoleLogin":"Failure"}}'],
    ['"responseElements":{ "ConsoleLogin" : "Failure" , "b" : [1, {"c": 2}] }'],
    ['"responseElements":["ConsoleLogin"]'],
    ['"additionalEventData":{"MFAUsed":"Yes"}'],
    ['"additionalEventData":{"MFAUsed":"No","x":"\\n"}'],
    ['"responseElements":{"credentials":{"accessKeyId":"ASIAXYZ"}}'],
    ['"responseElements":{"credentials":{"accessKeyId":7}}'],
    ['"responseElements":{"credentials":{"accessKeyId":""}}'],
    ['"responseElements":{"credentials":"accessKeyId"}'],
    ['"eventTime":"2024-02-30T00:00:00Z"'],
    ['"eventTime":"2024-02-29T23:59:60Z"'],
    ['"eventTime":"2024-02-29T23:59:59.123Z"'],
    ['"eventTime":"1969-12-31T23:59:59Z"'],
    ['"eventTime":"2100-01-01T00:00:00Z"'],
    ['"eventTime":1700000000'],
    ['"eventID":"8F2C1D6E-1234-4abc-9def-0123456789AB"'],
    ['"eventID":"8f2c1d6e-1234-4abc-9def-0123456789ag"'],
    ['"eventID":"é"'],
    ['"eventID":null'],
  ])('reads %s as the reference does', (member) => {
    const base = {
      eventVersion: '1.08',
      userIdentity: { type: 'IAMUser', arn: 'arn:aws:iam::1:user/a', accessKeyId: 'ASIAFIRST' },
      eventName: 'ConsoleLogin',
      eventSource: 'signin.amazonaws.com',
    };
    const name = member.slice(1, member.indexOf('"', 1));
    const time = name === 'eventTime' ? '' : ',"eventTime":"2024-05-01T10:00:00Z"';
    const text = `${JSON.stringify(base).slice(0, -1)}${time},${member}}`;
    const bytes = Buffer.from(`{"Records":[${text},${text}]}`);
    expect(batches(bytes, newExtractor())).toEqual(batches(bytes, null));
  });

  it.each(['constructor', '__proto__', 'toString', 'hasOwnProperty'])(
    'reads a call of a service that is named %s like any other',
    (name) => {
      const bytes = lines(2, () => ({
        eventSource: `${name}.amazonaws.com`,
        requestParameters: { thing: 'arn:aws:x:eu-west-1:111122223333:thing/a' },
      }));
      const [batch] = batches(bytes, null);
      expect(batch).toMatchObject({ batch: { count: 2, rejected: [] } });
      expect(batches(bytes, newExtractor())).toEqual([batch]);
    },
  );

  it('tells errors apart that differ only in where the code ends', () => {
    const errors = [
      { errorCode: 'Other\nAccessDenied' },
      { errorCode: 'Other', errorMessage: 'AccessDenied\n' },
      { errorMessage: 'AccessDenied\n' },
      { errorCode: '\nAccessDenied' },
    ];
    const alone = errors.map(
      (error) =>
        batches(
          lines(1, () => error),
          null,
        )[0],
    );
    const texts = (read: unknown): unknown =>
      (read as { batch: { texts: readonly unknown[] } }).batch.texts[decision];
    const decision = dimensionNames.indexOf('decision');
    const bytes = lines(4, (index) => errors[index] ?? {});
    for (const extractor of [null, newExtractor()]) {
      const [batch] = batches(bytes, extractor);
      expect(texts(batch)).toEqual(alone.flatMap(texts));
    }
  });

  it('hands a batch on when its texts have become much', () => {
    const bytes = lines(5000, (index) => ({ userAgent: `${index}${'x'.repeat(4000)}` }));
    const reference = batches(bytes, null);
    expect(reference.length).toBeGreaterThan(2);
    expect(batches(bytes, newExtractor())).toEqual(reference);
  });

  it('leaves a record of great length to the reference, whatever makes it long', () => {
    const extractor = newExtractor();
    const members = Array.from({ length: 8000 }, (_, index) => `"m${index}":1`).join();
    for (const text of [`{${members}}`, `{"a":1${' '.repeat(70_000)}}`, `{"a":"${'\\n'.repeat(40_000)}"}`]) {
      expect(endOfRecord(extractor, Buffer.from(text))).toBe(-1);
    }
  });

  it.each([
    ['{"eventID":"x" "eventName":"y"}'],
    ['{"eventID":01}'],
    ['{"eventID":1.}'],
    ['{"eventID":1e}'],
    ['{"eventID":-}'],
    ['{"eventID":+1}'],
    ['{"eventID":tru}'],
    ['{"eventID":"\\x"}'],
    ['{"eventID":"\\u12g4"}'],
    ['{"eventID":"a\tb"}'],
    ['{"eventID":[1,]}'],
    ['{"eventID":{"a":1,}}'],
    ['{"eventID":1,}'],
    ['{eventID:1}'],
    ['{"eventID":"x"'],
    ['{"eventID":"x","eventID":"y"}'],
    ['{"event\\u0049D":"x"}'],
    ['{"Records":[]}'],
  ])('refuses to scan %s', (text) => {
    expect(endOfRecord(newExtractor(), Buffer.from(text))).toBe(-1);
  });

  const spot = fc.record({
    value: fc.oneof(record, fc.dictionary(fc.string({ maxLength: 4 }), fc.jsonValue({ maxDepth: 4 }))),
    space: fc.constantFrom(0, 1, '\t'),
    hits: fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(127)), { maxLength: 2 }),
  });

  it('scans nothing but valid JSON, and finds the members that JSON.parse finds', () => {
    const parts = awsCloudTrail.createParts?.();
    const members = parts?.members ?? [];
    const extractor = newExtractor();
    const { scanner } = extractor;
    fc.assert(
      fc.property(spot, ({ value, space, hits }) => {
        const bytes = Buffer.from(JSON.stringify(value, null, space));
        for (const [place, byte] of hits) bytes[Math.floor(place * (bytes.length - 1))] = byte;
        if (bytes[0] !== 0x7b) return;
        const end = endOfRecord(extractor, bytes);
        if (end < 0) return;
        const parsed = JSON.parse(bytes.toString('utf8', 0, end)) as JsonObject;
        for (const [slot, name] of members.entries()) {
          const start = scanner.starts[slot] ?? -1;
          expect(start !== -1).toBe(Object.hasOwn(parsed, name));
          if (start === -1) continue;
          expect(JSON.parse(bytes.toString('utf8', start, scanner.ends[slot]))).toEqual(parsed[name]);
        }
      }),
    );
  });
});
