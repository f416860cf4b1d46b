import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { atOnce } from '#electron/store/read/in-steps.ts';
import { sortTimes } from '#electron/store/read/time-order.ts';

/** Times of few moments, as of whole seconds, and of many; a unit that all are multiples of, and an odd start. */
const times = fc
  .tuple(
    fc.constantFrom(1, 1000, 1e6),
    fc.constantFrom(0, 1, 1_788_000_000_123_456),
    fc.constantFrom(3, 20, 2 ** 31, 2 ** 33),
    fc.array(fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }), { maxLength: 60 }),
  )
  .map(([unit, start, moments, shares]) =>
    Float64Array.from(shares, (share) => start + Math.floor(share * moments) * unit),
  );

test('events stand by time, then nanoseconds, then in the order in which they came', () => {
  fc.assert(
    fc.property(times, fc.boolean(), fc.infiniteStream(fc.nat({ max: 999 })), (micros, precise, stream) => {
      const nanos = precise ? Uint16Array.from([...stream.take(micros.length)], (nano) => nano % 3) : null;
      const sorted = micros.slice();
      const order = atOnce(sortTimes(sorted, nanos));
      const expected = [...micros.keys()].toSorted(
        (one, other) =>
          micros[one]! - micros[other]! || (nanos?.[one] ?? 0) - (nanos?.[other] ?? 0) || one - other,
      );
      expect([...(order ?? micros.keys())]).toEqual(expected);
      expect(sorted).toEqual(micros.toSorted());
    }),
    { numRuns: 2000 },
  );
});
