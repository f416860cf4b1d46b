import { type CelFunc, celFunc, type CelInput, celMethod, CelScalar, isCelList } from '@bufbuild/cel';
import { itemsOf, keyOf } from './cel-values.ts';
import { inRange } from './ip-range.ts';

const any = CelScalar.DYN;
type Value = CelInput;

/** A method with one argument. */
function method(name: string, run: (self: unknown, argument: unknown) => Value): CelFunc {
  return celMethod(name, any, [any], any, function (argument) {
    return run(this, argument);
  });
}

function methods(names: readonly string[], run: (self: unknown, argument: unknown) => Value): CelFunc[] {
  return names.map((name) => method(name, run));
}

function plain(name: string, run: (self: unknown) => Value): CelFunc {
  return celMethod(name, any, [], any, function () {
    return run(this);
  });
}

function text(value: unknown): string {
  if (typeof value !== 'string') throw new Error('not a text');
  return value;
}

const keysOf = (value: unknown) => new Set(itemsOf(value).map(keyOf));
const intersects = (a: unknown, b: unknown) => [...keysOf(a)].some((key) => keysOf(b).has(key));
const subset = (a: unknown, b: unknown) => {
  const other = keysOf(b);
  return itemsOf(a).every((item) => other.has(keyOf(item)));
};

function lists(): CelFunc[] {
  return [
    ...methods(['hasIntersection', 'has_intersection'], intersects),
    ...methods(['isSubset', 'is_subset'], subset),
    method('intersect', (a, b) => {
      const other = keysOf(b);
      return itemsOf(a).filter((item) => other.has(keyOf(item))) as Value;
    }),
    method('except', (a, b) => {
      const other = keysOf(b);
      return itemsOf(a).filter((item) => !other.has(keyOf(item))) as Value;
    }),
    celFunc('hasIntersection', [any, any], any, intersects),
    celFunc('has_intersection', [any, any], any, intersects),
    celFunc('isSubset', [any, any], any, subset),
    celFunc('intersect', [any, any], any, (a, b) => {
      const other = keysOf(b);
      return itemsOf(a).filter((item) => other.has(keyOf(item))) as Value;
    }),
    plain('distinct', (self) => {
      const seen = new Set<string>();
      return itemsOf(self).filter((item) => !seen.has(keyOf(item)) && seen.add(keyOf(item))) as Value;
    }),
    plain(
      'flatten',
      (self) => itemsOf(self).flatMap((item) => (isCelList(item) ? [...item] : [item])) as Value,
    ),
    plain('sort', (self) => itemsOf(self).toSorted(compare) as Value),
    plain('reverse', (self) =>
      typeof self === 'string' ? [...self].toReversed().join('') : (itemsOf(self).toReversed() as Value),
    ),
    celFunc('lists.range', [CelScalar.INT], any, (count) => {
      if (count > mostItems) throw new Error('too many items');
      return Array.from({ length: Number(count) }, (_, index) => BigInt(index)) as Value;
    }),
    celFunc('id', [any], any, (value) => value as Value),
    celMethod('slice', any, [CelScalar.INT, CelScalar.INT], any, function (from, to) {
      const items = itemsOf(this);
      if (from < 0n || to > BigInt(items.length) || from > to) throw new Error('out of bounds');
      return items.slice(Number(from), Number(to)) as Value;
    }),
  ];
}

/** A policy can ask for no longer list. */
const mostItems = 100_000n;

function compare(a: unknown, b: unknown): number {
  if (typeof a === 'string' && typeof b === 'string') return a < b ? -1 : a > b ? 1 : 0;
  if ((typeof a === 'number' || typeof a === 'bigint') && (typeof b === 'number' || typeof b === 'bigint'))
    return a < b ? -1 : a > b ? 1 : 0;
  throw new Error('values that cannot be sorted');
}

function sets(): CelFunc[] {
  return [
    celFunc('sets.contains', [any, any], any, (a, b) => subset(b, a)),
    celFunc('sets.equivalent', [any, any], any, (a, b) => subset(a, b) && subset(b, a)),
    celFunc('sets.intersects', [any, any], any, intersects),
  ];
}

/** A hierarchy is the list of its segments: size, index and comparison are those of lists. */
function hierarchies(): CelFunc[] {
  const segments = (value: unknown, delimiter = '.') =>
    isCelList(value) ? itemsOf(value).map(text) : text(value).split(delimiter);
  const starts = (long: readonly string[], short: readonly string[]) =>
    short.every((segment, index) => long[index] === segment);
  const relation = (name: string, holds: (a: readonly string[], b: readonly string[]) => boolean) =>
    method(name, (a, b) => holds(segments(a), segments(b)));
  return [
    celFunc('hierarchy', [any], any, (value) => segments(value) as Value),
    celFunc(
      'hierarchy',
      [CelScalar.STRING, CelScalar.STRING],
      any,
      (value, delimiter) => segments(value, delimiter) as Value,
    ),
    relation('ancestorOf', (a, b) => a.length < b.length && starts(b, a)),
    relation('descendentOf', (a, b) => b.length < a.length && starts(a, b)),
    relation('immediateParentOf', (a, b) => a.length + 1 === b.length && starts(b, a)),
    relation('immediateChildOf', (a, b) => b.length + 1 === a.length && starts(a, b)),
    relation('siblingOf', (a, b) => a.length === b.length && starts(a, b.slice(0, -1))),
    relation('overlaps', (a, b) => (a.length < b.length ? starts(b, a) : starts(a, b))),
    method('commonAncestors', (a, b) => {
      const [one, two] = [segments(a), segments(b)];
      const shortest = Math.min(one.length, two.length);
      const differs = one.findIndex((segment, index) => segment !== two[index]);
      const common = differs === -1 ? shortest : Math.min(differs, shortest);
      const proper = one.length === two.length && common === one.length ? common - 1 : common;
      return one.slice(0, Math.max(proper, 0)) as Value;
    }),
  ];
}

