import { type CelFunc, celFunc, celMethod, CelScalar, type CelValue, isCelList } from '@bufbuild/cel';
import { any, method, methods, plain } from './cel-define.ts';
import { hierarchies } from './cel-hierarchy.ts';
import { numbers } from './cel-math.ts';
import { spiffe } from './cel-spiffe.ts';
import { times } from '../../util/cel-time.ts';
import { itemsOf, keyOf } from './cel-values.ts';
import { networks } from './cel-network.ts';
import { comparedAlike, optionals, pairs } from './cel-optional.ts';
import { standardFunctions } from './cel-standard.ts';
import { texts } from './cel-text.ts';

const keysOf = (value: unknown) => new Set(itemsOf(value).map(keyOf));
const intersects = (a: unknown, b: unknown) => [...keysOf(a)].some((key) => keysOf(b).has(key));
const subset = (a: unknown, b: unknown) => {
  const other = keysOf(b);
  return itemsOf(a).every((item) => other.has(keyOf(item)));
};

/** In the order of the shorter list. */
const common = (a: unknown, b: unknown) => {
  const [one, two] = [itemsOf(a), itemsOf(b)];
  const [short, long] = one.length <= two.length ? [one, b] : [two, a];
  const other = keysOf(long);
  return short.filter((item) => other.has(keyOf(item)));
};
const without = (a: unknown, b: unknown) => {
  const other = keysOf(b);
  return itemsOf(a).filter((item) => !other.has(keyOf(item)));
};

function lists(): CelFunc[] {
  return [
    ...methods(['hasIntersection', 'has_intersection'], intersects),
    ...methods(['isSubset', 'is_subset'], subset),
    method('intersect', common),
    method('except', without),
    celFunc('hasIntersection', [any, any], any, intersects),
    celFunc('has_intersection', [any, any], any, intersects),
    celFunc('isSubset', [any, any], any, subset),
    celFunc('is_subset', [any, any], any, subset),
    celFunc('intersect', [any, any], any, common),
    celFunc('except', [any, any], any, without),
    plain('distinct', (self) => {
      const seen = new Set<string>();
      return itemsOf(self).filter((item) => !seen.has(keyOf(item)) && seen.add(keyOf(item)));
    }),
    plain('flatten', (self) => flattened(self, 1)),
    celMethod('flatten', any, [CelScalar.INT], any, function (depth) {
      if (depth < 0n) throw new Error('a negative depth');
      return flattened(this, Number(depth));
    }),
    plain('sort', (self) => itemsOf(self).toSorted(comparedAlike)),
    plain('reverse', (self) =>
      typeof self === 'string' ? Array.from(self).toReversed().join('') : itemsOf(self).toReversed(),
    ),
    celFunc('lists.range', [CelScalar.INT], any, (count) => {
      if (count > mostItems) throw new Error('too many items');
      return Array.from({ length: Number(count) }, (_, index) => BigInt(index));
    }),
    celFunc('id', [any], any, (value) => value),
    celMethod('slice', any, [CelScalar.INT, CelScalar.INT], any, function (from, to) {
      const items = itemsOf(this);
      if (from < 0n || to > BigInt(items.length) || from > to) throw new Error('out of bounds');
      return items.slice(Number(from), Number(to));
    }),
  ];
}

function flattened(value: unknown, depth: number): CelValue[] {
  return itemsOf(value).flatMap((item) =>
    depth > 0 && isCelList(item) ? flattened(item, depth - 1) : [item],
  );
}

/** A policy can ask for no longer list. */
const mostItems = 100_000n;

function sets(): CelFunc[] {
  return [
    celFunc('sets.contains', [any, any], any, (a, b) => subset(b, a)),
    celFunc('sets.equivalent', [any, any], any, (a, b) => subset(a, b) && subset(b, a)),
    celFunc('sets.intersects', [any, any], any, intersects),
  ];
}

/** What the language itself has: an argument that fits none of its forms is an error. */
export const standard: readonly CelFunc[] = [...standardFunctions(), ...times()];

/** What Cerbos adds to CEL (https://docs.cerbos.dev/cerbos/latest/policies/conditions): lists, sets, hierarchies, addresses, SPIFFE, numbers. */
export const cerbosFunctions: readonly CelFunc[] = [
  ...lists(),
  ...sets(),
  ...hierarchies(),
  ...spiffe(),
  ...numbers(),
  ...networks(),
  ...optionals(),
  ...pairs(),
  ...texts(),
];
