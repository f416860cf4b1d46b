import type { JsonObject } from '#shared/domain/json.ts';

/**
 * A piece of the stream: a record, bytes that should have been one, or a row that is none by nature. Every byte that
 * is neither blank nor part of a container lies in one.
 */
export type RecordSlice = ParsedRecord | BrokenRecord | PassedRecord;

export interface ParsedRecord {
  readonly kind: 'record';
  /** Byte offset in the file's decompressed stream, and length. */
  readonly offset: number;
  readonly length: number;
  /** May be parsed only when it is asked for, which may be done until the next slice is taken. */
  readonly record: JsonObject;
}

/** Reads records out of bytes that it holds itself, without parsing them. For UTF-8 alone. */
export interface RecordScanner {
  /**
   * Forgets the bytes before `position` and adds a chunk behind the others. Answers with all that it holds now; what it
   * has answered before is overwritten.
   */
  append(position: number, chunk: Uint8Array): Buffer;
  /**
   * Takes the JSON objects from `from` on that it can read, at most `most`, and passes over blanks and commas between
   * them. `base`: offset in the stream of the first byte that is held.
   */
  take(from: number, most: number, base: number): Taken;
}

export interface Taken {
  /** Where it stopped. */
  readonly stoppedAt: number;
  /** End of the last object that it took; 0 where it took none. */
  readonly takenTo: number;
  /**
   * End of the object at which it stopped, proven to be valid, that is to be given out; -1 where it has to be parsed, as
   * it is no record or an unusual one.
   */
  readonly left: number;
}

export interface BrokenRecord {
  readonly kind: 'problem';
  readonly offset: number;
  readonly length: number;
  /** What was expected and what was found. */
  readonly reason: string;
  /** At most `excerptLength` characters of the bytes, for display. */
  readonly excerpt: string;
}

/** No record and no damage: the header of a table that stands again among its rows. */
export interface PassedRecord {
  readonly kind: 'passed';
  readonly offset: number;
  readonly length: number;
  readonly reason: string;
}

/** Longer records are rejected: no log writes them, and a hostile file could. */
export const longestRecord = 16 * 1024 * 1024;

/** Characters of an excerpt. */
export const excerptLength = 200;
