import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { RecentEntries } from '#electron/store/write/recent-entries.ts';

it('answers nothing but what was set, and knows the latest entries, however many there were', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 1, max: 60_000 }), { minLength: 1, maxLength: 4 }),
      fc.integer({ min: 1, max: 8000 }),
      (steps, latest) => {
        const recent = new RecentEntries();
        let last = 0;
        for (const step of steps) {
          for (const end = last + step; last < end; last++) recent.set(`entry ${last}`, last);
          for (let entry = Math.max(0, last - latest); entry < last; entry++) {
            expect(recent.get(`entry ${entry}`)).toBe(entry);
          }
          expect(recent.get(`entry ${last}`)).toBeUndefined();
          for (const entry of [0, last >> 1])
            expect([entry, undefined]).toContain(recent.get(`entry ${entry}`));
        }
      },
    ),
    { numRuns: 10 },
  );
});
