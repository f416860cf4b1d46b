import { compareText } from './text.ts';
import { BigNumber, compareNumbers, numberText } from './number.ts';

/**
 * Rego's values. An object's keys may be any value; sets and objects are ordered by value, so that the same
 * collection always prints the same. Undefined is JavaScript's `undefined`.
 */
export type Value = null | boolean | number | BigNumber | string | RegoArray | RegoSet | RegoObject;
export type RegoArray = readonly Value[];

/** Identity of a value as text: two values are the same exactly when their identities are. */
export function identityOf(value: Value): string {
  if (typeof value === 'string') return `s${value.length}:${value}`;
  if (typeof value === 'number') return `n${value}`;
  if (value === null) return 'z';
  if (value === true) return 't';
  if (value === false) return 'f';
  if (value instanceof BigNumber) return `n${numberText(value)}`;
  if (value instanceof RegoSet || value instanceof RegoObject) return value.identity;
  let identity = `a${value.length}[`;
  for (const item of value) identity += identityOf(item);
  return `${identity}]`;
}

export class RegoSet {
  readonly #byIdentity: ReadonlyMap<string, Value>;
  #sorted: readonly Value[] | undefined;
  #identity: string | undefined;

  private constructor(byIdentity: ReadonlyMap<string, Value>) {
    this.#byIdentity = byIdentity;
  }

  static of(items: Iterable<Value>): RegoSet {
    const map = new Map<string, Value>();
    for (const item of items) {
      const identity = identityOf(item);
      if (!map.has(identity)) map.set(identity, item);
    }
    return new RegoSet(map);
  }

  get size(): number {
    return this.#byIdentity.size;
  }

  has(item: Value): boolean {
    return this.#byIdentity.has(identityOf(item));
  }

  /** The members in the order of values. */
  get items(): readonly Value[] {
    this.#sorted ??= [...this.#byIdentity.values()].toSorted(compareValues);
    return this.#sorted;
  }

  get identity(): string {
    this.#identity ??= `u${this.size}{${[...this.#byIdentity.keys()].toSorted().join('')}}`;
    return this.#identity;
  }
}

export type Entry = readonly [key: Value, value: Value];

export class RegoObject {
  /** Members by keys that are texts, as nearly all are; the others by the identity of their keys. */
  readonly #texts: ReadonlyMap<string, Value>;
  readonly #others: ReadonlyMap<string, Entry> | null;
  /** Members that nobody knows, each with who is to hear that it was read. */
  readonly #hidden: ReadonlyMap<string, () => void> | null;
  #sorted: readonly Entry[] | undefined;
  #identity: string | undefined;

  private constructor(
    texts: ReadonlyMap<string, Value>,
    others: ReadonlyMap<string, Entry> | null,
    hidden: ReadonlyMap<string, () => void> | null = null,
  ) {
    this.#texts = texts;
    this.#others = others;
    this.#hidden = hidden;
  }

  /** The last of several values of one key counts. */
  static of(entries: Iterable<Entry>): RegoObject {
    const texts = new Map<string, Value>();
    let others: Map<string, Entry> | null = null;
    for (const entry of entries) {
      const [key, value] = entry;
      if (typeof key === 'string') texts.set(key, value);
      else {
        others ??= new Map();
        others.set(identityOf(key), entry);
      }
    }
    return new RegoObject(texts, others);
  }

