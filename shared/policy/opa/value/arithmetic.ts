import {
  BigNumber,
  NumberTooLarge,
  compareNumbers,
  decimalOf,
  numberOf,
  powerOfTen,
  type RegoNumber,
  toBigInt,
  wholeNumber,
} from './number.ts';

/**
 * Arithmetic as OPA does it: exact on whole numbers; with a fraction, in binary floating point of 64 bits of
 * precision (Go's `big.Float` as it parses numbers), of which the shortest decimal is the result.
 */
const precision = 64;

/** A binary floating-point number: mantissa times two to the exponent. */
interface Float {
  readonly mantissa: bigint;
  readonly exponent: number;
}

export function add(first: RegoNumber, second: RegoNumber): RegoNumber {
  const quick = typeof first === 'number' && typeof second === 'number' ? first + second : Number.NaN;
  if (Number.isSafeInteger(quick) && Number.isSafeInteger(first)) return quick;
  const [left, right] = [toBigInt(first), toBigInt(second)];
  if (left !== undefined && right !== undefined) return wholeNumber(left + right);
  return toDecimal(addFloats(toFloat(first), toFloat(second)));
}

export function negate(value: RegoNumber): RegoNumber {
  return typeof value === 'number' ? -value || 0 : new BigNumber(-value.digits, value.exponent);
}

export function subtract(first: RegoNumber, second: RegoNumber): RegoNumber {
  return add(first, negate(second));
}

export function multiply(first: RegoNumber, second: RegoNumber): RegoNumber {
  const quick = typeof first === 'number' && typeof second === 'number' ? first * second : Number.NaN;
  if (Number.isSafeInteger(quick) && Number.isSafeInteger(first) && Number.isSafeInteger(second)) {
    return quick || 0;
  }
  const [left, right] = [toBigInt(first), toBigInt(second)];
  if (left !== undefined && right !== undefined) return wholeNumber(left * right);
  const [a, b] = [toFloat(first), toFloat(second)];
  return toDecimal(rounded(a.mantissa * b.mantissa, a.exponent + b.exponent));
}

/** Undefined for a division by zero. */
export function divide(first: RegoNumber, second: RegoNumber): RegoNumber | undefined {
  if (second === 0) return undefined;
  const [left, right] = [toBigInt(first), toBigInt(second)];
  if (left !== undefined && right !== undefined && left % right === 0n) return wholeNumber(left / right);
  const [a, b] = [toFloat(first), toFloat(second)];
  const shift = 2 * precision + 2;
  const [quotient, rest] = [
    (a.mantissa << BigInt(shift)) / b.mantissa,
    (a.mantissa << BigInt(shift)) % b.mantissa,
  ];
  // A bit below the last one that counts tells that there was more, so that halves round right.
  const sticky = rest === 0n ? 0n : a.mantissa < 0n === b.mantissa < 0n ? 1n : -1n;
  return toDecimal(rounded(quotient * 2n + sticky, a.exponent - b.exponent - shift - 1));
}

/** The remainder with the sign of the dividend; undefined where it is not one of whole numbers, or by zero. */
export function remainder(first: RegoNumber, second: RegoNumber): RegoNumber | undefined {
  const [left, right] = [toBigInt(first), toBigInt(second)];
  return left === undefined || right === undefined || right === 0n ? undefined : wholeNumber(left % right);
}

export function absolute(value: RegoNumber): RegoNumber {
  return compareNumbers(value, 0) < 0 ? negate(value) : value;
}

/** Half away from zero. */
export function round(value: RegoNumber): RegoNumber {
  const [digits, exponent] = decimalOf(value);
  if (exponent >= 0) return value;
  const unit = powerOfTen(-exponent);
  const size = digits < 0n ? -digits : digits;
  const whole = (2n * size + unit) / (2n * unit);
  return wholeNumber(digits < 0n ? -whole : whole);
}

export function floor(value: RegoNumber): RegoNumber {
  const [digits, exponent] = decimalOf(value);
  if (exponent >= 0) return value;
  const unit = powerOfTen(-exponent);
  const whole = digits / unit;
  return wholeNumber(digits < 0n && digits % unit !== 0n ? whole - 1n : whole);
}

