import {
  type EventDimension,
  dimensionEntry,
  dimensionNames,
  dimensions,
  hashedFields,
} from '#shared/domain/dimensions.ts';
import type { ColumnFields, PartColumns } from '#shared/domain/event-part.ts';
import type { Correlation, NormalizedEvent, Principal } from '#shared/domain/event.ts';
import { hash32 } from '#shared/util/hash32.ts';
import type { ColumnValues } from './column-values.ts';
import type { TextPool } from './text-pool.ts';

/** So many entries of one dimension are found again by their texts; of more of them each is taken for a new one. */
const fewTexts = 4096;
/** Objects with longer texts are not held. */
const shortText = 1024;

/** Ids that columns may bring along, by their places among the hashed fields. */
const correlationNames: readonly (readonly [field: number, name: keyof Correlation])[] = hashedFields.flatMap(
  (name, field) =>
    name === 'vendorId' ? [] : [[field, name.slice('correlation.'.length) as keyof Correlation]],
);

/** Dictionary entries by number, and the columns' values that they belong to. */
export class Entries {
  readonly #values: ColumnValues;
  readonly #columns: readonly PartColumns[];
  /** The dimensions of all columns, in order, and the first of each column. */
  readonly #dimensions: readonly EventDimension[];
  readonly #firsts: readonly number[];
  /** What an entry of nulls is, by dimension: its number is 0, and so is its id in every batch. */
  readonly #nulls: readonly string[];
  readonly #texts: TextPool;
  readonly #numbers: readonly Map<string, number>[];
  /** Principals are the same objects again and again: their entries, by dimension. */
  readonly #ofPrincipals: readonly Map<Principal, number>[];

  constructor(columns: readonly PartColumns[], values: ColumnValues, texts: TextPool) {
    this.#values = values;
    this.#texts = texts;
    this.#columns = columns;
    this.#dimensions = columns.flatMap(({ dimensions }) => dimensions);
    this.#firsts = columns.map(({ dimensions: [first] }) =>
      this.#dimensions.indexOf(first as EventDimension),
    );
    this.#numbers = this.#dimensions.map(() => new Map<string, number>());
    this.#ofPrincipals = this.#dimensions.map(() => new Map<Principal, number>());
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
      this.#values.setEntry(value, index, this.#entryOf(first + index, event));
    }
    if (fields.correlation === undefined) return;
    for (const [field, name] of correlationNames) {
      const id = fields.correlation[name] ?? null;
      if (id !== null) this.#values.setHash(column, field, value, hash32(id));
    }
  }

  /** Whether all should be forgotten before more is taken in. */
  isFull(): boolean {
    return this.#texts.isFull;
  }

  /** All values are forgotten, and with them their entries. */
  forget(): void {
    for (const numbers of [...this.#numbers, ...this.#ofPrincipals]) numbers.clear();
    this.#texts.clear();
    this.#values.forget();
  }

  /** The number of what an event is in a dimension. */
  #entryOf(dimension: number, event: NormalizedEvent): number {
    const name = this.#dimensions[dimension] as EventDimension;
    const principal = name === 'subject' ? event.subject : name === 'actor' ? event.actor : undefined;
    if (principal === null) return 0;
    const ofPrincipals = this.#ofPrincipals[dimension] as Map<Principal, number>;
    const known = principal === undefined ? undefined : ofPrincipals.get(principal);
    if (known !== undefined) return known;
    const text = dimensionEntry(name, event);
    const number = this.#numberOf(dimension, text);
    const isFew = ofPrincipals.size < fewTexts && text.length < shortText;
    if (isFew && principal !== undefined) ofPrincipals.set(principal, number);
    return number;
  }

  #numberOf(dimension: number, text: string): number {
    if (text === this.#nulls[dimension]) return 0;
    const numbers = this.#numbers[dimension] as Map<string, number>;
    const isFew = numbers.size < fewTexts;
    const known = isFew ? numbers.get(text) : undefined;
    if (known !== undefined) return known;
    const number = this.#texts.add(text);
    if (isFew) numbers.set(text, number);
    return number;
  }
}
