import { type CelFunc, celFunc, CelScalar, celUint, isCelList, isCelUint } from '@bufbuild/cel';
import { any, type Value } from './cel-define.ts';
import { itemsOf } from './cel-values.ts';

const { DOUBLE, INT, UINT } = CelScalar;

/** The `math` extension of CEL, for whole and for broken numbers. */
export function numbers(): CelFunc[] {
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
    ...bits('math.bitAnd', (a, b) => a & b),
    ...bits('math.bitOr', (a, b) => a | b),
    ...bits('math.bitXor', (a, b) => a ^ b),
    celFunc('math.bitNot', [INT], INT, (value) => ~value),
    celFunc('math.bitNot', [UINT], UINT, (value) => celUint(BigInt.asUintN(64, ~value.value))),
    ...shift('math.bitShiftLeft', (value, by) => value << by),
    ...shift('math.bitShiftRight', (value, by) => value >> by),
    celFunc('math.sqrt', [INT], DOUBLE, (value) => Math.sqrt(Number(value))),
    celFunc('math.sqrt', [UINT], DOUBLE, (value) => Math.sqrt(Number(value.value))),
    celFunc('math.sign', [UINT], UINT, (value) => celUint(value.value === 0n ? 0n : 1n)),
    celFunc('math.abs', [UINT], UINT, (value) => value),
    celFunc('math.isInf', [DOUBLE], CelScalar.BOOL, (value) => Math.abs(value) === Number.POSITIVE_INFINITY),
    celFunc('math.abs', [INT], INT, (value) => (value < 0n ? -value : value)),
    celFunc('math.sign', [INT], INT, (value) => (value < 0n ? -1n : value > 0n ? 1n : 0n)),
    celFunc('math.isNaN', [DOUBLE], CelScalar.BOOL, Number.isNaN),
    celFunc('math.isFinite', [DOUBLE], CelScalar.BOOL, Number.isFinite),
  ];
}

function bits(name: string, run: (a: bigint, b: bigint) => bigint): CelFunc[] {
  return [
    celFunc(name, [INT, INT], INT, run),
    celFunc(name, [UINT, UINT], UINT, (a, b) => celUint(run(a.value, b.value))),
  ];
}

/** Shifts move the 64 bits of the number, without regard to its sign; by more than 63 nothing is left. */
function shift(name: string, run: (bits: bigint, by: bigint) => bigint): CelFunc[] {
  const shifted = (value: bigint, by: bigint): bigint => {
    if (by < 0n) throw new Error('a negative offset');
    return by > 63n ? 0n : BigInt.asUintN(64, run(BigInt.asUintN(64, value), by));
  };
  return [
    celFunc(name, [INT, INT], INT, (value, by) => BigInt.asIntN(64, shifted(value, by))),
    celFunc(name, [UINT, INT], UINT, (value, by) => celUint(shifted(value.value, by))),
  ];
}

function number(value: unknown): number | bigint {
  const plain = isCelUint(value) ? value.value : value;
  if (typeof plain !== 'number' && typeof plain !== 'bigint') throw new Error('not a number');
  return plain;
}

/** An expression names no more numbers than this. */
const mostNumbers = 16;

/** For several numbers, or a list of them. */
function extreme(name: string, better: (a: number | bigint, b: number | bigint) => boolean): CelFunc[] {
  const pick = (values: readonly unknown[]): Value => {
    const [first, ...rest] = values;
    if (first === undefined) throw new Error('no numbers');
    return rest.reduce((best, next) => (better(number(next), number(best)) ? next : best), first) as Value;
  };
  return Array.from({ length: mostNumbers }, (_, index) => index + 1).map((count) =>
    celFunc(
      name,
      Array.from({ length: count }, () => any),
      any,
      (...values: unknown[]) =>
        pick(values.length === 1 && isCelList(values[0]) ? itemsOf(values[0]) : values),
    ),
  );
}

function rounding(name: string, run: (value: number) => number): CelFunc {
  return celFunc(name, [DOUBLE], DOUBLE, run);
}
