import { dateOrderOf, type EventBatch, type EvidenceFile, type RecordSyntax } from '#shared/domain/batch.ts';
import type { LogFormat, ReadResult, RecordReader, RecordShape } from '#shared/domain/format.ts';
import { parseInstant } from '#shared/util/instant.ts';
import { shapeOf } from '#electron/evidence/records/decode.ts';
import { parserOf } from '#electron/evidence/records/parser.ts';
import type { ParsedRecord, RecordSlice } from '#electron/evidence/records/record.ts';
import { RecordSplitter } from '#electron/evidence/records/splitter.ts';
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
  readonly batch: EventBatch;
  readonly resumeAt: number;
}

/** Turns the stream of one log into batches by the builder, which is used for one log at a time. Never throws on data: what cannot be read is in a batch's `rejected`. */
export function* importLog(
  plan: LogPlan,
  chunks: Iterable<Uint8Array>,
  builder: BatchBuilder,
): Generator<ReadBatch, void, undefined> {
  const { file, format, syntax, resumeAt } = plan;
  const reader = format.createReader({ path: file.path, timeZone: file.timeZone, ...dateOrderOf(syntax) });
  const splitter = new RecordSplitter(
    syntax,
    plan.markLength,
    new Set(format.containerKeys),
    parserOf(format),
  );
  builder.begin(format.name, file.sha256);
  const shape = shapeOf(syntax);
  let doneUpTo = resumeAt;

  const take = function* (slices: Iterable<RecordSlice>): Generator<ReadBatch> {
    for (const slice of slices) {
      const end = slice.offset + slice.length;
      if (end <= resumeAt) continue;
      addSlice(builder, slice, reader, shape, splitter);
      doneUpTo = end;
      if (builder.isFull) yield { batch: builder.take(), resumeAt: doneUpTo };
    }
  };

  for (const chunk of chunks) {
    yield* take(splitter.push(chunk));
  }
  yield* take(splitter.end());
  if (!builder.isEmpty) yield { batch: builder.take(), resumeAt: doneUpTo };
}

function addSlice(
  builder: BatchBuilder,
  slice: RecordSlice,
  reader: RecordReader,
  shape: RecordShape,
  splitter: RecordSplitter,
): void {
  const { offset, length } = slice;
  if (slice.kind === 'passed') {
    builder.addSkipped(slice.reason);
    return;
  }
  if (slice.kind === 'problem') {
    builder.addRejected({ offset, length, reason: slice.reason, excerpt: slice.excerpt });
    return;
  }
  const result = readRecord(reader, slice, shape);
  if (result.kind === 'skip') {
    builder.addSkipped(result.reason);
    return;
  }
  const time = result.kind === 'event' ? parseInstant(result.event.time) : null;
  if (result.kind === 'event' && time !== null) {
    builder.addEvent(result.event, time, offset, length);
    return;
  }
  const reason =
    result.kind === 'problem' ? result.reason : 'Expected an RFC 3339 time of an existing day; found none.';
  builder.addRejected({ offset, length, reason, excerpt: splitter.excerpt(slice) });
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
