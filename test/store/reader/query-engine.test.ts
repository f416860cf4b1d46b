import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { atOnce } from '#electron/store/read/in-steps.ts';
import { QueryEngine } from '#electron/store/read/query-engine.ts';
import { dimensionNames } from '#shared/domain/dimensions.ts';
import type { AccessEvent } from '#shared/domain/event.ts';
import type { Query } from '#shared/query/ast.ts';
import { dictionaryFields } from '#shared/query/fields.ts';
import { fieldTexts } from '#shared/query/event-values.ts';
import { formatQuery } from '#shared/query/format.ts';
import { matchesEvent } from '#shared/query/matches.ts';
import { memoryTable } from '#test/support/memory-table.ts';
import { event, query, time } from '#test/support/random-queries.ts';

const events = fc.array(event, { maxLength: 60 });
const everything = { query: '', from: null, to: null };

function engineOf(list: readonly AccessEvent[]): { engine: QueryEngine; ordered: readonly AccessEvent[] } {
  const { table, ordered, confirm } = memoryTable(list);
  return { engine: new QueryEngine(table, confirm), ordered };
}

/** What `events.count` must answer, counted one by one. */
function countOneByOne(list: readonly AccessEvent[], fields: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const item of list) {
    const key = JSON.stringify(fields.map((field) => fieldTexts(item, field as 'ip')[0] ?? null));
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}

describe('the executor agrees with the plain meaning of the language', () => {
  test('on which events match and in which order', () => {
    fc.assert(
      fc.property(events, query, fc.boolean(), (list, ast, indexed) => {
        const { engine, ordered } = engineOf(list);
        if (indexed) for (const source of dimensionNames) atOnce(engine.table.indexRows(source));
        const expected = ordered.filter((item) => matchesEvent(ast, item)).map((item) => item.id);
        const filter = { ...everything, query: formatQuery(ast), offset: 0, limit: 1000 };
        const oldest = engine.page({ ...filter, sort: 'time' });
        expect(oldest.rows.map((row) => row.id)).toEqual(expected);
        expect(oldest.total).toBe(expected.length);
        const newest = engine.page({ ...filter, sort: '-time', offset: 2, limit: 3 });
        expect(newest.rows.map((row) => row.id)).toEqual(expected.toReversed().slice(2, 5));
      }),
      { numRuns: 1500 },
    );
  });

  test('on what a row holds', () => {
    fc.assert(
      fc.property(events, (list) => {
        const { engine, ordered } = engineOf(list);
        const { rows } = engine.page({ ...everything, sort: 'time', offset: 0, limit: 1000 });
        for (const [index, row] of rows.entries()) {
          const {
            vendorId: _,
            class: __,
            resources: ___,
            userAgent: ____,
            correlation: _____,
            evidence: ______,
            ...expected
          } = ordered[index]!;
          const reason = expected.reason;
          const isEmpty =
            reason !== null && reason.class === null && reason.text === null && reason.policy === null;
          const session = expected.session;
          const noSession = session !== null && Object.values(session).every((value) => value === null);
          expect(row).toEqual({
            ...expected,
            reason: isEmpty ? null : reason,
            session: noSession ? null : session,
          });
        }
      }),
      { numRuns: 100 },
    );
  });
});

