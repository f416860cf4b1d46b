/** Values that parts may come to before all are forgotten. */
export const mostValues = 0x2_0000;

/** Of one record, at most. */
const reserve = 64;

/** Characters of values that are texts before all are forgotten: few values may be long ones. */
const mostCharacters = 0x100_0000;

/** Values of parts by number, from 1 on: the same value has the same number, as far as other parts look at it. */
export class PartValueNumbers {
  readonly #numbers = new Map<unknown, number>();
  readonly #values = new Map<number, unknown>();
  readonly #capacity: number;
  #next = 1;
  /** Of values that are texts; those of the others have their bounds. */
  #characters = 0;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  /** The number of a value: of objects the identity counts. */
  numberOf(value: unknown): number {
    const known = this.#numbers.get(value);
    if (known !== undefined) return known;
    const number = this.next();
    this.#numbers.set(value, number);
    this.#values.set(number, value);
    if (typeof value === 'string') this.#characters += value.length;
    return number;
  }

  /** A number for a value that no part looks at. */
  next(): number {
    return this.#next++;
  }

  valueOf(number: number): unknown {
    return this.#values.get(number);
  }

  isFull(): boolean {
    return this.#next >= this.#capacity - reserve || this.#characters >= mostCharacters;
  }

  forget(): void {
    this.#numbers.clear();
    this.#values.clear();
    this.#next = 1;
    this.#characters = 0;
  }
}
