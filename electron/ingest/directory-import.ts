import type { DirectoryPart, EvidenceFile, RecordSyntax } from '#shared/domain/batch.ts';
import { dateOrderOf } from '#shared/domain/batch.ts';
import type {
  DirectoryFormat,
  DirectoryReadResult,
  DirectoryReader,
  PlacedEntry,
} from '#shared/domain/directory.ts';
import type { RecordShape } from '#shared/domain/format.ts';
import type { JsonObject } from '#shared/domain/json.ts';
import { shapeOf } from '#electron/evidence/records/decode.ts';
import type { ParsedRecord } from '#electron/evidence/records/record.ts';
import { RecordSplitter } from '#electron/evidence/records/splitter.ts';
import type { BatchBuilder } from './batch-builder.ts';
import { Envelope } from './envelope.ts';
import type { ReadBatch } from './log-import.ts';

/** Entries of one batch. */
const fullEntries = 2000;

/** How a directory export is to be read. */
export interface DirectoryPlan {
  readonly file: EvidenceFile;
  readonly format: DirectoryFormat;
  readonly syntax: RecordSyntax;
  readonly markLength: number;
  /** Records that end at or before this offset are in the store. */
  readonly resumeAt: number;
  /** Of a table: which column means what. */
  readonly mapping: JsonObject | null;
  /** When the export was made, as the analyst says; what the file says comes first. */
  readonly takenAt: string | null;
}

/**
 * Turns a directory export into batches without events. All of the file is read also when it goes on from `resumeAt`:
 * what the file says as a whole is known from all of its records. Never throws on data.
 */
export function* importDirectory(
  plan: DirectoryPlan,
  chunks: Iterable<Uint8Array>,
  builder: BatchBuilder,
): Generator<ReadBatch, void, undefined> {
  const { file, format, syntax, resumeAt } = plan;
  const mapping = format.name === 'directory-csv' ? plan.mapping : null;
  const reader = format.createReader({
    path: file.path,
    ...dateOrderOf(syntax),
    ...(mapping === null ? {} : { mapping }),
  });
  const splitter = new RecordSplitter(syntax, plan.markLength, new Set(format.containerKeys));
  const envelope = new Envelope(plan.markLength, syntax.kind === 'json' && syntax.charset === 'utf-8');
  const shape = shapeOf(syntax);
  builder.begin(format.name, file.sha256);
  let entries: PlacedEntry[] = [];
  let doneUpTo = resumeAt;

  const batch = (facts: DirectoryPart['facts']): ReadBatch => {
    const taken = { ...builder.take(), directory: { entries, facts, mapping } };
    entries = [];
    return { batch: taken, resumeAt: doneUpTo };
  };
  const take = function* (slices: ReturnType<RecordSplitter['push']>): Generator<ReadBatch> {
    for (const slice of slices) {
      const { offset, length } = slice;
      envelope.pass(offset, length);
      const result: DirectoryReadResult =
        slice.kind === 'record'
          ? readRecord(reader, slice, shape)
          : slice.kind === 'passed'
            ? { kind: 'skip', reason: slice.reason }
            : { kind: 'problem', reason: slice.reason };
      if (offset + length <= resumeAt) continue;
      if (result.kind === 'skip') builder.addSkipped(result.reason);
      else if (result.kind === 'problem') {
        const excerpt =
          slice.kind === 'record' ? splitter.excerpt(slice) : 'excerpt' in slice ? slice.excerpt : '';
        builder.addRejected({ offset, length, reason: result.reason, excerpt });
      } else for (const value of result.entries) entries.push({ offset, length, value });
      doneUpTo = offset + length;
      if (entries.length >= fullEntries || builder.isFull) yield batch(null);
    }
  };

  for (const chunk of chunks) {
    envelope.add(chunk);
    yield* take(splitter.push(chunk));
  }
  yield* take(splitter.end());
  const facts = reader.finish(envelope.value());
  yield batch({ ...facts, takenAt: facts.takenAt ?? plan.takenAt });
}

/** Only a record that is nested deeper than the stack can follow makes a reader throw. */
function readRecord(reader: DirectoryReader, slice: ParsedRecord, shape: RecordShape): DirectoryReadResult {
  try {
    return reader.read(slice.record, shape);
  } catch (thrown) {
    const message = thrown instanceof Error ? thrown.message : String(thrown);
    return { kind: 'problem', reason: `This record could not be read: ${message}` };
  }
}