describe('counts', () => {
  const fields = fc.subarray(
    ['outcome', 'subject.id', 'action', 'service', 'ip', 'evidence.path', 'region'],
    {
      minLength: 1,
      maxLength: 4,
    },
  );

  test('by fields are those of counting one by one, largest first', () => {
    fc.assert(
      fc.property(events, query, fields, (list, ast, by) => {
        const { engine, ordered } = engineOf(list);
        const matching = ordered.filter((item) => matchesEvent(ast, item));
        const { rows, total, groups } = engine.count({
          ...everything,
          query: formatQuery(ast),
          by,
          bucket: null,
          limit: 1000,
        });
        expect(new Map(rows.map((row) => [JSON.stringify(row.values), row.count]))).toEqual(
          countOneByOne(matching, by),
        );
        expect(total).toBe(matching.length);
        expect(groups).toBe(rows.length);
        expect(rows.map((row) => row.count)).toEqual(rows.map((row) => row.count).toSorted((a, b) => b - a));
      }),
      { numRuns: 300 },
    );
  });

  test('by hour and day', () => {
    fc.assert(
      fc.property(events, fc.constantFrom('hour' as const, 'day' as const), (list, bucket) => {
        const { engine } = engineOf(list);
        const counts = new Map<string, number>();
        for (const item of list) {
          const start =
            bucket === 'hour' ? `${item.time.slice(0, 13)}:00:00Z` : `${item.time.slice(0, 10)}T00:00:00Z`;
          const key = JSON.stringify([start, item.outcome]);
          counts.set(key, (counts.get(key) ?? 0) + 1);
        }
        const { rows } = engine.count({ ...everything, by: ['outcome'], bucket, limit: 1000 });
        expect(new Map(rows.map((row) => [JSON.stringify(row.values), row.count]))).toEqual(counts);
      }),
      { numRuns: 100 },
    );
  });

  test('of a stretch of time that begins and ends within hours', () => {
    fc.assert(
      fc.property(events, time, time, (list, from, to) => {
        const { engine, ordered } = engineOf(list);
        const range: Query = {
          kind: 'field',
          field: 'time',
          test: { kind: 'range', from: { text: from, inclusive: true }, to: { text: to, inclusive: true } },
        };
        const matching = ordered.filter((item) => matchesEvent(range, item));
        const filter = { query: '', from, to };
        const { rows } = engine.count({ ...filter, by: ['outcome'], bucket: null, limit: 1000 });
        expect(new Map(rows.map((row) => [JSON.stringify(row.values), row.count]))).toEqual(
          countOneByOne(matching, ['outcome']),
        );
      }),
      { numRuns: 300 },
    );
  });

  test('of all matches without fields', () => {
    const { engine } = engineOf(fc.sample(event, { numRuns: 7, seed: 1 }));
    expect(engine.count({ ...everything, by: [], bucket: null, limit: 10 })).toEqual({
      rows: [{ values: [], count: 7 }],
      total: 7,
      groups: 1,
    });
  });

  test('facets and histogram add up to the matches', () => {
    fc.assert(
      fc.property(
        events,
        query,
        fc.constantFrom(...dictionaryFields),
        fc.integer({ min: 1, max: 50 }),
        (list, ast, field, buckets) => {
          const { engine, ordered } = engineOf(list);
          const matching = ordered.filter((item) => matchesEvent(ast, item));
          const filter = { ...everything, query: formatQuery(ast) };
          const [facet] = atOnce(engine.facets({ ...filter, fields: [field], limit: 1000 }));
          const facetTotal = facet!.values.reduce((sum, { count }) => sum + count, 0);
          expect(facetTotal).toBe(matching.length);
          expect(facet!.distinct).toBe(
            new Set(facet!.values.map(({ value }) => value).filter((value) => value !== null)).size,
          );
          const { series, total, fromMs, toMs, stepMs } = engine.histogram({
            ...filter,
            buckets,
            split: field,
          });
          expect(total).toBe(matching.length);
          expect(series.flatMap(({ counts }) => counts).reduce((sum, count) => sum + count, 0)).toBe(
            matching.length,
          );
          for (const { counts } of series) {
            expect(counts.length).toBeLessThanOrEqual(buckets);
            expect(counts.length).toBe((toMs - fromMs) / stepMs);
          }
        },
      ),
      { numRuns: 300 },
    );
  });

  test('each bar of the histogram is the events of its time', () => {
    fc.assert(
      fc.property(events, (list) => {
        const { engine } = engineOf(list);
        const { series, fromMs, stepMs } = engine.histogram({
          ...everything,
          from: '2026-05-01',
          to: '2026-05-02',
          buckets: 48,
          split: 'outcome',
        });
        expect([fromMs, stepMs]).toEqual([Date.UTC(2026, 4, 1), 3_600_000]);
        for (const { value, counts } of series) {
          for (const [index, count] of counts.entries()) {
            const hour = new Date(fromMs + index * stepMs).toISOString().slice(0, 13);
            expect(count).toBe(
              list.filter((item) => item.outcome === value && item.time.startsWith(hour)).length,
            );
          }
        }
      }),
      { numRuns: 50 },
    );
  });
});

test('a query with a problem says where it is', () => {
  const { engine } = engineOf([]);
  expect(() => engine.matches({ ...everything, query: 'outcome:deny outcom:x' })).toThrow(
    expect.objectContaining({
      failure: expect.objectContaining({ kind: 'query', details: { from: 13, to: 19 } }),
    }),
  );
  expect(() => engine.count({ ...everything, by: ['vendorId'], bucket: null, limit: 1 })).toThrow(
    /cannot be counted by/,
  );
});
