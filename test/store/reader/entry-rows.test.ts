import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { EntryRows } from '#electron/store/read/entry-rows.ts';
import { atOnce } from '#electron/store/read/in-steps.ts';

test('marked entries have the rows that a pass over all finds, and none are told where they are many', () => {
  const entries = 40;
  fc.assert(
    fc.property(
      fc.array(fc.nat({ max: entries - 1 }), { minLength: 200, maxLength: 2000 }),
      fc.uint8Array({ min: 0, max: 1, minLength: entries, maxLength: entries }),
      fc.nat({ max: entries - 1 }),
      (list, marks, only) => {
        const ids = Uint16Array.from(list);
        const counts = new Uint32Array(entries);
        for (const id of ids) counts[id]!++;
        const rows = atOnce(EntryRows.make(ids, counts));
        for (const lookup of [marks, Uint8Array.from(marks, (_, id) => (id === only ? 1 : 0))]) {
          const expected = [...ids.keys()].filter((row) => lookup[ids[row]!] === 1);
          const found = rows.marked(lookup);
          const told = found === null ? null : [...found].toSorted((one, other) => one - other);
          expect(told).toEqual(expected.length > ids.length / 32 ? null : expected);
        }
      },
    ),
    { numRuns: 300 },
  );
});
