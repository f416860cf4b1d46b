import { type CelFunc, celFunc, CelScalar, isCelList } from '@bufbuild/cel';
import { any, type Value } from './cel-define.ts';
import { itemsOf } from './cel-values.ts';

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

/** For up to five numbers, or a list of them. */
function extreme(name: string, better: (a: number | bigint, b: number | bigint) => boolean): CelFunc[] {
  const pick = (values: readonly unknown[]): Value => {
    const [first, ...rest] = values.map(number);
    if (first === undefined) throw new Error('no numbers');
    return rest.reduce((best, next) => (better(next, best) ? next : best), first);
  };
  return [1, 2, 3, 4, 5].map((count) =>
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
  return celFunc(name, [CelScalar.DOUBLE], CelScalar.DOUBLE, run);
}
