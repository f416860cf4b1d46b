import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  bitsOf,
  decodeFilter,
  encodeFilter,
  mayHold,
  textFilter,
} from '#electron/store/segments/text-filter.ts';

/** Of a string. */
function filterOf(whole: string): Uint8Array {
  return textFilter(Buffer.from(whole)).filter;
}

const letters = fc.constantFrom(...Array.from('aAbBzZ019/-_"\\: \nßéİΣK\u212a😀'));
const text = fc.string({ unit: letters, maxLength: 40 });

test('a filter never denies what is in its text, whatever the letters', () => {
  fc.assert(
    fc.property(text, text, text, (before, literal, behind) => {
      const whole = `${before}${literal}${behind}`;
      const filter = decodeFilter(encodeFilter(filterOf(whole)));
      // Lower case may depend on what is around a letter: what is looked for is a stretch of the whole.
      const lower = whole.toLowerCase();
      const from = Math.min(before.length, lower.length);
      expect(mayHold(filter, bitsOf(lower.slice(from, from + literal.length)))).toBe(true);
    }),
    { numRuns: 1000 },
  );
});

test('a filter denies nearly everything that is not in its text', () => {
  const lines = Array.from({ length: 2048 }, (_, index) => `["arn:aws:iam::1:role/r${index * 7919}","x"]`);
  const filter = filterOf(lines.join('\n'));
  const absent = ['terraform', 'nosuchword', 'us-east-1', 'secret', 'qqqq', '10.0.0.1'];
  expect(absent.filter((word) => mayHold(filter, bitsOf(word)))).toEqual([]);
});

test('two letters and fewer may be everywhere', () => {
  expect(mayHold(filterOf('abc'), bitsOf('zz'))).toBe(true);
});

/** Every triple of ASCII characters of the text in lower case, one after another. */
function definition(whole: string): Uint8Array {
  const filter = new Uint8Array(8192);
  const units = Array.from(whole.toLowerCase());
  for (let at = 0; at + 3 <= units.length; at++) {
    const triple = units.slice(at, at + 3).map((unit) => unit.codePointAt(0)!);
    if (triple.some((code) => code >= 0x80)) continue;
    const window = triple.reduce((sum, code) => sum * 256 + code, 0);
    const bit = Number((BigInt(window) * 0x9e3779b1n) & 0xffffffffn) >>> 16;
    filter[bit >> 3]! |= 1 << (bit & 7);
  }
  return filter;
}

test('a filter holds the triples of its text in lower case and no others', () => {
  const any = fc.oneof(text, fc.string({ unit: 'binary', maxLength: 60 }), fc.string({ maxLength: 60 }));
  fc.assert(
    fc.property(any, (whole) => {
      const { filter, characters } = textFilter(Buffer.from(whole));
      expect(Buffer.compare(filter, definition(whole))).toBe(0);
      expect(characters).toBe(whole.length);
    }),
    { numRuns: 300 },
  );
});
