import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { EntryTexts } from '#electron/store/read/entry-texts.ts';
import { countMask, maskOr, selectMasked, selectRows } from '#electron/store/read/kernels.ts';
import { textFilter } from '#electron/store/segments/text-filter.ts';

const marks = fc.array(fc.constantFrom(0, 0, 0, 0, 0, 1), { maxLength: 70 });

test('the rows that a mask marks are those of going through it one by one', () => {
  fc.assert(
    fc.property(marks, fc.nat(1000), (list, from) => {
      const mask = Uint8Array.from(list);
      const expected = list.flatMap((mark, index) => (mark === 1 ? [from + index] : []));
      const rows = new Uint32Array(expected.length + 1);
      expect(countMask(mask)).toBe(expected.length);
      expect(selectMasked(mask, from, rows)).toBe(expected.length);
      expect([...rows.subarray(0, expected.length)]).toEqual(expected);
    }),
    { numRuns: 500 },
  );
});

test('columns of every width are searched alike', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(9)), fc.array(fc.nat(1), { minLength: 10, maxLength: 10 }), (ids, lookup) => {
      const marked = Uint8Array.from(lookup);
      const expected = ids.flatMap((id, row) => (lookup[id] === 1 ? [row] : []));
      for (const column of [Uint8Array.from(ids), Uint16Array.from(ids), Uint32Array.from(ids)]) {
        const rows = new Uint32Array(expected.length + 1);
        expect(selectRows(column, marked, 0, ids.length, rows)).toBe(expected.length);
        expect([...rows.subarray(0, expected.length)]).toEqual(expected);
        const mask = new Uint8Array(ids.length);
        maskOr(column, marked, 0, mask);
        expect(countMask(mask)).toBe(expected.length);
      }
    }),
    { numRuns: 300 },
  );
});

/** Texts of few letters, one of which is rare: the search begins in the middle of what it looks for. */
const word = fc
  .array(fc.constantFrom('a', 'a', 'a', 'b', 'b', 'A', 'k', 'é', 'İ', '"', '\\'), { maxLength: 14 })
  .map((letters) => letters.join(''));

test('a literal is found in each entry that holds it, wherever its rarest letter stands', () => {
  fc.assert(
    fc.property(
      fc.array(fc.array(word, { minLength: 1, maxLength: 12 }), { minLength: 1, maxLength: 4 }),
      word.map((text) => text.toLowerCase()).filter((text) => text !== ''),
      (parts, literal) => {
        const lines = parts.map((texts) => texts.map((text) => `aaaabbb ${text}`));
        let firstId = 0;
        const entries = new EntryTexts(
          lines.map((own) => {
            const text = own.join('\n');
            const part = { firstId, text: () => text, filter: () => textFilter(Buffer.from(text)).filter };
            firstId += own.length;
            return part;
          }),
        );
        const found: number[] = [];
        entries.search(literal, (id) => found.push(id));
        const expected = lines
          .flat()
          .flatMap((text, id) => (text.toLowerCase().includes(literal) ? [id] : []));
        expect(found).toEqual(expected);
      },
    ),
    { numRuns: 2000 },
  );
});
