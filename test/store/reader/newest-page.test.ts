import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { atOnce } from '#electron/store/read/in-steps.ts';
import { newestPage, type SegmentedSource } from '#electron/store/read/newest-page.ts';
import { QueryEngine } from '#electron/store/read/query-engine.ts';
import type { AccessEvent } from '#shared/domain/event.ts';
import { memoryTable } from '#test/support/memory-table.ts';
import { event } from '#test/support/random-queries.ts';

/** The events of a case that came in segments of these sizes, and how many of them were looked into. */
function inSegments(events: readonly AccessEvent[], sizes: readonly number[]) {
  const { source, table, ordered, confirm } = memoryTable(events);
  const looked = new Set<number>();
  const stretch = (name: 'micros' | 'nanos', from: number, count: number): number[] =>
    [...atOnce(source.load(name))].slice(from, from + count);
  const segments: SegmentedSource['segments'][number][] = [];
  for (let first = 0, id = 1; first < events.length; id++) {
    const count = Math.min(sizes[id % sizes.length] ?? 1, events.length - first);
    segments.push({ id, first, count, timeMax: Math.max(...stretch('micros', first, count)) });
    first += count;
  }
  const segmented: SegmentedSource = {
    ...source,
    segments,
    values: (name, { id, first, count }) => {
      looked.add(id);
      return Float64Array.from(stretch(name, first, count));
    },
  };
  return { segmented, engine: new QueryEngine(table, confirm), ordered, looked };
}

const everything = { query: '', from: null, to: null, sort: '-time' } as const;

test('the newest page is that of the loaded table, whatever the segments', () => {
  fc.assert(
    fc.property(
      fc.array(event, { maxLength: 60 }),
      fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 5 }),
      fc.nat({ max: 40 }),
      fc.nat({ max: 30 }),
      (events, sizes, offset, limit) => {
        const { segmented, engine, ordered } = inSegments(events, sizes);
        const page = newestPage(segmented, offset, limit);
        expect(page).toEqual(engine.page({ ...everything, offset, limit }));
        const expected = ordered.toReversed().slice(offset, offset + limit);
        expect(page.rows.map(({ id }) => id)).toEqual(expected.map(({ id }) => id));
      },
    ),
    { numRuns: 500 },
  );
});

test('segments that end before are left alone', () => {
  const [template] = fc.sample(event, { numRuns: 1, seed: 1 });
  const events = Array.from({ length: 100 }, (_, index) => ({
    ...template!,
    id: index.toString(16).padStart(32, '0'),
    time: new Date(Date.UTC(2026, 0, 1, 0, index)).toISOString(),
  }));
  const { segmented, looked } = inSegments(events, [10]);
  expect(newestPage(segmented, 0, 15).rows.map(({ id }) => Number.parseInt(id, 16))).toEqual(
    Array.from({ length: 15 }, (_, index) => 99 - index),
  );
  expect([...looked].toSorted((one, other) => one - other)).toEqual([9, 10]);
});
