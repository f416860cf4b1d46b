import { createReadStream } from 'node:fs';
import { type ArchiveKind, archiveKind, openArchive } from '#electron/evidence/files/archive.ts';
import { type AcquiredFile, acquireFile } from '#electron/evidence/files/acquire.ts';
import { DecodedStream } from '#electron/evidence/files/decoded.ts';
import { type StreamProblem, decodeLimits } from '#electron/evidence/files/limits.ts';
import { FailureError, failureOf } from '#shared/util/result.ts';
import { hidden, isHidden, standardInput } from './list-inputs.ts';
import type { KeptArchive, KeptFile, KeptLog, LeftOut, OpenInput } from './log-source.ts';
import type { InputFile } from './protocol.ts';

/** Compressed files up to this size are decompressed in one go; larger ones piece by piece, to bound memory. */
const decodedWhole = 2 * 1024 * 1024;

/** Most logs are shorter when they are decompressed. */
export const scratchSize = 8 * 1024 * 1024;

/**
 * Takes inputs into the evidence folder of a case. Logs are decompressed into the same memory, `scratch`: one has to be
 * read to its end before the next one is opened.
 */
export function createOpenInput(evidenceFolder: string, scratch: () => Uint8Array): OpenInput {
  return async (input, onAcquired) => {
    const acquired = await acquire(evidenceFolder, input, onAcquired);
    if ('kind' in acquired) return { isArchive: false, logs: only(acquired) };
    const { sha256, bytes, encoding, content, known } = acquired;
    const file: KeptFile = { sha256, path: input.path, bytes, encoding, location: { kind: 'file' } };
    const kind = archiveKind(evidenceFolder, file, content);
    if (kind !== null) return { isArchive: true, logs: archiveLogs(evidenceFolder, file, kind, scratch) };
    return {
      isArchive: false,
      logs: only({ ...keptLog(evidenceFolder, file, content, null, scratch), isNew: !known }),
    };
  };
}

async function* archiveLogs(
  evidenceFolder: string,
  file: KeptFile,
  kind: ArchiveKind,
  scratch: () => Uint8Array,
): AsyncGenerator<KeptLog | LeftOut | KeptArchive> {
  let isEntered = false;
  for await (const item of openArchive(evidenceFolder, file, kind)) {
    // Damage before the first member is what the case is to say of the archive.
    if (!isEntered && item.kind === 'left-out' && item.path === file.path) {
      isEntered = true;
      yield { ...item, file };
      continue;
    }
    if (!isEntered) yield { kind: 'archive', file };
    isEntered = true;
    if (item.kind === 'left-out') yield { ...item, file: null };
    else if (item.kind === 'archive') yield item;
    else if (
      item.file.path
        .slice(file.path.length + 1)
        .split('/')
        .some(isHidden)
    ) {
      yield { kind: 'left-out', path: item.file.path, reason: hidden, file: null };
    } else yield keptLog(evidenceFolder, item.file, item.content, item.problem, scratch);
  }
  if (!isEntered) yield { kind: 'archive', file };
}

/** A log in the case; `content` spares reading its bytes again, `cut` is why they end too early. */
function keptLog(
  evidenceFolder: string,
  file: KeptFile,
  content: Uint8Array | null,
  cut: StreamProblem | null,
  scratch: () => Uint8Array,
): KeptLog {
  const isLarge = file.encoding !== 'none' && (content?.length ?? 0) > decodedWhole;
  return {
    kind: 'log',
    file,
    isNew: false,
    *read() {
      const stream = new DecodedStream(
        evidenceFolder,
        file,
        isLarge ? null : content,
        decodeLimits,
        scratch(),
      );
      const problem = (yield* stream.read()) ?? cut;
      return problem === null ? null : `From byte ${problem.offset} on nothing was read: ${problem.message}`;
    },
  };
}

async function acquire(
  evidenceFolder: string,
  input: InputFile,
  onProgress: (bytes: number) => void,
): Promise<AcquiredFile | LeftOut> {
  const from =
    input.location === standardInput ? createReadStream('', { fd: 0, autoClose: false }) : input.location;
  try {
    return await acquireFile({ evidenceFolder, from, onProgress });
  } catch (thrown) {
    const { kind, message } = failureOf(thrown);
    if (thrown instanceof FailureError && kind === 'unusable') {
      return { kind: 'left-out', path: input.path, reason: message, file: null };
    }
    throw thrown;
  }
}

async function* only<T>(item: T): AsyncGenerator<T> {
  yield item;
}
