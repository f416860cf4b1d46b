/**
 * Numbers as exact as OPA's: whole numbers of any size, and decimals. A JavaScript number stands for the decimal
 * that it prints as; everything else is a `BigNumber`, digits times a power of ten.
 */
export class BigNumber {
  /** No trailing zero; not 0. */
  readonly digits: bigint;
  readonly exponent: number;

  constructor(digits: bigint, exponent: number) {
    this.digits = digits;
    this.exponent = exponent;
  }
}
export type RegoNumber = number | BigNumber;

/** Beyond this a number's digits are not written out: `1e1000000` would fill the memory. */
const greatestExponent = 5000;

export class NumberTooLarge extends Error {}

const syntax = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/;

/** The number that a JSON number's text denotes; undefined where the text is none. */
export function parseNumber(text: string): RegoNumber | undefined {
  const match = syntax.exec(text);
  if (match === null) return undefined;
  const [, sign = '', whole = '', fraction = '', power = '0'] = match;
  if (fraction === '' && power === '0' && whole.length <= 15) return Number(text) || 0;
  const exponent = Number(power) - fraction.length;
  if (!Number.isSafeInteger(exponent)) return undefined;
  return numberOf(BigInt(`${sign}${whole}${fraction}`), exponent);
}

/** `digits` times ten to the `exponent`, in the one form that this number has. */
export function numberOf(digits: bigint, exponent: number): RegoNumber {
  if (digits === 0n) return 0;
  let power = exponent;
  let rest = digits;
  while (rest % 10n === 0n) {
    rest /= 10n;
    power++;
  }
  const double = Number(`${rest}e${power}`);
  if (power >= 0) {
    if (Number.isSafeInteger(double)) return double;
  } else if (Number.isFinite(double) && !Number.isInteger(double)) {
    const [again, exponentAgain] = decimalOf(double);
    if (again === rest && exponentAgain === power) return double;
  }
  return new BigNumber(rest, power);
}

/** The number that a double prints as. Infinities and NaN have none. */
export function numberOfDouble(double: number): RegoNumber | undefined {
  if (!Number.isFinite(double)) return undefined;
  if (!Number.isInteger(double) || Number.isSafeInteger(double)) return double || 0;
  return parseNumber(String(double).replace('e+', 'e'));
}

export function wholeNumber(value: bigint): RegoNumber {
  return value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER)
    ? Number(value)
    : numberOf(value, 0);
}

/** Digits without trailing zeros, and the power of ten. */
export function decimalOf(value: RegoNumber): [digits: bigint, exponent: number] {
  if (value instanceof BigNumber) return [value.digits, value.exponent];
  const [mantissa = '0', power = '0'] = String(value).split('e');
  const [whole = '0', fraction = ''] = mantissa.split('.');
  let digits = BigInt(whole + fraction);
  let exponent = Number(power) - fraction.length;
  if (digits === 0n) return [0n, 0];
  while (digits % 10n === 0n) {
    digits /= 10n;
    exponent++;
  }
  return [digits, exponent];
}

export function isWhole(value: RegoNumber): boolean {
  return value instanceof BigNumber ? value.exponent >= 0 : Number.isInteger(value);
}

/** The whole number as such; undefined where it has a fraction. */
export function toBigInt(value: RegoNumber): bigint | undefined {
  if (typeof value === 'number') return Number.isInteger(value) ? BigInt(value) : undefined;
  if (value.exponent < 0) return undefined;
  return value.digits * powerOfTen(value.exponent);
}

export function powerOfTen(exponent: number): bigint {
  if (exponent > greatestExponent) throw new NumberTooLarge('a number with more than 5000 digits');
  return 10n ** BigInt(exponent);
}

/** The nearest double; infinite beyond its range. */
export function toDouble(value: RegoNumber): number {
  return typeof value === 'number' ? value : Number(`${value.digits}e${value.exponent}`);
}

export function compareNumbers(first: RegoNumber, second: RegoNumber): number {
  if (typeof first === 'number' && typeof second === 'number') return first - second;
  const [firstDigits, firstExponent] = decimalOf(first);
  const [secondDigits, secondExponent] = decimalOf(second);
  const sign = signOf(firstDigits) - signOf(secondDigits);
  if (sign !== 0) return sign;
  const firstSize = sizeOf(firstDigits) + firstExponent;
  const secondSize = sizeOf(secondDigits) + secondExponent;
  if (firstSize !== secondSize) return (firstSize - secondSize) * signOf(firstDigits);
  // Of the same magnitude, so the exponents differ by no more than the numbers of digits do.
  const shift = firstExponent - secondExponent;
  const left = shift > 0 ? firstDigits * 10n ** BigInt(shift) : firstDigits;
  const right = shift < 0 ? secondDigits * 10n ** BigInt(-shift) : secondDigits;
  return left < right ? -1 : left > right ? 1 : 0;
}

function signOf(digits: bigint): number {
  return digits < 0n ? -1 : digits > 0n ? 1 : 0;
}

function sizeOf(digits: bigint): number {
  return (digits < 0n ? -digits : digits).toString().length;
}

/** As JSON: whole numbers in full, a fraction as Go prints one (`%g`: an exponent below -4 or from 21 on). */
export function numberText(value: RegoNumber): string {
  if (typeof value === 'number' && Number.isInteger(value)) return String(value);
  const [digits, exponent] = decimalOf(value);
  const text = (digits < 0n ? -digits : digits).toString();
  const sign = digits < 0n ? '-' : '';
  const point = text.length + exponent;
  if (exponent >= 0) {
    return exponent > greatestExponent
      ? `${sign}${text}e+${exponent}`
      : `${sign}${text}${'0'.repeat(exponent)}`;
  }
  if (point > 0) return `${sign}${text.slice(0, point)}.${text.slice(point)}`;
  if (point > -4) return `${sign}0.${'0'.repeat(-point)}${text}`;
  const power = String(1 - point).padStart(2, '0');
  return `${sign}${text[0]}${text.length > 1 ? '.' : ''}${text.slice(1)}e-${power}`;
}