export function ceiling(value: RegoNumber): RegoNumber {
  return negate(floor(negate(value)));
}

function bitLength(value: bigint): number {
  return (value < 0n ? -value : value).toString(2).length;
}

/** Rounded to 64 bits, halves to even. */
function rounded(mantissa: bigint, exponent: number): Float {
  const excess = bitLength(mantissa) - precision;
  if (excess <= 0) return { mantissa, exponent };
  const size = mantissa < 0n ? -mantissa : mantissa;
  const half = 1n << BigInt(excess - 1);
  let kept = size >> BigInt(excess);
  const rest = size & ((1n << BigInt(excess)) - 1n);
  if (rest > half || (rest === half && (kept & 1n) === 1n)) kept++;
  return { mantissa: mantissa < 0n ? -kept : kept, exponent: exponent + excess };
}

function toFloat(value: RegoNumber): Float {
  const [digits, exponent] = decimalOf(value);
  if (digits === 0n) return { mantissa: 0n, exponent: 0 };
  if (exponent >= 0) return rounded(digits * powerOfTen(exponent), 0);
  const unit = powerOfTen(-exponent);
  const shift = Math.max(0, precision + 2 + bitLength(unit) - bitLength(digits));
  const [quotient, rest] = [(digits << BigInt(shift)) / unit, (digits << BigInt(shift)) % unit];
  const sticky = rest === 0n ? 0n : digits < 0n ? -1n : 1n;
  return rounded(quotient * 2n + sticky, -shift - 1);
}

function addFloats(first: Float, second: Float): Float {
  if (first.mantissa === 0n) return second;
  if (second.mantissa === 0n) return first;
  const exponent = Math.min(first.exponent, second.exponent);
  if (Math.max(first.exponent, second.exponent) - exponent > 40_000) {
    throw new NumberTooLarge('numbers too far apart');
  }
  const left = first.mantissa << BigInt(first.exponent - exponent);
  const right = second.mantissa << BigInt(second.exponent - exponent);
  return rounded(left + right, exponent);
}

/** The shortest decimal that reads back as this float. */
function toDecimal({ mantissa, exponent }: Float): RegoNumber {
  if (mantissa === 0n) return 0;
  if (exponent >= 0) return wholeNumber(mantissa << BigInt(exponent));
  const scale = 1n << BigInt(-exponent);
  if (mantissa % scale === 0n) return wholeNumber(mantissa / scale);
  // In units of 2^(exponent - 2): the value and the borders of what rounds to it.
  const missing = BigInt(Math.max(0, precision - bitLength(mantissa)));
  const size = (mantissa < 0n ? -mantissa : mantissa) << missing;
  const unit = 1n << (BigInt(-exponent + 2) + missing);
  const value = size * 4n;
  const low = value - (size === 1n << BigInt(precision - 1) ? 1n : 2n);
  const high = value + 2n;
  const inclusive = (size & 1n) === 0n;
  const magnitude = decimalMagnitude(value, unit);
  for (let count = 1; count <= 22; count++) {
    const power = magnitude - count;
    const digits = nearestDigits(value, unit, power);
    const [left, borderUnit] =
      power < 0 ? [digits * unit, powerOfTen(-power)] : [digits * unit * powerOfTen(power), 1n];
    const above = left > low * borderUnit || (inclusive && left === low * borderUnit);
    const below = left < high * borderUnit || (inclusive && left === high * borderUnit);
    if (above && below) return numberOf(mantissa < 0n ? -digits : digits, power);
  }
  return numberOf((mantissa * powerOfTen(-exponent)) / scale, exponent);
}

/** The number of decimal digits before the point; negative for zeros after it. */
function decimalMagnitude(value: bigint, unit: bigint): number {
  if (value >= unit) return (value / unit).toString().length;
  const inverse = (unit / value).toString().length;
  return value * powerOfTen(inverse) >= unit * 10n ? 2 - inverse : 1 - inverse;
}

/** value / unit / 10^power, to the nearest whole number. */
function nearestDigits(value: bigint, unit: bigint, power: number): bigint {
  const [over, under] = power < 0 ? [value * powerOfTen(-power), unit] : [value, unit * powerOfTen(power)];
  return (2n * over + under) / (2n * under);
}
