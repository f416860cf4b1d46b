import type { HashColumn, SegmentColumn } from '../segments/columns.ts';
import { Dictionary, sourceOf } from './dictionary.ts';
import { EntryRows } from './entry-rows.ts';
import type { EntryTexts } from './entry-texts.ts';
import type { Column, EventTable, KeyColumn, SourceName } from './event-table.ts';
import { KeyIndex } from './key-index.ts';
import { HourCounts } from './hour-counts.ts';
import { type Steps, atOnce } from './in-steps.ts';
import { countEntries, hasOthers, valuesByRow } from './kernels.ts';
import { inOrder, sortTimes } from './time-order.ts';

/** Where columns come from, in the order of import; all of one length. */
export interface ColumnSource {
  readonly count: number;
  /** `micros` and `offset` may need doubles, all other columns never do. */
  load(name: SegmentColumn): Steps<Column | Float64Array>;
  /** One value of a column, without loading it. */
  at(name: SegmentColumn, position: number): number;
  /** The entries of a dictionary by id. */
  entries(source: SourceName): EntryTexts;
}

/** So many events are loaded faster than single values are looked up. */
const fewEvents = 100_000;
/** So many values a byte tells apart. */
const mostFew = 256;
/** Dozens of pages of rows; who reads more is served better by the columns. */
const mostSingles = 200_000;

/** The event table over a source: loads a column when it is first used and brings it into the order of time. */
export class ColumnTable implements EventTable {
  readonly count: number;
  readonly micros: Float64Array;
  readonly nanos: Column | null;
  readonly #source: ColumnSource;
  readonly #order: Uint32Array | null;
  readonly #columns = new Map<SegmentColumn, Column | Float64Array>();
  readonly #dictionaries = new Map<SourceName, Dictionary>();
  readonly #counts = new Map<SourceName, Uint32Array>();
  readonly #entryRows = new Map<SourceName, EntryRows>();
  readonly #values = new Map<string, Uint8Array>();
  readonly #hours = new Map<string, HourCounts | null>();
  #keys: KeyIndex | null = null;
  /** How many single values were read of columns that are not loaded. */
  #singles = 0;

  private constructor(
    source: ColumnSource,
    micros: Float64Array,
    nanos: Column | null,
    order: Uint32Array | null,
  ) {
    this.#source = source;
    this.count = source.count;
    this.#order = order;
    this.micros = micros;
    this.nanos = nanos;
  }

  /** Reads the times and puts the events into their order, step by step. */
  static *load(source: ColumnSource): Steps<ColumnTable> {
    const times = yield* source.load('micros');
    const micros = times instanceof Float64Array ? times : Float64Array.from(times);
    yield;
    const nanos = narrow(yield* source.load('nanos'));
    const used = hasOthers(nanos, 0) ? nanos : null;
    const order = yield* sortTimes(micros, used);
    return new ColumnTable(source, micros, used === null ? null : inOrder(used, order), order);
  }

  /** The same in one go. */
  static of(source: ColumnSource): ColumnTable {
    return atOnce(ColumnTable.load(source));
  }

  ids(source: SourceName): Column {
    return narrow(this.#column(columnOf(source)));
  }

  words(column: KeyColumn | HashColumn | 'timeDigits' | 'length'): Column {
    return narrow(this.#column(column));
  }

  offsets(): Float64Array | Uint32Array {
    const offsets = this.#column('offset');
    return offsets instanceof Float64Array || offsets instanceof Uint32Array
      ? offsets
      : Uint32Array.from(offsets);
  }

  idAt(source: SourceName, row: number): number {
    return this.#valueAt(columnOf(source), row);
  }

  wordAt(column: KeyColumn | 'timeDigits' | 'length', row: number): number {
    return this.#valueAt(column, row);
  }

  offsetAt(row: number): number {
    return this.#valueAt('offset', row);
  }

  rowsOfKey(first: number): number[] {
    return (this.#keys ?? atOnce(this.#indexKeys())).rowsOf(first);
  }

  *loadIds(source: SourceName): Steps<void> {
    yield* this.#load(columnOf(source));
  }

  *loadWords(column: KeyColumn | 'timeDigits'): Steps<void> {
    yield* this.#load(column);
  }

  *indexKeys(): Steps<void> {
    yield* this.#indexKeys();
  }

  *#indexKeys(): Steps<KeyIndex> {
    yield* this.#load('key0');
    return (this.#keys ??= yield* KeyIndex.make(this.words('key0')));
  }

  dictionary(source: SourceName): Dictionary {
    let dictionary = this.#dictionaries.get(source);
    if (dictionary === undefined) {
      dictionary = new Dictionary(source, this.#source.entries(source));
      this.#dictionaries.set(source, dictionary);
    }
    return dictionary;
  }

  counts(source: SourceName): Uint32Array {
    let counts = this.#counts.get(source);
    if (counts === undefined) {
      counts = new Uint32Array(this.dictionary(source).size);
      countEntries(this.ids(source), 0, this.count, counts);
      this.#counts.set(source, counts);
    }
    return counts;
  }

  hours(field: string): HourCounts | null {
    let hours = this.#hours.get(field);
    if (hours === undefined) {
      hours = HourCounts.of(field, this);
      this.#hours.set(field, hours);
    }
    return hours;
  }

  valueColumn(field: string): Uint8Array | null {
    return this.#values.get(field) ?? null;
  }

  makeValueColumn(field: string): Uint8Array | null {
    const known = this.#values.get(field);
    const source = sourceOf(field)?.source;
    if (known !== undefined || source === undefined) return known ?? null;
    const { values, indexes } = this.dictionary(source).field(field);
    if (values.length > mostFew) return null;
    const column = new Uint8Array(this.count);
    valuesByRow(this.ids(source), Uint8Array.from(indexes), column);
    this.#values.set(field, column);
    return column;
  }

  entryRows(source: SourceName): EntryRows | null {
    return this.#entryRows.get(source) ?? null;
  }

  *indexRows(source: SourceName): Steps<void> {
    if (this.#entryRows.has(source)) return;
    yield* this.#load(columnOf(source));
    this.#entryRows.set(source, yield* EntryRows.make(this.ids(source), this.counts(source)));
  }

  #valueAt(name: SegmentColumn, row: number): number {
    const column = this.#columns.get(name);
    if (column !== undefined) return column[row] as number;
    if (this.count < fewEvents || this.#singles++ > mostSingles) return this.#column(name)[row] as number;
    return this.#source.at(name, this.#order === null ? row : (this.#order[row] as number));
  }

  #column(name: SegmentColumn): Column | Float64Array {
    return this.#columns.get(name) ?? atOnce(this.#load(name));
  }

  *#load(name: SegmentColumn): Steps<Column | Float64Array> {
    const known = this.#columns.get(name);
    if (known !== undefined) return known;
    const loaded = yield* this.#source.load(name);
    yield;
    // Who could not wait has loaded it meanwhile.
    const column = this.#columns.get(name) ?? inOrder(loaded, this.#order);
    this.#columns.set(name, column);
    return column;
  }
}

function columnOf(source: SourceName): SegmentColumn {
  return source === 'evidence' ? 'evidence' : `dimension:${source}`;
}

function narrow(column: Column | Float64Array): Column {
  return column instanceof Float64Array ? Uint32Array.from(column) : column;
}
