import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { atOnce } from '#electron/store/read/in-steps.ts';
import { type Matches, withoutRows } from '#electron/store/read/match.ts';
import { QueryEngine } from '#electron/store/read/query-engine.ts';
import { listOf, restOf } from '#electron/store/read/rest.ts';
import { clip, positionOf, rowAt, timeSlices } from '#electron/store/read/time-slices.ts';
import { dictionaryFields } from '#shared/query/fields.ts';
import { formatQuery } from '#shared/query/format.ts';
import { memoryTable } from '#test/support/memory-table.ts';
import { event, query } from '#test/support/random-queries.ts';

const events = fc.array(event, { maxLength: 60 });

/** A stretch of a table and which of its rows do not match. */
const stretch = fc
  .tuple(fc.nat(20), fc.array(fc.boolean(), { maxLength: 40 }))
  .map(([from, marks]) => ({ from, to: from + marks.length, marks }));

function rowsOf({ from, marks }: { from: number; marks: readonly boolean[] }, mark: boolean): Uint32Array {
  return Uint32Array.from(marks.flatMap((own, at) => (own === mark ? [from + at] : [])));
}

/** Row after row, however the matches are kept. */
function allOf(matches: Matches): number[] {
  return Array.from({ length: matches.count }, (_, position) => rowAt(matches, position));
}

describe('a stretch without some rows is the list of the others', () => {
  test('by position, by row, as a list, and cut to another stretch', () => {
    fc.assert(
      fc.property(stretch, fc.nat(70), fc.nat(70), (some, one, other) => {
        const listed = rowsOf(some, true);
        const matches = withoutRows(some.from, some.to, rowsOf(some, false));
        expect(allOf(matches)).toEqual([...listed]);
        const isWhole = listed.length === some.marks.length;
        expect(listOf(matches)).toEqual(isWhole ? null : listed);
        const list = { ...matches, listed, missing: null };
        for (let row = some.from; row <= some.to; row++) {
          expect(positionOf(matches, row, 0)).toBe(positionOf(list, row, 0));
        }
        const all = withoutRows(Math.min(one, other), Math.max(one, other), new Uint32Array(0));
        expect(allOf(clip(all, matches))).toEqual(allOf(clip(all, list)));
      }),
      { numRuns: 300 },
    );
  });

  test('step by step of time', () => {
    fc.assert(
      fc.property(
        events,
        fc.infiniteStream(fc.boolean()),
        fc.constantFrom(1, 1e6, 3600e6),
        (list, marks, step) => {
          const { table } = memoryTable(list);
          const some = { from: 0, marks: [...marks.take(table.count)] };
          const listed = rowsOf(some, true);
          const matches = withoutRows(0, table.count, rowsOf(some, false));
          const steps = (of: Matches) =>
            timeSlices(of, table, step).map((slice) => ({ start: slice.start, rows: allOf(slice.matches) }));
          expect(steps(matches)).toEqual(steps({ ...matches, listed, missing: null }));
        },
      ),
      { numRuns: 200 },
    );
  });
});

test('values by row change no count', () => {
  fc.assert(
    fc.property(events, query, fc.constantFrom(...dictionaryFields), (list, ast, field) => {
      const filter = { query: formatQuery(ast), from: null, to: null };
      const answers = [false, true].map((byRow) => {
        const { table, confirm } = memoryTable(list);
        if (byRow) table.makeValueColumn(field);
        const engine = new QueryEngine(table, confirm);
        return [
          engine.histogram({ ...filter, buckets: 20, split: field }),
          engine.count({ ...filter, by: [field], bucket: 'day', limit: 100 }),
          atOnce(engine.facets({ ...filter, fields: [field], limit: 100 })),
        ];
      });
      expect(answers[1]).toEqual(answers[0]);
    }),
    { numRuns: 200 },
  );
});

test('what few rows lack is kept as those, and gives the same page', () => {
  fc.assert(
    fc.property(events, query, fc.nat(20), (list, ast, offset) => {
      const { table, confirm } = memoryTable(list);
      const engine = new QueryEngine(table, confirm);
      const matches = engine.matches({ query: formatQuery(ast), from: null, to: null });
      const rows = allOf(matches);
      const all = Array.from({ length: matches.to - matches.from }, (_, at) => matches.from + at);
      const rest = restOf(matches);
      expect(rest === null ? [] : allOf(rest)).toEqual(
        rest === null ? [] : all.filter((row) => !rows.includes(row)),
      );
      const newest = allOf(matches)
        .toReversed()
        .slice(offset, offset + 5);
      expect(engine.rows(matches, '-time', offset, 5)).toEqual(newest);
    }),
    { numRuns: 300 },
  );
});
