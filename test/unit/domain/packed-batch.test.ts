import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import type { EventBatch } from '#shared/domain/batch.ts';
import { dimensionNames, hashedFields } from '#shared/domain/dimensions.ts';
import { entryTexts, openColumns } from '#shared/domain/packed-batch.ts';
import { packBatch } from '../../support/pack-batch.ts';

const entry = fc.oneof(fc.string(), fc.string({ unit: 'binary' })).map((text) => JSON.stringify([text]));

function words(length: number): fc.Arbitrary<Uint32Array> {
  return fc.uint32Array({ minLength: length, maxLength: length });
}

function doubles(length: number): fc.Arbitrary<Float64Array> {
  return fc.float64Array({ minLength: length, maxLength: length });
}

const batch: fc.Arbitrary<EventBatch> = fc.nat(20).chain((count) =>
  fc.record({
    count: fc.constant(count),
    micros: doubles(count),
    nanos: fc.uint16Array({ minLength: count, maxLength: count }),
    timeDigits: fc.uint8Array({ minLength: count, maxLength: count }),
    keys: words(count * 4),
    offsets: doubles(count),
    lengths: words(count),
    dimensions: fc.record(
      Object.fromEntries(
        dimensionNames.map((name) => [
          name,
          fc.record({ ids: words(count), values: fc.array(entry, { maxLength: 8 }) }),
        ]),
      ),
    ) as fc.Arbitrary<EventBatch['dimensions']>,
    hashes: fc.tuple(...hashedFields.map(() => words(count))),
    rejected: fc.constant([{ offset: 1, length: 2, reason: 'a', excerpt: 'b' }]),
    skipped: fc.constant([{ reason: 'c', records: 3 }]),
  }),
);

it('what was packed is there again when it is opened, wherever its bytes lie', () => {
  fc.assert(
    fc.property(batch, fc.nat(16), (given, shift) => {
      const { columns, ...rest } = packBatch(given);
      expect(rest).toEqual({ rejected: given.rejected, skipped: given.skipped });
      const elsewhere = new Uint8Array(columns.length + shift);
      elsewhere.set(columns, shift);
      const opened = openColumns(elsewhere.subarray(shift));
      for (const name of [
        'count',
        'micros',
        'nanos',
        'timeDigits',
        'keys',
        'offsets',
        'lengths',
        'hashes',
      ] as const)
        expect(opened[name]).toEqual(given[name]);
      for (const name of dimensionNames) {
        const { ids, values } = given.dimensions[name];
        expect(opened.dimensions[name].ids).toEqual(ids);
        expect(entryTexts(opened.dimensions[name])).toEqual(values);
      }
    }),
  );
});

it('bytes that are no packed batch are refused', () => {
  fc.assert(
    fc.property(batch, fc.uint8Array({ minLength: 1, maxLength: 200 }), (given, other) => {
      const { columns } = packBatch(given);
      const [cut] = other;
      expect(() => openColumns(columns.subarray(0, columns.length - 1 - (cut ?? 0)))).toThrow(RangeError);
      expect(() => openColumns(Uint8Array.from([...columns, ...other]))).toThrow(RangeError);
      expect(() => openColumns(other)).toThrow(RangeError);
    }),
  );
});
