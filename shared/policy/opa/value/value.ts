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
  readonly #byIdentity: ReadonlyMap<string, Entry>;
  #sorted: readonly Entry[] | undefined;
  #identity: string | undefined;

  private constructor(byIdentity: ReadonlyMap<string, Entry>) {
    this.#byIdentity = byIdentity;
  }

  /** The last of several values of one key counts. */
  static of(entries: Iterable<Entry>): RegoObject {
    const map = new Map<string, Entry>();
    for (const entry of entries) map.set(identityOf(entry[0]), entry);
    return new RegoObject(map);
  }

  get size(): number {
    return this.#byIdentity.size;
  }

  get(key: Value): Value | undefined {
    return this.#byIdentity.get(identityOf(key))?.[1];
  }

  has(key: Value): boolean {
    return this.#byIdentity.has(identityOf(key));
  }

  /** The entries in the order of their keys. */
  get entries(): readonly Entry[] {
    this.#sorted ??= [...this.#byIdentity.values()].toSorted((first, second) =>
      compareValues(first[0], second[0]),
    );
    return this.#sorted;
  }

  /** The object with `key` set. */
  with(key: Value, value: Value): RegoObject {
    const map = new Map(this.#byIdentity);
    map.set(identityOf(key), [key, value]);
    return new RegoObject(map);
  }

  get identity(): string {
    if (this.#identity === undefined) {
      const parts = [...this.#byIdentity].map(([identity, entry]) => `${identity}=${identityOf(entry[1])}`);
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
