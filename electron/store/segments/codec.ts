import { greatest, least } from './extremes.ts';

/**
 * Columns of numbers as narrow BLOBs. A value is `base + scale * stored`; `stored` is an unsigned integer of the
 * narrowest width that holds the column, nothing at all where every value is the same, or the number itself as a
 * double where no integer of 32 bits will do. Little-endian.
 */
export type Encoding = 'constant' | 'u8' | 'u16' | 'u32' | 'f64';

export interface EncodedColumn {
  readonly encoding: Encoding;
  readonly base: number;
  readonly scale: number;
  readonly data: Uint8Array;
}

export type NumberArray = Uint8Array | Uint16Array | Uint32Array | Float64Array;

/** Encodes the first `count` values: finite numbers, exact integers unless they need a double. */
export function encodeColumn(values: NumberArray, count: number): EncodedColumn {
  if (count === 0) return { encoding: 'constant', base: 0, scale: 1, data: new Uint8Array(0) };
  const minimum = least(values, count);
  const maximum = greatest(values, count);
  if (minimum === maximum) return { encoding: 'constant', base: minimum, scale: 1, data: new Uint8Array(0) };
  const range = maximum - minimum;
  const scale = range > 0xff_ff_ff_ff ? commonDivisor(values, count, minimum) : 1;
  const width = range / scale;
  if (!Number.isSafeInteger(range) || width > 0xff_ff_ff_ff) {
    return {
      encoding: 'f64',
      base: 0,
      scale: 1,
      data: bytesOf(Float64Array.from(values.subarray(0, count))),
    };
  }
  const [encoding, stored] = narrowest(width, count);
  // Values that fit the width as they are need no base: they decode as a plain copy.
  if (minimum >= 0 && maximum < 2 ** (8 * stored.BYTES_PER_ELEMENT)) {
    stored.set(values.subarray(0, count));
    return { encoding, base: 0, scale: 1, data: bytesOf(stored) };
  }
  scaleDown(values, stored, count, minimum, scale);
  return { encoding, base: minimum, scale, data: bytesOf(stored) };
}

/** A function of its own, as loops in extremes.ts are. */
function scaleDown(
  values: NumberArray,
  stored: NumberArray,
  count: number,
  base: number,
  scale: number,
): void {
  for (let index = 0; index < count; index++) stored[index] = ((values[index] as number) - base) / scale;
}

/** Decodes into `target` from `offset` on; `target` must be wide enough for the values. */
export function decodeColumn(
  column: EncodedColumn,
  count: number,
  target: NumberArray,
  offset: number,
): void {
  const { encoding, base, scale, data } = column;
  if (encoding === 'constant') {
    target.fill(base, offset, offset + count);
    return;
  }
  const stored = view(encoding, data, count);
  if (base === 0 && scale === 1) {
    target.set(stored, offset);
    return;
  }
  for (let index = 0; index < count; index++)
    target[offset + index] = base + scale * (stored[index] as number);
}

/** One value of an encoded column. */
export function columnValue({ encoding, base, scale, data }: EncodedColumn, index: number): number {
  if (encoding === 'constant') return base;
  const bytes = new DataView(data.buffer, data.byteOffset, data.byteLength);
  if (encoding === 'u8') return base + scale * bytes.getUint8(index);
  if (encoding === 'u16') return base + scale * bytes.getUint16(2 * index, true);
  if (encoding === 'u32') return base + scale * bytes.getUint32(4 * index, true);
  return base + scale * bytes.getFloat64(8 * index, true);
}

function narrowest(width: number, count: number): [Encoding, NumberArray] {
  if (width <= 0xff) return ['u8', new Uint8Array(count)];
  if (width <= 0xff_ff) return ['u16', new Uint16Array(count)];
  return ['u32', new Uint32Array(count)];
}

/** A typed view of the stored bytes; copied where SQLite's buffer is not aligned for it. */
function view(encoding: Exclude<Encoding, 'constant'>, data: Uint8Array, count: number): NumberArray {
  const width = encoding === 'u8' ? 1 : encoding === 'u16' ? 2 : encoding === 'u32' ? 4 : 8;
  if (data.byteLength !== width * count) {
    throw new RangeError(`column of ${count} ${encoding} values has ${data.byteLength} bytes`);
  }
  const bytes = data.byteOffset % width === 0 ? data : data.slice();
  if (encoding === 'u8') return new Uint8Array(bytes.buffer, bytes.byteOffset, count);
  if (encoding === 'u16') return new Uint16Array(bytes.buffer, bytes.byteOffset, count);
  if (encoding === 'u32') return new Uint32Array(bytes.buffer, bytes.byteOffset, count);
  return new Float64Array(bytes.buffer, bytes.byteOffset, count);
}

/** The largest step that all values share (whole seconds in microseconds, say), counted from the smallest one. */
function commonDivisor(values: NumberArray, count: number, minimum: number): number {
  let divisor = 0;
  for (let index = 0; index < count; index++) {
    const difference = (values[index] as number) - minimum;
    // Several times as fast as a remainder, and as exact: no two integers of 53 bits divide so near to a third.
    const quotient = difference / divisor;
    if (divisor !== 0 && Math.floor(quotient) === quotient) continue;
    divisor = greatestCommonDivisor(difference, divisor);
    if (divisor === 1) return 1;
  }
  return divisor === 0 ? 1 : divisor;
}

function greatestCommonDivisor(first: number, second: number): number {
  let [a, b] = [first, second];
  while (b !== 0) [a, b] = [b, a % b];
  return a;
}

function bytesOf(array: NumberArray): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}
