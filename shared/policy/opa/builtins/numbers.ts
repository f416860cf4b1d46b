import type { BuiltinFunction } from '../evaluate/context.ts';
import { beyond, BuiltinProblem } from '../evaluate/problems.ts';
import * as arithmetic from '../value/arithmetic.ts';
import { isWhole, NumberTooLarge, parseNumber, toBigInt, wholeNumber } from '../value/number.ts';
import { compareValues, isNumber, RegoSet, sameValue, type Value } from '../value/value.ts';
import { any, number, set, text } from './operands.ts';

const greatestRange = 1_000_000;

function defined<Result>(value: Result | undefined, message: string): Result {
  if (value === undefined) throw new BuiltinProblem(message);
  return value;
}

/** A number of more digits than anyone writes down is a failure of the call. */
function bounded(operation: BuiltinFunction): BuiltinFunction {
  return (args, run) => {
    try {
      return operation(args, run);
    } catch (problem) {
      if (problem instanceof NumberTooLarge) throw new BuiltinProblem(problem.message);
      throw problem;
    }
  };
}

function whole(args: readonly Value[], position: number): bigint {
  const value = toBigInt(number(args, position));
  return defined(value, `operand ${position + 1} must be integer number but got floating-point number`);
}

function shift(args: readonly Value[]): bigint {
  const distance = whole(args, 1);
  if (distance < 0n)
    throw new BuiltinProblem('operand 2 must be an unsigned integer number but got a negative integer');
  if (distance > 16_384n) throw beyond('operand 2 is too large');
  return distance;
}

function range(args: readonly Value[], step: bigint): Value {
  const [from, to] = [whole(args, 0), whole(args, 1)];
  const count = (from < to ? to - from : from - to) / step;
  if (count > greatestRange) throw beyond('the range is too long');
  const direction = from <= to ? step : -step;
  return Array.from({ length: Number(count) + 1 }, (_, index) =>
    wholeNumber(from + BigInt(index) * direction),
  );
}

function minus(args: readonly Value[]): Value {
  const [first, second] = [any(args, 0), any(args, 1)];
  if (isNumber(first) && isNumber(second)) return arithmetic.subtract(first, second);
  if (isNumber(first)) throw new BuiltinProblem('operand 2 must be number');
  const removed = set(args, 1);
  return RegoSet.of(set(args, 0).items.filter((item) => !removed.has(item)));
}

