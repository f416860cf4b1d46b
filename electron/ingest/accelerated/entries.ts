import {
  type EventDimension,
  dimensionEntry,
  dimensionNames,
  dimensions,
  hashedFields,
} from '#shared/domain/dimensions.ts';
import type { ColumnFields, PartColumns } from '#shared/domain/event-part.ts';
import type { NormalizedEvent } from '#shared/domain/event.ts';
import { hash32 } from '#shared/util/hash32.ts';
import type { ColumnValues } from './column-values.ts';
import { TextPool } from './text-pool.ts';

/** So many entries of one dimension are found again by their texts; of more of them each is taken for a new one. */
const fewTexts = 4096;
/** Entries that one record may add. */
const spare = 64;

/** Dictionary entries by number, and the columns' values that they belong to. */
export class Entries {
  readonly #values: ColumnValues;
  readonly #columns: readonly PartColumns[];
  /** The dimensions of all columns, in order, and the first of each column. */
  readonly #dimensions: readonly EventDimension[];
  readonly #firsts: readonly number[];
  /** What an entry of nulls is, by dimension: its number is 0, and so is its id in every batch. */
  readonly #nulls: readonly string[];
  readonly #texts = new TextPool();
  readonly #numbers: readonly Map<string, number>[];

  constructor(columns: readonly PartColumns[], values: ColumnValues) {
    this.#values = values;
    this.#columns = columns;
    this.#dimensions = columns.flatMap(({ dimensions }) => dimensions);
    this.#firsts = columns.map(({ dimensions: [first] }) =>
      this.#dimensions.indexOf(first as EventDimension),
    );
    this.#numbers = this.#dimensions.map(() => new Map<string, number>());
    this.#nulls = this.#dimensions.map((name) => JSON.stringify(dimensions[name].map(() => null)));
    values.setSources(
      columns.flatMap(({ dimensions }, column) =>
        dimensions.map((name, index) => ({ column, index, ids: dimensionNames.indexOf(name) })),
      ),
    );
  }

  /** Enters what a column's part came to. */
  add(column: number, value: number, fields: ColumnFields): void {
    // The part of a column gives all fields of its dimensions.
    const event = fields as NormalizedEvent;
    const first = this.#firsts[column] as number;
    const { length } = (this.#columns[column] as PartColumns).dimensions;
    for (let index = 0; index < length; index++) {
      const entry = dimensionEntry(this.#dimensions[first + index] as EventDimension, event);
      this.#values.setEntry(value, index, this.#numberOf(first + index, entry));
    }
    if (fields.correlation === undefined) return;
    for (const [name, id] of Object.entries(fields.correlation)) {
      const field = hashedFields.findIndex((hashed) => hashed === `correlation.${name}`);
      if (id !== null) this.#values.setHash(column, field, value, hash32(id));
    }
  }

  textOf(entry: number): string {
    return this.#texts.textOf(entry);
  }

  /** Of an entry's text, in bytes. */
  lengthOf(entry: number): number {
    return this.#texts.lengthOf(entry);
  }

  /** Whether all should be forgotten before more is taken in. */
  isFull(): boolean {
    return this.#texts.isFull || this.#texts.count >= this.#values.mostEntries - spare;
  }

  /** All values are forgotten, and with them their entries. */
  forget(): void {
    for (const numbers of this.#numbers) numbers.clear();
    this.#texts.clear();
    this.#values.forget();
  }

  #numberOf(dimension: number, text: string): number {
    if (text === this.#nulls[dimension]) return 0;
    const numbers = this.#numbers[dimension] as Map<string, number>;
    const isFew = numbers.size < fewTexts;
    const known = isFew ? numbers.get(text) : undefined;
    if (known !== undefined) return known;
    const number = this.#texts.add(text);
    this.#values.setLength(number, this.#texts.lengthOf(number));
    if (isFew) numbers.set(text, number);
    return number;
  }
}
