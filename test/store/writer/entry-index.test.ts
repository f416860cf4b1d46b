import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EntryIndex } from '#electron/store/write/entry-index.ts';

/** Texts that share beginnings and lengths, of one to four bytes a character, and such as are alike but for zeros. */
const text = fc.oneof(
  fc.string({ unit: fc.constantFrom('a', 'b', '\u0000', 'é', '€', '😀'), maxLength: 12 }),
  fc.string({ unit: 'grapheme', maxLength: 40 }),
  fc.nat(50).map((number) => JSON.stringify(['AWS::S3::Object', `arn:aws:s3:::bucket/${number}`, null])),
);

function entryOf(number: number): string {
  return number % 1000 === 7 ? `${number}`.repeat(300_000) : `entry ${number} ${'x'.repeat(number % 300)}`;
}

describe('entries of a dictionary', () => {
  it('have the ids that a map would give them', () => {
    fc.assert(
      fc.property(fc.array(text, { maxLength: 400 }), (texts) => {
        const index = new EntryIndex();
        const map = new Map<string, number>();
        for (const entry of texts) {
          const expected = map.get(entry) ?? map.size;
          map.set(entry, expected);
          expect(index.idOf(entry)).toBe(expected);
        }
        expect(index.size).toBe(map.size);
      }),
    );
  });

  it('keep their ids when there are many, and some of them are very long', () => {
    const index = new EntryIndex();
    const count = 40_000;
    for (let number = 0; number < count; number++) expect(index.idOf(entryOf(number))).toBe(number);
    for (let number = count - 1; number >= 0; number -= 3) expect(index.idOf(entryOf(number))).toBe(number);
    expect(index.size).toBe(count);
  });
});
