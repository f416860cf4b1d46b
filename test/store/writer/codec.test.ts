import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeColumn, encodeColumn, type NumberArray } from '#electron/store/segments/codec.ts';

function roundTrip(values: NumberArray, target: NumberArray, offset = 0): NumberArray {
  const { data, ...column } = encodeColumn(values, values.length);
  // As SQLite hands it out: somewhere in a larger buffer, not aligned.
  const buffer = new Uint8Array(data.length + 3);
  buffer.set(data, 3);
  decodeColumn({ ...column, data: buffer.subarray(3) }, values.length, target, offset);
  return target;
}

function bytesEach(list: readonly number[]): number {
  return encodeColumn(Float64Array.from(list), list.length).data.length / list.length;
}

describe('segment columns', () => {
  it('give back whole numbers of any range', () => {
    const range = fc.constantFrom(0, 1, 200, 300, 70_000, 5e9, 2 ** 52);
    const column = fc.tuple(
      fc.integer({ min: -(2 ** 51), max: 2 ** 51 }),
      range,
      fc.constantFrom(1, 1000, 1e6),
    );
    fc.assert(
      fc.property(
        column,
        fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 300 }),
        ([base, span, step], shares) => {
          const values = Float64Array.from(
            shares,
            (share) => base + Math.floor((share * span) / step) * step,
          );
          expect(roundTrip(values, new Float64Array(values.length))).toEqual(values);
        },
      ),
    );
  });

  it('give back 32-bit words, into a slice of a larger array', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 2 ** 32 - 1 })), fc.nat(20), (list, offset) => {
        const values = Uint32Array.from(list);
        const target = roundTrip(values, new Uint32Array(list.length + offset + 2).fill(7), offset);
        expect([...target]).toEqual([...Array<number>(offset).fill(7), ...list, 7, 7]);
      }),
    );
  });

  it('takes no bytes for a constant, and one, two or four for what fits', () => {
    expect(bytesEach([5, 5, 5])).toBe(0);
    expect(bytesEach([1_000_000, 1_000_255])).toBe(1);
    expect(bytesEach([0, 65_535])).toBe(2);
    expect(bytesEach([0, 2 ** 32 - 1])).toBe(4);
    // A year of whole seconds in microseconds.
    expect(bytesEach([1.7e15, 1.7e15 + 365 * 86_400 * 1e6, 1.7e15 + 1e6])).toBe(4);
    expect(bytesEach([1.7e15, 1.7e15 + 365 * 86_400 * 1e6, 1.7e15 + 1])).toBe(8);
  });

  it('refuses a column that was cut', () => {
    const { data, ...column } = encodeColumn(Uint32Array.of(1, 2, 3), 3);
    const cut = { ...column, data: data.subarray(0, 2) };
    expect(() => decodeColumn(cut, 3, new Uint32Array(3), 0)).toThrow(RangeError);
  });
});
