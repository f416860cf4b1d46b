import { type EventDimension, dimensionEntry, dimensions, hashedFields } from '#shared/domain/dimensions.ts';
import type { ColumnFields, PartColumns } from '#shared/domain/event-part.ts';
import type { NormalizedEvent } from '#shared/domain/event.ts';
import { hash32 } from '#shared/util/hash32.ts';
import { TextPool } from './text-pool.ts';

/** Dimensions of one column, at most. */
const mostOfColumn = 4;
const absent = 0;
/** So many entries of one dimension are found again by their texts; of more of them each is taken for a new one. */
const fewTexts = 4096;

/** A dictionary of a batch. */
interface Dictionary {
  readonly values: string[];
  reserve(characters: number): number;
}

interface Pending {
  dictionary: Dictionary | null;
  readonly entries: number[];
  readonly ids: number[];
}

/** Dictionary entries by number, and the columns' values that they belong to. */
export class Entries {
  /** The dimensions of all columns, in order. */
  readonly dimensions: readonly EventDimension[];
  readonly #columns: readonly PartColumns[];
  /** Of each dimension its column, and its place among those of the column. */
  readonly #columnOf: readonly number[];
  readonly #indexOf: readonly number[];
  /** What an entry of nulls is, by dimension: its number is 0, and so is its id in every batch. */
  readonly #nulls: readonly string[];
  readonly #texts = new TextPool();
  /** The batch that used an entry last, and its id there, by the entry's number. */
  #batches = new Uint32Array(4096);
  #ids = new Uint32Array(4096);
  /** Entries of the batch that is being built whose texts are still to be put into their dictionaries, by dimension. */
  readonly #pending: Pending[];
  #pendingOf = 0;
  readonly #numbers: readonly Map<string, number>[];
  /** Entries of each value of a column: `absent` for a value that is none. */
  readonly #ofValues: Uint32Array;
  /** Ids that values of columns bring along: the column, and of each of its values the hash. */
  readonly #carried: { readonly column: number; readonly field: number; readonly hashes: Uint32Array }[] = [];
  readonly #capacity: number;

  /** `capacity`: values that there may be. */
  constructor(columns: readonly PartColumns[], capacity: number) {
    this.#columns = columns;
    this.#capacity = capacity;
    this.dimensions = columns.flatMap(({ dimensions }) => dimensions);
    this.#columnOf = columns.flatMap(({ dimensions }, column) => dimensions.map(() => column));
    this.#indexOf = columns.flatMap(({ dimensions }) => dimensions.map((_, index) => index));
    this.#numbers = this.dimensions.map(() => new Map<string, number>());
    this.#nulls = this.dimensions.map((name) => JSON.stringify(dimensions[name].map(() => null)));
    this.#pending = this.dimensions.map(() => ({ dictionary: null, entries: [], ids: [] }));
    this.#ofValues = new Uint32Array(capacity * mostOfColumn);
  }

  /** Enters what a column's part came to. */
  add(column: number, value: number, fields: ColumnFields): void {
    // The part of a column gives all fields of its dimensions.
    const event = fields as NormalizedEvent;
    const first = this.#columnOf.indexOf(column);
    const { length } = (this.#columns[column] as PartColumns).dimensions;
    for (let index = 0; index < length; index++) {
      const entry = dimensionEntry(this.dimensions[first + index] as EventDimension, event);
      this.#ofValues[value * mostOfColumn + index] = this.#numberOf(first + index, entry);
    }
    if (fields.correlation === undefined) return;
    for (const [name, id] of Object.entries(fields.correlation)) {
      if (id !== null) this.#hashesOf(column, name)[value] = hash32(id);
    }
  }

  /**
   * Writes the entries of the columns' values to `target`, in the order of `dimensions`, and the ids that they bring
   * along to `hashes` where a record has none of its own.
   */
  collect(values: Uint32Array, target: Uint32Array, hashes: Uint32Array): void {
    for (let at = 0; at < target.length; at++) {
      const value = values[this.#columnOf[at] as number] as number;
      target[at] = this.#ofValues[value * mostOfColumn + (this.#indexOf[at] as number)] as number;
    }
    for (const { column, field, hashes: known } of this.#carried) {
      if (hashes[field] === absent) hashes[field] = known[values[column] as number] as number;
    }
  }

  /** The id of an entry of a dimension in a batch: batches are told apart by their numbers, from 1 on. */
  idIn(batch: number, dimension: number, entry: number, dictionary: Dictionary): number {
    if (entry === 0) return 0;
    if (this.#batches[entry] === batch) return this.#ids[entry] as number;
    if (this.#pendingOf !== batch) this.#drop(batch);
    const id = dictionary.reserve(this.#texts.lengthOf(entry));
    this.#batches[entry] = batch;
    this.#ids[entry] = id;
    const pending = this.#pending[dimension] as Pending;
    pending.dictionary = dictionary;
    pending.entries.push(entry);
    pending.ids.push(id);
    return id;
  }

  /**
   * Puts the texts of the entries that the batch uses in their places. They are made only now: texts that lived as long
   * as a batch would be copied by the garbage collector again and again.
   */
  fill(batch: number): void {
    if (this.#pendingOf !== batch) return;
    for (const { dictionary, entries, ids } of this.#pending) {
      if (dictionary === null) continue;
      for (let at = 0; at < ids.length; at++) {
        dictionary.values[ids[at] as number] = this.#texts.textOf(entries[at] as number);
      }
    }
    this.#drop(batch);
  }

  /** What is pending of the batch before is of no use any more. */
  #drop(batch: number): void {
    this.#pendingOf = batch;
    for (const pending of this.#pending) {
      pending.dictionary = null;
      pending.entries.length = 0;
      pending.ids.length = 0;
    }
  }

  /** Whether all should be forgotten before more is taken in. */
  isFull(): boolean {
    return this.#texts.isFull;
  }

  /** All values are forgotten, and with them their entries; what a batch uses of them is in its dictionaries. */
  forget(): void {
    this.fill(this.#pendingOf);
    for (const numbers of this.#numbers) numbers.clear();
    this.#texts.clear();
    this.#batches.fill(0);
    this.#ofValues.fill(absent);
    for (const { hashes } of this.#carried) hashes.fill(absent);
  }

  #hashesOf(column: number, name: string): Uint32Array {
    const field = hashedFields.findIndex((hashed) => hashed === `correlation.${name}`);
    const known = this.#carried.find((id) => id.column === column && id.field === field);
    if (known !== undefined) return known.hashes;
    const hashes = new Uint32Array(this.#capacity);
    this.#carried.push({ column, field, hashes });
    return hashes;
  }

  #numberOf(dimension: number, text: string): number {
    if (text === this.#nulls[dimension]) return 0;
    const numbers = this.#numbers[dimension] as Map<string, number>;
    const isFew = numbers.size < fewTexts;
    const known = isFew ? numbers.get(text) : undefined;
    if (known !== undefined) return known;
    const number = this.#texts.add(text);
    if (number >= this.#batches.length) this.#grow();
    if (isFew) numbers.set(text, number);
    return number;
  }

  #grow(): void {
    const size = this.#batches.length * 2;
    const [batches, ids] = [new Uint32Array(size), new Uint32Array(size)];
    batches.set(this.#batches);
    ids.set(this.#ids);
    this.#batches = batches;
    this.#ids = ids;
  }
}
