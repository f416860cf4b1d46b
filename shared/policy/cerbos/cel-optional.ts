import {
  type CelFunc,
  celFunc,
  type CelMap,
  celMap,
  celMethod,
  type CelValue,
  isCelList,
  isCelMap,
  isCelUint,
} from '@bufbuild/cel';
import { any, method, plain, type Value } from './cel-define.ts';
import { itemsOf } from './cel-values.ts';

/** No map of a policy has this key: an optional value is the map that holds its value under it. */
const mark = '\u{0}optional';

const none = celMap(new Map([[mark, []]]));
const some = (value: Value): CelMap => celMap(new Map([[mark, [value]]]));

/** The value of an optional: a list of one or of none; null where it is no optional. */
export function optionalItems(value: unknown): CelValue[] | null {
  const held = isCelMap(value) && value.size === 1 ? value.get(mark) : undefined;
  return isCelList(held) ? [...held] : null;
}

function held(value: unknown): CelValue[] {
  const items = optionalItems(value);
  if (items === null) throw new Error('not an optional value');
  return items;
}

/** The first of some values, or none. */
export function optionalOf(items: readonly Value[]): CelMap {
  const [value] = items;
  return value === undefined ? none : some(value);
}

/** Optional values of CEL (`a.?b`, `a[?b]` and what can be asked of them), after `withoutSugar`. */
export function optionals(): CelFunc[] {
  return [
    celFunc('optional.of', [any], any, some),
    celFunc('optional.none', [], any, () => none),
    celFunc('optional.ofNonZeroValue', [any], any, (value) => (isZero(value) ? none : some(value))),
    plain('hasValue', (self) => held(self).length > 0),
    plain('value', (self) => {
      const [value] = held(self);
      if (value === undefined) throw new Error('optional.none() dereference');
      return value;
    }),
    method('orValue', (self, other) => held(self)[0] ?? nullOr(held(self), other)),
    method('or', (self, other) => (held(self).length > 0 ? optionalOf(held(self)) : (other as Value))),
    method('optField', (self, name) => select(self, name)),
    method('optIndex', (self, key) => select(self, key)),
    plain('optList', (self) => held(self)),
    plain('optFirst', (self) => optionalOf(itemsOf(self))),
    plain('optJoin', (self) => {
      const [inner] = itemsOf(self);
      return inner === undefined ? none : optionalOf(held(inner));
    }),
    plain('first', (self) => optionalOf(itemsOf(self))),
    plain('last', (self) => optionalOf(itemsOf(self).slice(-1))),
  ];
}

/** Null is a value too. */
function nullOr(items: readonly CelValue[], other: unknown): Value {
  return items.length > 0 ? null : (other as Value);
}

function select(self: unknown, key: unknown): CelMap {
  const items = optionalItems(self);
  if (items === null) return member(self, key);
  const [value] = items;
  return value === undefined ? none : member(value, key);
}

function member(container: unknown, key: unknown): CelMap {
  if (isCelList(container)) {
    const at = isCelUint(key) ? Number(key.value) : Number(key);
    if (!Number.isInteger(at)) throw new Error('not an index');
    return optionalOf([container.get(at)].filter((item) => item !== undefined));
  }
  if (!isCelMap(container)) throw new Error('not a container');
  const value = container.get(key as string);
  return value === undefined ? none : some(value);
}

function isZero(value: CelValue): boolean {
  if (isCelList(value) || isCelMap(value)) return value.size === 0;
  if (isCelUint(value)) return value.value === 0n;
  if (value instanceof Uint8Array) return value.length === 0;
  return value === null || value === false || value === 0 || value === 0n || value === '';
}

/** Pairs of key and value, and what macros with two variables make of them, after `withoutSugar`. */
export function pairs(): CelFunc[] {
  return [
    plain('pairs', (self) => {
      if (isCelMap(self)) return [...self].map(([key, value]) => [key, value]);
      return itemsOf(self).map((item, index) => [BigInt(index), item]);
    }),
    plain('pairMap', (self) => mapOf(itemsOf(self).map((pair) => itemsOf(pair)))),
    plain('mergedMap', (self) =>
      mapOf(itemsOf(self).flatMap((entries) => (isCelMap(entries) ? [...entries] : []))),
    ),
    celMethod('sortedPairs', any, [], any, function () {
      const sorted = itemsOf(this).map((pair) => itemsOf(pair));
      return sorted
        .toSorted(([a], [b]) => comparedAlike(a, b))
        .map(([, item]) => item)
        .filter((item) => item !== undefined);
    }),
  ];
}

function mapOf(entries: readonly (readonly (CelValue | undefined)[])[]): CelMap {
  const found = new Map<string | bigint | boolean, CelValue>();
  for (const [key, value] of entries) {
    const plainKey = isCelUint(key) ? key.value : key;
    if (
      value === undefined ||
      !(typeof plainKey === 'string' || typeof plainKey === 'bigint' || typeof plainKey === 'boolean')
    )
      throw new Error('not a key of a map');
    if (found.has(plainKey)) throw new Error(`insert failed: key ${String(plainKey)} already exists`);
    found.set(plainKey, value);
  }
  return celMap(found);
}

/** Order of values of one kind; CEL sorts no mixture. */
export function comparedAlike(a: unknown, b: unknown): number {
  const [one, other] = [isCelUint(a) ? a.value : a, isCelUint(b) ? b.value : b];
  const alike = typeof one === typeof other && isCelUint(a) === isCelUint(b);
  if (!alike || !['string', 'number', 'bigint', 'boolean'].includes(typeof one))
    throw new Error('values that cannot be sorted');
  return (one as string) < (other as string) ? -1 : one === other ? 0 : 1;
}
