import { batchCapacity, dateOrderOf, type EvidenceFile, type RecordSyntax } from '#shared/domain/batch.ts';
import type { NormalizedEvent } from '#shared/domain/event.ts';
import type { PackedBatch } from '#shared/domain/packed-batch.ts';
import type { LogFormat, ReadResult, RecordReader, RecordShape } from '#shared/domain/format.ts';
import { type Instant, parseInstant } from '#shared/util/instant.ts';
import { shapeOf } from '#electron/evidence/records/decode.ts';
import { parserOf } from '#electron/evidence/records/parser.ts';
import type { ParsedRecord, RecordScanner, RecordSlice } from '#electron/evidence/records/record.ts';
import { RecordSplitter } from '#electron/evidence/records/splitter.ts';
import type { PartExtractor } from './accelerated/extractor.ts';
import type { BatchBuilder } from './batch-builder.ts';

/** How a log is to be read. */
export interface LogPlan {
  readonly file: EvidenceFile;
  readonly format: LogFormat;
  readonly syntax: RecordSyntax;
  readonly markLength: number;
  /** Records that end at or before this offset are in the store. */
  readonly resumeAt: number;
}

/** A batch with the offset up to which the log is dealt with when the batch is stored. */
export interface ReadBatch {
  readonly batch: PackedBatch;
  readonly resumeAt: number;
  /** Nothing of the log comes behind it. */
  readonly isLast?: true;
}

/**
 * Turns the stream of one log into batches by the builder, which is used for one log at a time. Never throws on data:
 * what cannot be read is in a batch's `rejected`. `extractor`: the format's accelerated one, which makes the same
 * events; null to leave all records to the reference extractor.
 */
export function* importLog(
  plan: LogPlan,
  chunks: Iterable<Uint8Array>,
  builder: BatchBuilder,
  extractor: PartExtractor | null = null,
): Generator<ReadBatch, void, undefined> {
  const { file, format, syntax, resumeAt } = plan;
  const context = { path: file.path, timeZone: file.timeZone, ...dateOrderOf(syntax) };
  const reader = format.createReader(context);
  extractor?.begin(context);
  let doneUpTo = resumeAt;
  const stretch = { sha256: file.sha256, resumeAt };
  const scanner = (by: PartExtractor): RecordScanner => ({
    append: (position, chunk) => by.scanner.append(position, chunk),
    take: (from, most, base) => {
      const stoppedAt = builder.addRead(by, () => by.take(from, most, base, stretch));
      const { takenTo } = by.scanner;
      if (takenTo > 0) doneUpTo = Math.max(doneUpTo, base + takenTo);
      return { stoppedAt, takenTo, left: by.left };
    },
  });
  const splitter = new RecordSplitter(
    syntax,
    plan.markLength,
    new Set(format.containerKeys),
    parserOf(format),
    extractor === null ? null : scanner(extractor),
  );
  builder.begin(format.name, file.sha256, extractor);
  const shape = shapeOf(syntax);

  const takeIn = function* (slices: Iterable<RecordSlice>): Generator<ReadBatch> {
    for (const slice of slices) {
      if (builder.isFull) yield { batch: builder.take(), resumeAt: doneUpTo };
      const end = slice.offset + slice.length;
      if (end <= resumeAt) continue;
      const read = readSlice(slice, reader, shape, splitter);
      // The events of one record are stored together.
      if (read.kind === 'events' && !builder.hasRoomFor(read.events.length)) {
        yield { batch: builder.take(), resumeAt: doneUpTo };
      }
      addSlice(builder, slice, read);
      doneUpTo = end;
    }
  };

  for (const chunk of chunks) {
    yield* takeIn(splitter.push(chunk));
  }
  yield* takeIn(splitter.end());
  if (!builder.isEmpty) yield { batch: builder.take(), resumeAt: doneUpTo, isLast: true };
}

/** An event with its time. */
interface TimedEvent {
  readonly event: NormalizedEvent;
  readonly time: Instant;
}

type ReadSlice =
  | { readonly kind: 'events'; readonly events: readonly TimedEvent[] }
  | { readonly kind: 'skip'; readonly reason: string }
  | { readonly kind: 'problem'; readonly reason: string; readonly excerpt: string };

function readSlice(
  slice: RecordSlice,
  reader: RecordReader,
  shape: RecordShape,
  splitter: RecordSplitter,
): ReadSlice {
  if (slice.kind === 'passed') return { kind: 'skip', reason: slice.reason };
  if (slice.kind === 'problem') return slice;
  const result = readRecord(reader, slice, shape);
  if (result.kind === 'skip') return result;
  if (result.kind === 'problem') return { ...result, excerpt: splitter.excerpt(slice) };
  const read = result.kind === 'event' ? [result.event] : result.events;
  const events = read.flatMap((event) => {
    const time = parseInstant(event.time);
    return time === null ? [] : [{ event, time }];
  });
  if (events.length === read.length && read.length <= batchCapacity) return { kind: 'events', events };
  const reason =
    read.length > batchCapacity
      ? `Expected a record with at most ${batchCapacity} events; found ${read.length}.`
      : 'Expected an RFC 3339 time of an existing day; found none.';
  return { kind: 'problem', reason, excerpt: splitter.excerpt(slice) };
}

function addSlice(builder: BatchBuilder, { offset, length }: RecordSlice, read: ReadSlice): void {
  if (read.kind === 'skip') builder.addSkipped(read.reason);
  else if (read.kind === 'problem') {
    builder.addRejected({ offset, length, reason: read.reason, excerpt: read.excerpt });
  } else {
    for (const [part, { event, time }] of read.events.entries()) {
      builder.addEvent(event, time, offset, length, part);
    }
  }
}

/** Only a record that is nested deeper than the stack can follow makes a reader throw; it is rejected like any other. */
function readRecord(reader: RecordReader, slice: ParsedRecord, shape: RecordShape): ReadResult {
  try {
    return reader.read(slice.record, shape);
  } catch (thrown) {
    if (thrown instanceof RangeError) return { kind: 'problem', reason: 'Nested too deeply to be read.' };
    const message = thrown instanceof Error ? thrown.message : String(thrown);
    return { kind: 'problem', reason: `This record could not be read: ${message}` };
  }
}
