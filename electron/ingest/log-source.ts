import type { EvidenceFile } from '#shared/domain/batch.ts';
import type { InputFile } from './protocol.ts';

/** A file as it lies in the case, before it is known what it holds. */
export type KeptFile = Omit<EvidenceFile, 'format' | 'syntax' | 'timeZone'>;

/** A file of the analyst's choice, or a member of an archive, hashed and kept, ready to be read. */
export interface KeptLog {
  readonly kind: 'log';
  readonly file: KeptFile;
  /** The case did not hold these bytes before, so that it hardly knows the log. */
  readonly isNew: boolean;
  /** The decompressed stream. Returns what is wrong with it from where it ended too early, or null. */
  read(): Generator<Uint8Array, string | null>;
}

/** A file that is not even looked at, and why. `file` is null where its bytes are not in the case. */
export interface LeftOut {
  readonly kind: 'left-out';
  readonly path: string;
  readonly reason: string;
  readonly file: KeptFile | null;
}

/** An archive in the case: no log itself, its members come one by one. */
export interface KeptArchive {
  readonly kind: 'archive';
  readonly file: KeptFile;
}

/** What one input came to: itself, or the members of an archive, in the archive's order. */
export interface OpenedInput {
  readonly isArchive: boolean;
  readonly logs: AsyncIterable<KeptLog | LeftOut | KeptArchive>;
}

/**
 * Takes an input into the case. Fails with `disk-full` where the case cannot take it; anything that is wrong with the
 * input itself is a `LeftOut`. `onAcquired` is told how many bytes of a large input are in the case.
 */
export type OpenInput = (input: InputFile, onAcquired: (bytes: number) => void) => Promise<OpenedInput>;
