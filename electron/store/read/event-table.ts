import type { DimensionName, HashedField } from '#shared/domain/dimensions.ts';
import type { HashColumn } from '../segments/columns.ts';
import type { Dictionary } from './dictionary.ts';
import type { EntryRows } from './entry-rows.ts';
import type { HourCounts } from './hour-counts.ts';
import type { Steps } from './in-steps.ts';

/** A column of numbers of 32 bits or less. */
export type Column = Uint8Array | Uint16Array | Uint32Array;

/** Where the values of a field come from: a dimension's dictionary, or the list of evidence. */
export type SourceName = DimensionName | 'evidence';

export type KeyColumn = 'key0' | 'key1' | 'key2' | 'key3';

/**
 * The events of a case as columns in the order of time (by micros, nanos, then order of import). Row 0 is the oldest.
 * Columns and dictionaries are loaded when they are first asked for.
 */
export interface EventTable {
  readonly count: number;
  /** Ascending. */
  readonly micros: Float64Array;
  /** Null where every time is a whole microsecond. */
  readonly nanos: Column | null;
  /** For each row the entry of the source's dictionary. */
  ids(source: SourceName): Column;
  /** The same for one row, of which the first page of a case just opened needs no more. */
  idAt(source: SourceName, row: number): number;
  wordAt(column: KeyColumn | 'timeDigits' | 'length', row: number): number;
  offsetAt(row: number): number;
  dictionary(source: SourceName): Dictionary;
  /** How many rows have each entry. */
  counts(source: SourceName): Uint32Array;
  /** Counts by hour and value of a field; null where it has too many values. */
  hours(field: string): HourCounts | null;
  /** For each row the index of its value of a field, of which there are few; null where that has not been made. */
  valueColumn(field: string): Uint8Array | null;
  /** The same, made where the values are few enough: one byte a row. */
  makeValueColumn(field: string): Uint8Array | null;
  /** The rows by entry, where they have been indexed: that takes as much memory as the column. */
  entryRows(source: SourceName): EntryRows | null;
  indexRows(source: SourceName): Steps<void>;
  words(column: KeyColumn | HashColumn | 'timeDigits' | 'length'): Column;
  offsets(): Float64Array | Uint32Array;
  /** The rows whose id begins with a word, ascending. */
  rowsOfKey(first: number): number[];
  /** Step by step what `ids`, `words` and `rowsOfKey` do otherwise themselves. */
  loadIds(source: SourceName): Steps<void>;
  loadWords(column: KeyColumn | 'timeDigits'): Steps<void>;
  indexKeys(): Steps<void>;
}

/** Reads the value behind a hash back from the raw record: whether the row's field is this text. */
export type ConfirmHash = (row: number, field: HashedField, text: string) => boolean;
