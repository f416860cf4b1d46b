/** Values that parts may come to before all are forgotten. */
export const mostValues = 0x2_0000;

/** Of one record, at most. */
const reserve = 64;

/** Characters of values before all are forgotten: few may be long ones. */
const mostCharacters = 0x100_0000;

/** Values of parts by number, from 1 on: the same value has the same number, as far as other parts look at it. */
export class PartValueNumbers {
  readonly #numbers = new Map<unknown, number>();
  /** By number: nothing where no part looks at the value. */
  readonly #values: unknown[] = [undefined];
  readonly #capacity: number;
  /** Of all texts in values. */
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
    this.#values[number] = value;
    this.#characters += charactersOf(value);
    return number;
  }

  /** A number for a value that no part looks at. */
  next(): number {
    return this.#values.push(undefined) - 1;
  }

  valueOf(number: number): unknown {
    return this.#values[number];
  }

  isFull(): boolean {
    return this.#values.length >= this.#capacity - reserve || this.#characters >= mostCharacters;
  }

  forget(): void {
    this.#numbers.clear();
    this.#values.length = 1;
    this.#characters = 0;
  }
}

function charactersOf(value: unknown): number {
  if (typeof value === 'string') return value.length;
  if (typeof value !== 'object' || value === null) return 0;
  let characters = 0;
  for (const inner of Object.values(value)) characters += charactersOf(inner);
  return characters;
}
