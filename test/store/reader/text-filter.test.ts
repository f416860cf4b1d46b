import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  bitsOf,
  decodeFilter,
  encodeFilter,
  mayHold,
  textFilter,
} from '#electron/store/segments/text-filter.ts';

const letters = fc.constantFrom(...Array.from('aAbBzZ019/-_"\\: \nßéİΣK😀'));
const text = fc.string({ unit: letters, maxLength: 40 });

test('a filter never denies what is in its text, whatever the letters', () => {
  fc.assert(
    fc.property(text, text, text, (before, literal, behind) => {
      const whole = `${before}${literal}${behind}`;
      const filter = decodeFilter(encodeFilter(textFilter(whole)));
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
  const filter = textFilter(lines.join('\n'));
  const absent = ['terraform', 'nosuchword', 'us-east-1', 'secret', 'qqqq', '10.0.0.1'];
  expect(absent.filter((word) => mayHold(filter, bitsOf(word)))).toEqual([]);
});

test('two letters and fewer may be everywhere', () => {
  expect(mayHold(textFilter('abc'), bitsOf('zz'))).toBe(true);
});