const spiffeId = /^spiffe:\/\/([a-z0-9._-]+)((?:\/[A-Za-z0-9._-]+)*)$/;

/** A SPIFFE ID and a trust domain are their texts, a matcher is a list of what it accepts. */
function spiffe(): CelFunc[] {
  const id = (value: unknown) => {
    if (!spiffeId.test(text(value))) throw new Error('not a SPIFFE ID');
    return text(value);
  };
  const domain = (value: unknown) => spiffeId.exec(text(value))?.[1] ?? text(value);
  return [
    celFunc('spiffeID', [any], any, id),
    celFunc('spiffeTrustDomain', [any], any, (value) => `spiffe://${domain(value)}`),
    plain('trustDomain', (self) => `spiffe://${domain(self)}`),
    plain('path', (self) => spiffeId.exec(text(self))?.[2] ?? ''),
    plain('name', (self) => domain(self)),
    plain('id', (self) => `spiffe://${domain(self)}`),
    method('isMemberOf', (self, of) => domain(self) === domain(of)),
    celFunc('spiffeMatchAny', [], any, () => ['any'] as Value),
    celFunc('spiffeMatchExact', [any], any, (value) => ['ids', id(value)] as Value),
    celFunc('spiffeMatchOneOf', [any], any, (values) => ['ids', ...itemsOf(values).map(id)] as Value),
    celFunc('spiffeMatchTrustDomain', [any], any, (value) => ['domain', domain(value)] as Value),
    method('matchesID', (matcher, value) => {
      const [kind, ...accepted] = itemsOf(matcher);
      if (kind === 'any') return true;
      return accepted.includes(kind === 'ids' ? id(value) : domain(value));
    }),
  ];
}

/** The `math` extension of CEL, for whole and for broken numbers. */
function numbers(): CelFunc[] {
  const extreme = (name: string, better: (a: number | bigint, b: number | bigint) => boolean): CelFunc[] => {
    const pick = (values: readonly unknown[]): Value => {
      const [first, ...rest] = values.map(number);
      if (first === undefined) throw new Error('no numbers');
      return rest.reduce((best, next) => (better(next, best) ? next : best), first);
    };
    const arities = [1, 2, 3, 4, 5].map((count) =>
      celFunc(
        name,
        Array.from({ length: count }, () => any),
        any,
        (...values: unknown[]) =>
          pick(values.length === 1 && isCelList(values[0]) ? itemsOf(values[0]) : values),
      ),
    );
    return arities;
  };
  const rounding = (name: string, run: (value: number) => number): CelFunc =>
    celFunc(name, [CelScalar.DOUBLE], CelScalar.DOUBLE, run);
  return [
    ...extreme('math.greatest', (a, b) => a > b),
    ...extreme('math.least', (a, b) => a < b),
    rounding('math.ceil', Math.ceil),
    rounding('math.floor', Math.floor),
    rounding('math.trunc', Math.trunc),
    rounding('math.round', (value) => Math.sign(value) * Math.round(Math.abs(value))),
    rounding('math.abs', Math.abs),
    rounding('math.sign', Math.sign),
    rounding('math.sqrt', Math.sqrt),
    bits('math.bitAnd', (a, b) => a & b),
    bits('math.bitOr', (a, b) => a | b),
    bits('math.bitXor', (a, b) => a ^ b),
    celFunc('math.bitNot', [CelScalar.INT], CelScalar.INT, (value) => ~value),
    celFunc('math.abs', [CelScalar.INT], CelScalar.INT, (value) => (value < 0n ? -value : value)),
    celFunc('math.sign', [CelScalar.INT], CelScalar.INT, (value) =>
      value < 0n ? -1n : value > 0n ? 1n : 0n,
    ),
    celFunc('math.isNaN', [CelScalar.DOUBLE], CelScalar.BOOL, Number.isNaN),
    celFunc('math.isFinite', [CelScalar.DOUBLE], CelScalar.BOOL, Number.isFinite),
  ];
}

function bits(name: string, run: (a: bigint, b: bigint) => bigint): CelFunc {
  return celFunc(name, [CelScalar.INT, CelScalar.INT], CelScalar.INT, run);
}

function number(value: unknown): number | bigint {
  if (typeof value !== 'number' && typeof value !== 'bigint') throw new Error('not a number');
  return value;
}

/** What Cerbos adds to CEL (https://docs.cerbos.dev/cerbos/latest/policies/conditions): lists, sets, hierarchies, addresses, SPIFFE, numbers. */
export const cerbosFunctions: readonly CelFunc[] = [
  ...lists(),
  ...sets(),
  ...hierarchies(),
  ...spiffe(),
  ...numbers(),
  method('inIPAddrRange', (address, range) => inRange(text(address), text(range))),
];
