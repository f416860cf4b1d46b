import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EntryIndex } from '#electron/store/write/entry-index.ts';

/** Texts that share beginnings and lengths, of one to four bytes a character, and such as are alike but for zeros. */
const text = fc
  .oneof(
    fc.string({ unit: fc.constantFrom('a', 'b', '\u0000', 'é', '€', '😀'), maxLength: 40 }),
    fc.string({ unit: 'grapheme', maxLength: 40 }),
    fc.nat(50).map((number) => `arn:aws:s3:::bucket/${number}`),
  )
  .map((value) => JSON.stringify([value]));

/** A dictionary with entries that come twice or are not used, the rows of its column, and which of them are kept. */
const column = fc.record({
  dictionary: fc.nat(2),
  values: fc.array(text, { minLength: 1, maxLength: 40 }),
  rows: fc.array(fc.tuple(fc.nat(), fc.boolean()), { maxLength: 60 }),
  keepsAll: fc.boolean(),
});

describe('entries of dictionaries', () => {
  it('have the ids that a map would give them, in the order in which kept rows use them', () => {
    fc.assert(
      fc.property(fc.array(column, { maxLength: 12 }), (columns) => {
        const index = new EntryIndex(3);
        const truth = [0, 1, 2].map(() => new Map<string, number>());
        for (const { dictionary, values, rows, keepsAll } of columns) {
          const known = truth[dictionary]!;
          const before = known.size;
          const ids = Uint32Array.from(rows, ([at]) => at % values.length);
          const kept = Uint32Array.from(rows.keys()).filter((row) => keepsAll || rows[row]![1]);
          const used = [...kept].map((row) => values[ids[row]!]!);
          for (const value of used) if (!known.has(value)) known.set(value, known.size);
          const target = new Uint32Array(kept.length + 2).fill(9);
          const packed = { ids, entries: values.length, texts: Buffer.from(values.join('\n')) };
          expect(index.map(dictionary, packed, kept, target, 1)).toBe(known.size - before);
          expect([...target]).toEqual([9, ...used.map((value) => known.get(value)), 9]);
          const fresh = [...known.keys()].slice(before);
          expect(Buffer.from(index.fresh).toString()).toBe(fresh.map((value) => `${value}\n`).join(''));
          const read = new Map<string, number>();
          index.eachUsed((id, entry) => read.set(index.textOf(entry), id));
          expect(read).toEqual(new Map(used.map((value) => [value, known.get(value)])));
        }
      }),
    );
  });

  it('keep their ids when there are many, and some of them are very long', () => {
    const index = new EntryIndex(2);
    const entries = Array.from({ length: 60_000 }, (_, number) =>
      number % 1000 === 7 ? `${number}`.repeat(30_000) : `entry ${number} ${'x'.repeat(number % 300)}`,
    );
    for (const [dictionary, more] of [
      [0, 40_000],
      [1, 60_000],
      [0, 20_000],
    ] as const) {
      const from = dictionary === 0 && more === 20_000 ? 40_000 : 0;
      const values = entries.slice(from, from + more);
      expect(index.addAll(dictionary, Buffer.from(values.join('\n')), more)).toBe(more);
    }
    for (const dictionary of [0, 1]) {
      const target = new Uint32Array(20_000);
      const values = entries.filter((_, number) => number % 3 === 0).toReversed();
      const ids = Uint32Array.from(values.keys());
      const packed = { ids, entries: values.length, texts: Buffer.from(values.join('\n')) };
      expect(index.map(dictionary, packed, ids, target, 0)).toBe(0);
      expect([...target]).toEqual([...values.keys()].map((at) => 59_997 - at * 3));
    }
  });

  it.each([
    ['an entry that is not there', { ids: Uint32Array.of(2), entries: 2, texts: Buffer.from('a\nb') }],
    ['fewer texts than entries', { ids: Uint32Array.of(0), entries: 3, texts: Buffer.from('a\nb') }],
    ['more texts than entries', { ids: Uint32Array.of(0), entries: 1, texts: Buffer.from('a\nb') }],
    ['texts without entries', { ids: Uint32Array.of(0), entries: 0, texts: Buffer.from('a') }],
    ['no entries', { ids: Uint32Array.of(0), entries: 0, texts: Buffer.alloc(0) }],
  ])('refuse %s', (_, packed) => {
    const index = new EntryIndex(1);
    expect(() => index.map(0, packed, Uint32Array.of(0), new Uint32Array(1), 0)).toThrow(RangeError);
  });
});
