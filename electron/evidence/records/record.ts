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
  readonly record: JsonObject;
  /**
   * The splitter's scanner has found its members: it is parsed only when `record` is asked for, which may be done until
   * the next slice is taken.
   */
  readonly isScanned?: true;
}

/** Reads records out of bytes that it holds itself, without parsing them. For UTF-8 alone. */
export interface RecordScanner {
  /**
   * Forgets the bytes before `position` and adds a chunk behind the others. Answers with all that it holds now; what it
   * has answered before is overwritten.
   */
  append(position: number, chunk: Uint8Array): Buffer;
  /**
   * Position after the JSON object that opens at `from`, proven to be valid; -1 where it is refused and has to be
   * parsed, as it is no record or an unusual one.
   */
  scan(from: number): number;
  /** Takes the record that was scanned last, at its place in the stream; false where it is to be given out. */
  take(offset: number, length: number): boolean;
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
