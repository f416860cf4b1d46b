import {
  type CelFunc,
  celFunc,
  celMethod,
  CelScalar,
  type CelType,
  type CelValue,
  isCelList,
  isCelMap,
  isCelType,
  isCelUint,
  listType,
  mapType,
} from '@bufbuild/cel';
import { RE2JS } from 're2js';
import { characterFunctions, ordered } from './cel-characters.ts';
import { any, text } from './cel-define.ts';
import { isHierarchy, itemsOf } from './cel-values.ts';

const { BOOL, DOUBLE, INT, STRING, UINT } = CelScalar;
const list = listType(any);
const map = mapType(any, any);

/**
 * Operators and conversions of the language as `cel-go` has them, where the library differs: a whole number beside
 * a broken one is compared as a double, a key whose value is null is there, numbers are written as Go writes them.
 */
export function standardFunctions(): CelFunc[] {
  return [
    celFunc('_==_', [any, any], BOOL, equal),
    celFunc('_!=_', [any, any], BOOL, (a, b) => !equal(a, b)),
    celFunc('@in', [any, list], BOOL, (value, items) => {
      if (isHierarchy(items)) throw new Error('not a list');
      return [...items].some((item) => !incomparable(value, item) && equal(value, item));
    }),
    celFunc('_+_', [list, list], list, (a, b) => [...itemsOf(a), ...itemsOf(b)]),
    ...[STRING, DOUBLE, INT, BOOL, UINT].map((key) =>
      celFunc('@in', [key as CelType, map], BOOL, (value, entries) => there(entries, value)),
    ),
    celFunc('matches', [STRING, STRING], BOOL, (value, pattern) => RE2JS.compile(pattern).test(value)),
    celFunc('int', [STRING], INT, (value) => whole(value, -(2n ** 63n), 2n ** 63n - 1n)),
    celFunc('double', [STRING], DOUBLE, double),
    celFunc('string', [DOUBLE], STRING, written),
    celMethod('split', STRING, [STRING, INT], any, function (separator, limit) {
      return split(this, separator, Number(limit));
    }),
    ...characterFunctions(),
    ...ordered('_<_', (order) => order < 0),
    ...ordered('_<=_', (order) => order <= 0),
    ...ordered('_>_', (order) => order > 0),
    ...ordered('_>=_', (order) => order >= 0),
    celFunc('fieldIsThere', [any, STRING], BOOL, (value, name) => {
      if (!isCelMap(value)) throw new Error(`there is no field ${name} in what is no map`);
      return value.get(name) !== undefined;
    }),
  ];
}

interface Message {
  readonly desc: { readonly typeName: string };
  readonly message: { readonly seconds: bigint; readonly nanos: number };
}

/** Equality of CEL (language definition, "Equality"): numbers by value, maps and lists item by item. */
export function equal(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  const [one, other] = [isCelUint(a) ? a.value : a, isCelUint(b) ? b.value : b];
  if (typeof one === 'number' && typeof other === 'bigint') return one === Number(other);
  if (typeof one === 'bigint' && typeof other === 'number') return Number(one) === other;
  if (one instanceof Uint8Array)
    return (
      other instanceof Uint8Array &&
      one.length === other.length &&
      one.every((byte, index) => byte === other[index])
    );
  if (incomparable(one, other)) throw new Error('a hierarchy is compared with hierarchies only');
  if (isCelList(one))
    return (
      isCelList(other) &&
      isHierarchy(one) === isHierarchy(other) &&
      one.size === other.size &&
      [...one].every((item, index) => incomparable(item, other.get(index)) || equal(item, other.get(index)))
    );
  if (isCelMap(one))
    return (
      isCelMap(other) &&
      one.size === other.size &&
      [...one].every(
        ([key, item]) =>
          there(other, key) && (incomparable(item, other.get(key)) || equal(item, other.get(key))),
      )
    );
  if (isCelType(one)) return isCelType(other) && one.kind === other.kind && one.name === other.name;
  if (isMessage(one) && isMessage(other))
    return (
      one.desc.typeName === other.desc.typeName &&
      one.message.seconds === other.message.seconds &&
      one.message.nanos === other.message.nanos
    );
  return one === other;
}

/** A hierarchy beside what is none is an error; within lists and maps the program passes over it. */
function incomparable(one: unknown, other: unknown): boolean {
  return isHierarchy(one) && other !== null && !isHierarchy(other);
}

/** Timestamps and durations are the only messages that policies meet. */
function isMessage(value: unknown): value is Message {
  return typeof value === 'object' && value !== null && 'desc' in value && 'message' in value;
}

function there(entries: unknown, key: CelValue): boolean {
  if (!isCelMap(entries)) return false;
  if (typeof key === 'object' && !isCelUint(key)) return false;
  return entries.get(key) !== undefined;
}

function whole(value: string, least: bigint, most: bigint): bigint {
  if (!/^[+-]?\d+$/.test(value)) throw new Error(`${value} is no whole number`);
  const number = BigInt(value.replace('+', ''));
  if (number < least || number > most) throw new Error(`${value} is too large`);
  return number;
}

const words: Readonly<Record<string, number>> = {
  inf: Number.POSITIVE_INFINITY,
  infinity: Number.POSITIVE_INFINITY,
  nan: Number.NaN,
};

function double(value: string): number {
  const [, sign, word] = /^([+-]?)([a-z]+)$/i.exec(value) ?? [];
  const named = words[word?.toLowerCase() ?? ''];
  if (named !== undefined) return sign === '-' ? -named : named;
  if (!/^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(value)) throw new Error(`${value} is no number`);
  return Number(value);
}

/** The shortest text of a double, with an exponent where Go's `%g` has one. */
function written(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf';
  if (Object.is(value, -0)) return '-0';
  const [digits = '', exponent = '0'] = value.toExponential().split('e');
  const power = Number(exponent);
  if (value === 0 || (power >= -4 && power < 6)) return plainly(value);
  return `${digits}e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`;
}

function plainly(value: number): string {
  const plain = String(value);
  return plain.includes('e') ? value.toFixed(20).replace(/0+$/, '') : plain;
}

/** The last part holds the rest, as Go's `SplitN` does. */
function split(value: string, separator: string, limit: number): string[] {
  const parts = separator === '' ? Array.from(value) : value.split(separator);
  if (limit === 0) return [];
  if (limit < 0 || parts.length <= limit) return parts;
  return [...parts.slice(0, limit - 1), parts.slice(limit - 1).join(text(separator))];
}
