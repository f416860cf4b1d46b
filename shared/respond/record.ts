import type { JsonObject } from '../domain/json.ts';

/** Kinds of the action journal's records. `intent` is durable before its call, `result` after, `evidence` after a read-back. */
export const recordKinds = [
  'journal-created',
  'run-started',
  'countersigned',
  'intent',
  'result',
  'evidence',
  'skipped',
  'sweep',
  'scheduled',
  'stopped',
  'resumed',
  'stage',
  'run-finished',
  'receipt-issued',
  /** A signed no: it holds for its plan, also where somebody takes it out of the plan's file. */
  'rejected',
] as const;
export type RecordKind = (typeof recordKinds)[number];

/** A record as its line holds it: hashed into the Merkle tree. The body lies beside, by its digest. */
export interface RecordHead {
  readonly seq: number;
  /** RFC 3339, by this machine's clock. */
  readonly time: string;
  /** Milliseconds of a clock that never goes back, within one process. */
  readonly mono: number;
  /** Who: the operating system's user of the process that wrote it. */
  readonly actor: string;
  readonly kind: RecordKind;
  readonly run: string | null;
  readonly action: string | null;
  /** SHA-256 of the body's text, hex. */
  readonly bodyDigest: string;
  /** Leaf hash of the record before, hex; empty for the first. */
  readonly previous: string;
}

export interface JournalRecord extends RecordHead {
  readonly body: JsonObject;
}
