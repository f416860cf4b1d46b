import type { BuiltinFunction } from '../evaluate/context.ts';
import { BuiltinProblem } from '../evaluate/problems.ts';
import * as arithmetic from '../value/arithmetic.ts';
import type { RegoNumber } from '../value/number.ts';
import { characters } from '../value/text.ts';
import {
  compareValues,
  emptySet,
  entriesOf,
  isArray,
  isNumber,
  RegoObject,
  RegoSet,
  sameValue,
  typeOf,
  type Value,
} from '../value/value.ts';
import { any, array, integer, items, set } from './operands.ts';

function numbers(args: readonly Value[]): RegoNumber[] {
  return items(args, 0).map((item) => {
    if (!isNumber(item)) throw new BuiltinProblem(`operand 1 must contain numbers but has ${typeOf(item)}`);
    return item;
  });
}

function extreme(args: readonly Value[], sign: number): Value | undefined {
  let best: Value | undefined;
  for (const item of items(args, 0)) {
    if (best === undefined || compareValues(item, best) * sign > 0) best = item;
  }
  return best;
}

function count(args: readonly Value[]): number {
  const value = any(args, 0);
  if (typeof value === 'string') return characters(value).length;
  if (value instanceof RegoSet || value instanceof RegoObject) return value.size;
  if (isArray(value)) return value.length;
  throw new BuiltinProblem(`operand 1 must be one of {array, object, set, string} but got ${typeOf(value)}`);
}

function sets(args: readonly Value[]): RegoSet[] {
  return set(args, 0).items.map((item) => {
    if (!(item instanceof RegoSet)) throw new BuiltinProblem('operand 1 must be set of sets');
    return item;
  });
}

export const collectionBuiltins: Readonly<Record<string, BuiltinFunction>> = {
  count,
  sum: (args) => numbers(args).reduce(arithmetic.add, 0),
  product: (args) => numbers(args).reduce(arithmetic.multiply, 1),
  max: (args) => extreme(args, 1),
  min: (args) => extreme(args, -1),
  sort: (args) => items(args, 0).toSorted(compareValues),
  all: (args) => items(args, 0).every((item) => item === true),
  any: (args) => items(args, 0).some((item) => item === true),
  'internal.member_2': (args) => {
    for (const [, value] of entriesOf(any(args, 1))) if (sameValue(value, any(args, 0))) return true;
    return false;
  },
  'internal.member_3': (args) => {
    for (const [key, value] of entriesOf(any(args, 2))) {
      if (sameValue(key, any(args, 0)) && sameValue(value, any(args, 1))) return true;
    }
    return false;
  },
  and: (args) => {
    const other = set(args, 1);
    return RegoSet.of(set(args, 0).items.filter((item) => other.has(item)));
  },
  or: (args) => RegoSet.of([...set(args, 0).items, ...set(args, 1).items]),
  union: (args) => RegoSet.of(sets(args).flatMap((member) => member.items)),
  intersection: (args) => {
    const [first, ...rest] = sets(args);
    if (first === undefined) return emptySet;
    return RegoSet.of(first.items.filter((item) => rest.every((other) => other.has(item))));
  },
  set_diff: (args) => {
    const removed = set(args, 1);
    return RegoSet.of(set(args, 0).items.filter((item) => !removed.has(item)));
  },
  'array.concat': (args) => [...array(args, 0), ...array(args, 1)],
  'array.reverse': (args) => array(args, 0).toReversed(),
  'array.flatten': (args) => array(args, 0).flatMap((item) => (isArray(item) ? [...item] : [item])),
  'array.slice': (args) => {
    const list = array(args, 0);
    const from = Math.max(0, integer(args, 1));
    const to = Math.min(list.length, integer(args, 2));
    return from >= to ? [] : list.slice(from, to);
  },
  is_number: (args) => isNumber(any(args, 0)),
  is_string: (args) => typeof any(args, 0) === 'string',
  is_boolean: (args) => typeof any(args, 0) === 'boolean',
  is_array: (args) => isArray(any(args, 0)),
  is_set: (args) => any(args, 0) instanceof RegoSet,
  is_object: (args) => any(args, 0) instanceof RegoObject,
  is_null: (args) => any(args, 0) === null,
  type_name: (args) => typeOf(any(args, 0)),
};