  /** The same object with a member that nobody knows: whoever reads it, or all members, is told of. */
  hiding(key: string, tell: () => void): RegoObject {
    return new RegoObject(this.#texts, this.#others, new Map(this.#hidden ?? []).set(key, tell));
  }

  get size(): number {
    this.#tellAll();
    return this.#texts.size + (this.#others?.size ?? 0);
  }

  get(key: Value): Value | undefined {
    if (this.#hidden !== null && typeof key === 'string') this.#hidden.get(key)?.();
    return typeof key === 'string' ? this.#texts.get(key) : this.#others?.get(identityOf(key))?.[1];
  }

  has(key: Value): boolean {
    return this.get(key) !== undefined;
  }

  /** The entries in the order of their keys. */
  get entries(): readonly Entry[] {
    this.#tellAll();
    if (this.#sorted !== undefined) return this.#sorted;
    const texts: Entry[] = [...this.#texts].toSorted(([first], [second]) => compareText(first, second));
    this.#sorted =
      this.#others === null
        ? texts
        : [...texts, ...this.#others.values()].toSorted(([first], [second]) => compareValues(first, second));
    return this.#sorted;
  }

  /** The object with `key` set. */
  with(key: Value, value: Value): RegoObject {
    if (typeof key === 'string') {
      const hidden = this.#hidden === null ? null : new Map(this.#hidden);
      hidden?.delete(key);
      return new RegoObject(new Map(this.#texts).set(key, value), this.#others, hidden);
    }
    const others = new Map(this.#others ?? []);
    return new RegoObject(this.#texts, others.set(identityOf(key), [key, value]), this.#hidden);
  }

  #tellAll(): void {
    if (this.#hidden !== null) for (const tell of this.#hidden.values()) tell();
  }

  get identity(): string {
    this.#tellAll();
    if (this.#identity === undefined) {
      const parts: string[] = [];
      for (const [key, value] of this.#texts) parts.push(`${identityOf(key)}=${identityOf(value)}`);
      for (const [identity, entry] of this.#others ?? []) parts.push(`${identity}=${identityOf(entry[1])}`);
      this.#identity = `o${this.size}{${parts.toSorted().join('')}}`;
    }
    return this.#identity;
  }
}

export const emptySet = RegoSet.of([]);
export const emptyObject = RegoObject.of([]);

export function isArray(value: Value | undefined): value is RegoArray {
  return Array.isArray(value);
}

export function isNumber(value: Value | undefined): value is number | BigNumber {
  return typeof value === 'number' || value instanceof BigNumber;
}

export type TypeName = 'null' | 'boolean' | 'number' | 'string' | 'array' | 'object' | 'set';

export function typeOf(value: Value): TypeName {
  if (value === null) return 'null';
  if (typeof value === 'boolean') return 'boolean';
  if (typeof value === 'string') return 'string';
  if (isNumber(value)) return 'number';
  if (value instanceof RegoSet) return 'set';
  return value instanceof RegoObject ? 'object' : 'array';
}

const typeRank: Record<TypeName, number> = {
  null: 0,
  boolean: 1,
  number: 2,
  string: 3,
  array: 4,
  object: 5,
  set: 6,
};

/**
 * OPA's total order of values: null, booleans, numbers, strings (by code point), arrays, objects, sets; composite
 * values element by element (https://www.openpolicyagent.org/docs/policy-reference/builtins/comparison).
 */
export function compareValues(first: Value, second: Value): number {
  if (typeof first === 'string' && typeof second === 'string') return compareText(first, second);
  if (isNumber(first) && isNumber(second)) return compareNumbers(first, second);
  const rank = typeRank[typeOf(first)] - typeRank[typeOf(second)];
  if (rank !== 0) return rank;
  if (typeof first === 'boolean') return Number(first) - Number(second);
  if (isArray(first) && isArray(second)) return compareLists(first, second);
  if (first instanceof RegoSet && second instanceof RegoSet) return compareLists(first.items, second.items);
  if (first instanceof RegoObject && second instanceof RegoObject) return compareObjects(first, second);
  return 0;
}

function compareLists(first: readonly Value[], second: readonly Value[]): number {
  const length = Math.min(first.length, second.length);
  for (let index = 0; index < length; index++) {
    const order = compareValues(first[index] as Value, second[index] as Value);
    if (order !== 0) return order;
  }
  return first.length - second.length;
}

function compareObjects(first: RegoObject, second: RegoObject): number {
  const length = Math.min(first.size, second.size);
  for (let index = 0; index < length; index++) {
    const [firstKey, firstValue] = first.entries[index] as Entry;
    const [secondKey, secondValue] = second.entries[index] as Entry;
    const order = compareValues(firstKey, secondKey) || compareValues(firstValue, secondValue);
    if (order !== 0) return order;
  }
  return first.size - second.size;
}

export function sameValue(first: Value, second: Value): boolean {
  if (typeof first !== 'object' || typeof second !== 'object') return first === second;
  if (first === null || second === null) return first === second;
  return first === second || identityOf(first) === identityOf(second);
}

/**
 * What lies in `value` at `key`: an array's item at a whole number, an object's value, a set's member itself.
 * Undefined where there is none.
 */
export function lookup(value: Value, key: Value): Value | undefined {
  if (value instanceof RegoObject) return value.get(key);
  if (value instanceof RegoSet) return value.has(key) ? key : undefined;
  return isArray(value) && typeof key === 'number' && Number.isInteger(key) ? value[key] : undefined;
}

/** Keys and values of a collection, in order; nothing for a scalar. A set's members are their own keys. */
export function* entriesOf(value: Value): Iterable<Entry> {
  if (value instanceof RegoObject) yield* value.entries;
  else if (value instanceof RegoSet) for (const item of value.items) yield [item, item];
  else if (isArray(value)) yield* value.entries();
}