export const numberBuiltins: Readonly<Record<string, BuiltinFunction>> = {
  plus: bounded((args) => arithmetic.add(number(args, 0), number(args, 1))),
  minus: bounded(minus),
  mul: bounded((args) => arithmetic.multiply(number(args, 0), number(args, 1))),
  div: bounded((args) => defined(arithmetic.divide(number(args, 0), number(args, 1)), 'divide by zero')),
  rem: bounded((args) => {
    const [first, second] = [number(args, 0), number(args, 1)];
    if (second === 0) throw new BuiltinProblem('modulo by zero');
    if (!isWhole(first) || !isWhole(second)) throw new BuiltinProblem('modulo on floating-point number');
    return arithmetic.remainder(first, second);
  }),
  abs: bounded((args) => arithmetic.absolute(number(args, 0))),
  round: bounded((args) => arithmetic.round(number(args, 0))),
  ceil: bounded((args) => arithmetic.ceiling(number(args, 0))),
  floor: bounded((args) => arithmetic.floor(number(args, 0))),
  'bits.or': bounded((args) => wholeNumber(whole(args, 0) | whole(args, 1))),
  'bits.and': bounded((args) => wholeNumber(whole(args, 0) & whole(args, 1))),
  'bits.xor': bounded((args) => wholeNumber(whole(args, 0) ^ whole(args, 1))),
  'bits.negate': bounded((args) => wholeNumber(~whole(args, 0))),
  'bits.lsh': bounded((args) => wholeNumber(whole(args, 0) << shift(args))),
  'bits.rsh': bounded((args) => wholeNumber(whole(args, 0) >> shift(args))),
  'numbers.range': bounded((args) => range(args, 1n)),
  'numbers.range_step': bounded((args) => {
    const step = whole(args, 2);
    if (step <= 0n) throw new BuiltinProblem('step must be a positive number above zero');
    return range(args, step);
  }),
  to_number: (args) => {
    const value = any(args, 0);
    if (value === null) return 0;
    if (typeof value === 'boolean') return value ? 1 : 0;
    if (isNumber(value)) return value;
    const written = text(args, 0);
    const plain = /^[+-]?\d/.test(written) || /^[+-]?\.\d/.test(written);
    const json = written
      .replace(/^\+/, '')
      .replace(/^(-?)\./, '$10.')
      .replace(/\.(?=[eE]|$)/, '');
    return defined(plain ? parseNumber(json) : undefined, `invalid syntax: ${written}`);
  },
  equal: (args) => sameValue(any(args, 0), any(args, 1)),
  eq: (args) => sameValue(any(args, 0), any(args, 1)),
  neq: (args) => !sameValue(any(args, 0), any(args, 1)),
  lt: (args) => compareValues(any(args, 0), any(args, 1)) < 0,
  lte: (args) => compareValues(any(args, 0), any(args, 1)) <= 0,
  gt: (args) => compareValues(any(args, 0), any(args, 1)) > 0,
  gte: (args) => compareValues(any(args, 0), any(args, 1)) >= 0,
  'units.parse': bounded((args) => parseUnits(text(args, 0))),
  'units.parse_bytes': bounded((args) => parseBytes(text(args, 0))),
};

const decimalUnits = ['k', 'm', 'g', 't', 'p', 'e'];

function amount(written: string): { digits: string; unit: string } {
  if (written.includes(' ')) throw new BuiltinProblem('spaces not allowed in resource strings');
  const match = /^([-+]?[0-9]*\.?[0-9]*(?:[eE][-+]?[0-9]+)?)([A-Za-z]*)$/.exec(written);
  if (match === null) throw new BuiltinProblem('could not parse amount to a number');
  const [, digits = '', unit = ''] = match;
  if (!/\d/.test(digits)) throw new BuiltinProblem('no amount provided');
  return { digits, unit };
}

function scaled(digits: string, factor: bigint): Value {
  const json = digits
    .replace(/^\+/, '')
    .replace(/^(-?)\./, '$10.')
    .replace(/\.(?=[eE]|$)/, '');
  const value = defined(
    parseNumber(json.replace(/^(-?)0+(?=\d)/, '$1')),
    'could not parse amount to a number',
  );
  return arithmetic.multiply(value, wholeNumber(factor));
}

/** Units of resources as Kubernetes writes them: `m` a thousandth, `K` a thousand, `Ki` 1024. */
function parseUnits(quoted: string): Value {
  const { digits, unit } = amount(quoted.replaceAll('"', ''));
  if (unit === 'm') {
    const value = scaled(digits, 1n);
    return defined(isNumber(value) ? arithmetic.divide(value, 1000) : undefined, 'no amount provided');
  }
  const lower = unit === 'M' ? 'm' : unit.toLowerCase();
  return scaled(digits, factorOf(unit, lower));
}

function parseBytes(quoted: string): Value {
  const { digits, unit } = amount(quoted.replaceAll('"', '').toLowerCase());
  const value = scaled(digits, factorOf(unit, unit.replace(/b$/, '')));
  return isNumber(value) ? arithmetic.floor(value) : value;
}

function factorOf(written: string, unit: string): bigint {
  if (unit === '') return 1n;
  const binary = unit.endsWith('i');
  const power = decimalUnits.indexOf(binary ? unit.slice(0, -1) : unit) + 1;
  if (power === 0) throw new BuiltinProblem(`unit ${written} not recognized`);
  return (binary ? 1024n : 1000n) ** BigInt(power);
}
