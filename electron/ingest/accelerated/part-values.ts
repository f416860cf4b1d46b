/** Values that parts may come to before all are forgotten. */
export const mostValues = 0x2_0000;

/** Of one record, at most. */
const reserve = 64;

/** Values of parts by number, from 1 on: the same value has the same number, as far as other parts look at it. */
export class PartValueNumbers {
  readonly #numbers = new Map<unknown, number>();
  readonly #values = new Map<number, unknown>();
  readonly #capacity: number;
  #next = 1;

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
    return this.#next >= this.#capacity - reserve;
  }

  forget(): void {
    this.#numbers.clear();
    this.#values.clear();
    this.#next = 1;
  }
}
