import type { WriterService } from '#electron/platform/services.ts';
import type { PackedBatch } from '#shared/domain/packed-batch.ts';
import { packedOf, randomFrom, type SyntheticFile } from './synthetic.ts';

/** A writer whose methods can be called without the context of a process. */
export type DirectWriter = {
  readonly [K in keyof WriterService]: (
    input: Parameters<WriterService[K]>[0],
  ) => ReturnType<WriterService[K]>;
};

interface ImportOptions {
  readonly seed?: number;
  /** Records of a batch, on average. */
  readonly batch?: number;
  readonly onBatch?: () => void;
}

/** Imports files as ingest does: from each file's resume position, in batches whose size follows `seed`. */
export function importFiles(
  writer: DirectWriter,
  files: readonly SyntheticFile[],
  { seed = 1, batch = 300, onBatch }: ImportOptions = {},
): ReturnType<WriterService['finishRun']> {
  const random = randomFrom(seed);
  const { runId } = writer.beginRun({ paths: files.map(({ evidence }) => evidence.path) });
  for (const { evidence, records } of files) {
    const { evidenceId, status, resumeAt } = writer.registerEvidence({ runId, file: evidence });
    if (status === 'complete') continue;
    const rest = records.filter(({ offset, length }) => offset + length > resumeAt);
    for (let from = 0; from < rest.length; ) {
      const part = rest.slice(from, from + 1 + Math.floor(random() * batch * 2));
      from += part.length;
      const { offset, length } = part.at(-1)!;
      writer.writeBatch({ evidenceId, batch: ingestBatch(part), resumeAt: offset + length });
      onBatch?.();
    }
    writer.finishEvidence({ evidenceId, skipped: [] });
  }
  return writer.finishRun({ runId, cancelled: false });
}

/** The batch of records; skipped ones stand for themselves, wherever the batches are cut. */
export function ingestBatch(part: SyntheticFile['records']): PackedBatch {
  const records = part.filter(({ offset }) => offset % 50 === 0).length;
  return { ...packedOf(part), skipped: records === 0 ? [] : [{ reason: 'digest', records }] };
}
