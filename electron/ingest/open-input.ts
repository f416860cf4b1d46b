import { createReadStream } from 'node:fs';
import { type AcquiredFile, acquireFile } from '#electron/evidence/files/acquire.ts';
import { DecodedStream } from '#electron/evidence/files/decoded.ts';
import { FailureError, failureOf } from '#shared/util/result.ts';
import { standardInput } from './list-inputs.ts';
import type { KeptFile, KeptLog, LeftOut, OpenInput } from './log-source.ts';
import type { InputFile } from './protocol.ts';

/** Compressed files up to this size are decompressed in one go; larger ones piece by piece, to bound memory. */
const decodedWhole = 2 * 1024 * 1024;

/** Takes inputs into the evidence folder of a case. */
export function createOpenInput(evidenceFolder: string): OpenInput {
  return async (input) => {
    const acquired = await acquire(evidenceFolder, input);
    if ('kind' in acquired) return { isArchive: false, logs: only(acquired) };
    const { sha256, bytes, encoding, content } = acquired;
    const file: KeptFile = { sha256, path: input.path, bytes, encoding, location: { kind: 'file' } };
    return { isArchive: false, logs: only(keptLog(evidenceFolder, file, content)) };
  };
}

/** A log in the case; `content` spares reading its bytes again. */
export function keptLog(evidenceFolder: string, file: KeptFile, content: Uint8Array | null): KeptLog {
  const isLarge = file.encoding !== 'none' && (content?.length ?? 0) > decodedWhole;
  return {
    kind: 'log',
    file,
    *read() {
      const stream = new DecodedStream(evidenceFolder, file, isLarge ? null : content);
      yield* stream;
      const { problem } = stream;
      return problem === null ? null : `From byte ${problem.offset} on nothing was read: ${problem.message}`;
    },
  };
}

async function acquire(evidenceFolder: string, input: InputFile): Promise<AcquiredFile | LeftOut> {
  const from =
    input.location === standardInput ? createReadStream('', { fd: 0, autoClose: false }) : input.location;
  try {
    return await acquireFile({ evidenceFolder, from });
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
