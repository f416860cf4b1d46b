import { BuiltinProblem } from '../evaluate/problems.ts';
import { isWhole, type RegoNumber } from '../value/number.ts';
import {
  isArray,
  isNumber,
  type RegoArray,
  RegoObject,
  RegoSet,
  typeOf,
  type Value,
} from '../value/value.ts';

/** Reads the operands of builtins. What is of another type makes the call fail, as in OPA. */

function wrong(position: number, expected: string, value: Value | undefined): BuiltinProblem {
  const found = value === undefined ? 'nothing' : typeOf(value);
  return new BuiltinProblem(`operand ${position + 1} must be ${expected} but got ${found}`);
}

export function any(args: readonly Value[], position: number): Value {
  const value = args[position];
  if (value === undefined) throw wrong(position, 'a value', value);
  return value;
}

export function text(args: readonly Value[], position: number): string {
  const value = args[position];
  if (typeof value !== 'string') throw wrong(position, 'string', value);
  return value;
}

export function number(args: readonly Value[], position: number): RegoNumber {
  const value = args[position];
  if (!isNumber(value)) throw wrong(position, 'number', value);
  return value;
}

/** A whole number that a machine can count with. */
export function integer(args: readonly Value[], position: number): number {
  const value = number(args, position);
  if (typeof value !== 'number' || !Number.isInteger(value)) {
    throw new BuiltinProblem(
      isWhole(value)
        ? `operand ${position + 1} is too large`
        : `operand ${position + 1} must be integer number but got floating-point number`,
    );
  }
  return value;
}

export function array(args: readonly Value[], position: number): RegoArray {
  const value = args[position];
  if (!isArray(value)) throw wrong(position, 'array', value);
  return value;
}

export function set(args: readonly Value[], position: number): RegoSet {
  const value = args[position];
  if (!(value instanceof RegoSet)) throw wrong(position, 'set', value);
  return value;
}

export function object(args: readonly Value[], position: number): RegoObject {
  const value = args[position];
  if (!(value instanceof RegoObject)) throw wrong(position, 'object', value);
  return value;
}

/** The items of an array or a set. */
export function items(args: readonly Value[], position: number): readonly Value[] {
  const value = args[position];
  if (value instanceof RegoSet) return value.items;
  if (!isArray(value)) throw wrong(position, 'one of {array, set}', value);
  return value;
}

/** The texts of an array or a set. */
export function texts(args: readonly Value[], position: number): readonly string[] {
  return items(args, position).map((item) => {
    if (typeof item !== 'string') {
      throw new BuiltinProblem(
        `operand ${position + 1} must be array of strings but got array containing ${typeOf(item)}`,
      );
    }
    return item;
  });
}
