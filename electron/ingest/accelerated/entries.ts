import { type EventDimension, dimensionEntry, hashedFields } from '#shared/domain/dimensions.ts';
import type { ColumnFields, PartColumns } from '#shared/domain/event-part.ts';
import type { NormalizedEvent } from '#shared/domain/event.ts';
import { hash32 } from '#shared/util/hash32.ts';

/** Dimensions of one column, at most. */
const mostOfColumn = 4;
const absent = 0;
/** So many entries of one dimension are found again by their texts; of more of them each is taken for a new one. */
const fewTexts = 4096;

/** Takes an entry of a batch's dictionary by its text; answers with its id there. */
interface Dictionary {
  append(entry: string): number;
}

/** Dictionary entries by number, and the columns' values that they belong to. */
export class Entries {
  /** The dimensions of all columns, in order. */
  readonly dimensions: readonly EventDimension[];
  readonly #columns: readonly PartColumns[];
  /** By number; there is no entry 0. */
  readonly #texts: string[] = [''];
  /** The batch that used an entry last, and its id there. */
  #batches = new Uint32Array(4096);
  #ids = new Uint32Array(4096);
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
    this.#numbers = this.dimensions.map(() => new Map<string, number>());
    this.#ofValues = new Uint32Array(capacity * mostOfColumn);
  }

  /** Enters what a column's part came to. */
  add(column: number, value: number, fields: ColumnFields): void {
    // The part of a column gives all fields of its dimensions.
    const event = fields as NormalizedEvent;
    const { dimensions } = this.#columns[column] as PartColumns;
    const first = this.#firstOf(column);
    for (const [index, name] of dimensions.entries()) {
      const number = this.#numberOf(first + index, dimensionEntry(name, event));
      this.#ofValues[value * mostOfColumn + index] = number;
    }
    for (const [name, id] of Object.entries(fields.correlation ?? {})) {
      if (id !== null) this.#hashesOf(column, name)[value] = hash32(id);
    }
  }

  /**
   * Writes the entries of the columns' values to `target`, in the order of `dimensions`, and the ids that they bring
   * along to `hashes` where a record has none of its own.
   */
  collect(values: Uint32Array, target: Uint32Array, hashes: Uint32Array): void {
    let at = 0;
    for (let column = 0; column < this.#columns.length; column++) {
      const base = (values[column] as number) * mostOfColumn;
      const { length } = (this.#columns[column] as PartColumns).dimensions;
      for (let index = 0; index < length; index++) target[at++] = this.#ofValues[base + index] as number;
    }
    for (const { column, field, hashes: known } of this.#carried) {
      if (hashes[field] === absent) hashes[field] = known[values[column] as number] as number;
    }
  }

  /** The id of an entry in a batch: batches are told apart by their numbers, from 1 on. */
  idIn(batch: number, entry: number, dictionary: Dictionary): number {
    if (this.#batches[entry] === batch) return this.#ids[entry] as number;
    const id = dictionary.append(this.#texts[entry] as string);
    this.#batches[entry] = batch;
    this.#ids[entry] = id;
    return id;
  }

  /** All values are forgotten, and with them their entries. */
  forget(): void {
    for (const numbers of this.#numbers) numbers.clear();
    this.#texts.length = 1;
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

  #firstOf(column: number): number {
    return this.#columns.slice(0, column).reduce((sum, { dimensions }) => sum + dimensions.length, 0);
  }

  #numberOf(dimension: number, text: string): number {
    const numbers = this.#numbers[dimension] as Map<string, number>;
    const isFew = numbers.size < fewTexts;
    const known = isFew ? numbers.get(text) : undefined;
    if (known !== undefined) return known;
    const number = this.#texts.push(text) - 1;
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
