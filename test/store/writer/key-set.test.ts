import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { KeySet } from '#electron/store/write/key-set.ts';

// Few distinct words, zero among them: keys that differ in one word, and the key of zeros.
const word = fc.constantFrom(0, 1, 2, 0x8000_0000, 0xffff_ffff);
const key = fc.tuple(word, word, word, word);

it('knows a key again, whatever came before', () => {
  fc.assert(
    fc.property(fc.array(fc.array(key, { maxLength: 200 }), { maxLength: 10 }), (batches) => {
      const truth = new Set<string>();
      const set = new KeySet();
      for (const batch of batches) {
        const expected = batch.flatMap((each, index) => {
          const isNew = !truth.has(each.join());
          truth.add(each.join());
          return isNew ? [index] : [];
        });
        expect([...set.addNew(Uint32Array.from(batch.flat()), batch.length)]).toEqual(expected);
        expect(set.size).toBe(truth.size);
      }
    }),
  );
});

it('keeps its keys while it grows', () => {
  const set = new KeySet();
  const keys = Uint32Array.from({ length: 4 * 200_000 }, (_, at) => (at % 4 === 3 ? at : 9));
  expect(set.addNew(keys, 200_000)).toHaveLength(200_000);
  expect(set.addNew(keys, 200_000)).toHaveLength(0);
  expect(set.size).toBe(200_000);
});
