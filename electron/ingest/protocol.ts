import type { EvidenceFile, EvidenceState } from '#shared/domain/batch.ts';
import type { JsonObject } from '#shared/domain/json.ts';
import type { PackedBatch } from '#shared/domain/packed-batch.ts';
import type { Failure } from '#shared/util/result.ts';

/** One file of the analyst's choice. */
export interface InputFile {
  /** As the analyst gave it, with `/` between names: what the case calls the file. */
  readonly path: string;
  /** Where it is read from. */
  readonly location: string;
  readonly bytes: number;
}

/** What a worker gets at its start. */
export interface WorkerSettings {
  readonly caseFolder: string;
  /** The analyst's choice of format; null to detect it for each file. */
  readonly format: string | null;
  readonly timeZone: string | null;
  /** What the columns of a directory's table mean; null where the analyst gave none. */
  readonly mapping: JsonObject | null;
  /** When exports of directories were made, where they do not say: RFC 3339. */
  readonly takenAt: string | null;
  /** Bytes of batches that the worker may have under way. */
  readonly credit: number;
}

export type ToWorker =
  | { readonly type: 'task'; readonly input: InputFile }
  /** The answer to `evidence`. */
  | { readonly type: 'registered'; readonly resumeAt: number; readonly status: EvidenceState['status'] }
  /** So many bytes of batches have been written; the memory of their columns may be used again. */
  | { readonly type: 'credit'; readonly bytes: number; readonly memory: ArrayBuffer };

/**
 * A worker's account of its task, in order: how much of a large input has been taken into the case; then for each log
 * `evidence`, then batches and `finished`, unless it is known.
 */
export type FromWorker =
  | { readonly type: 'acquired'; readonly bytes: number }
  /** `isOnly`: no other log will come of this task, so that others need not wait to be entered. */
  | { readonly type: 'evidence'; readonly file: EvidenceFile; readonly isOnly: boolean }
  | {
      readonly type: 'batch';
      readonly batch: PackedBatch;
      /** The offset up to which the decompressed stream is dealt with when the batch is stored. */
      readonly resumeAt: number;
      /** Of the worker's credit. */
      readonly bytes: number;
      /** It is the whole of a new log, sent before the store was heard: good only if the store has nothing of it. */
      readonly isAhead: boolean;
    }
  /** `problem`: why the stream ended too early. */
  | { readonly type: 'finished'; readonly path: string; readonly problem: string | null }
  /** `file` is null where the bytes could not be taken into the case. */
  | {
      readonly type: 'skipped';
      readonly path: string;
      readonly reason: string;
      readonly file: EvidenceFile | null;
    }
  /** An archive is in the case; its members follow. */
  | { readonly type: 'archive'; readonly file: EvidenceFile }
  | { readonly type: 'done' }
  /** The case itself cannot take more (the disk is full): the run ends. */
  | { readonly type: 'failed'; readonly failure: Failure };
