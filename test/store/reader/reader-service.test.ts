import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { openReadable } from '#electron/store/connection.ts';
import { evidenceQueries } from '#electron/store/read/evidence-views.ts';
import { recordQueries } from '#electron/store/read/records.ts';
import { segmentQueries } from '#electron/store/read/segment-source.ts';
import { caseFolder } from '#electron/platform/case-folder.ts';
import type { AccessEvent } from '#shared/domain/event.ts';
import { formatQuery } from '#shared/query/format.ts';
import { matchesEvent } from '#shared/query/matches.ts';
import { parseInstant } from '#shared/util/instant.ts';
import { compareInstants } from '#shared/util/instant-range.ts';
import { event, query } from '#test/support/random-queries.ts';
import { callContext, realCase } from './real-case.ts';

const everything = { query: '', from: null, to: null };

/** Events without a vendor's id, whose identity is their place: none is a duplicate of another. */
function sample(count: number, seed: number): AccessEvent[] {
  return fc
    .sample(event, { numRuns: count, seed })
    .map((item) => ({ ...item, vendorId: null, format: 'plain' }));
}

/** What the record itself says. */
function contentOf(item: AccessEvent): Partial<AccessEvent> {
  return { ...item, id: '', evidence: undefined! };
}

async function streamed(
  { reader }: Pick<ReturnType<typeof realCase>, 'reader'>,
  filter: Partial<{ query: string; sort: 'time' | '-time'; limit: number | null }> = {},
): Promise<AccessEvent[]> {
  const { context, items } = callContext<AccessEvent>();
  await reader['events.stream']({ ...everything, sort: 'time', limit: null, ...filter }, context);
  return items;
}

describe('events come back from the evidence', () => {
  test('as they were imported, in the order of time, with the bytes of their record', async () => {
    const opened = realCase();
    const events = sample(700, 1);
    const lines = opened.add('logs/one.json', events);
    expect(opened.reader.refresh({})).toMatchObject({ events: 700, files: 1 });
    const ordered = events
      .map((item, index) => ({ item, line: lines[index]! }))
      .toSorted((one, other) =>
        compareInstants(parseInstant(one.item.time)!, parseInstant(other.item.time)!),
      );
    const found = await streamed(opened);
    expect(found.map(contentOf)).toEqual(ordered.map(({ item }) => contentOf(item)));
    expect(new Set(found.map(({ id }) => id)).size).toBe(700);
    for (const at of [0, 350, 699]) {
      const { context } = callContext();
      const raw = await opened.reader['events.raw']({ id: found[at]!.id }, context);
      expect(Buffer.from(raw.base64, 'base64')).toEqual(ordered[at]!.line);
      expect(raw.text).toBe(ordered[at]!.line.toString());
      expect(raw.position).toEqual(found[at]!.evidence);
      expect(await opened.reader['events.get']({ id: found[at]!.id }, context)).toEqual(found[at]);
    }
  });

  test('and agree with the plain meaning of every query, hashed ids included', async () => {
    const opened = realCase();
    opened.add('logs/one.json', sample(80, 2));
    opened.add('logs/Two.json', sample(80, 3));
    opened.reader.refresh({});
    const all = await streamed(opened);
    await fc.assert(
      fc.asyncProperty(query, async (ast) => {
        const found = await streamed(opened, { query: formatQuery(ast) });
        expect(found).toEqual(all.filter((item) => matchesEvent(ast, item)));
      }),
      { numRuns: 300 },
    );
  });

  test('and what is committed later is there after a refresh, not before', async () => {
    const opened = realCase();
    opened.add('one.json', sample(40, 4));
    opened.reader.refresh({});
    const { context } = callContext();
    const total = async (): Promise<number> =>
      (
        await opened.reader['events.count'](
          { ...everything, by: ['subject.id'], bucket: null, limit: 10 },
          context,
        )
      ).total;
    expect(await total()).toBe(40);
    opened.add('two.json', sample(40, 5));
    expect(await total()).toBe(40);
    // Columns that were not loaded before are still those of the same events.
    const facets = await opened.reader['events.facets'](
      { ...everything, fields: ['ip', 'region'], limit: 100 },
      context,
    );
    for (const facet of facets) expect(facet.values.reduce((sum, { count }) => sum + count, 0)).toBe(40);
    opened.reader.refresh({});
    expect(await total()).toBe(80);
  });

  test('a stream ends when it is cancelled', async () => {
    const opened = realCase();
    opened.add('one.json', sample(1000, 6));
    opened.reader.refresh({});
    const controller = new AbortController();
    const items: unknown[] = [];
    const running = opened.reader['events.stream'](
      { ...everything, sort: 'time', limit: null },
      {
        signal: controller.signal,
        emit: (group) => {
          items.push(...(group as unknown[]));
          controller.abort();
        },
      },
    );
    await expect(running).rejects.toMatchObject({ failure: { kind: 'cancelled' } });
    expect(items.length).toBeLessThan(1000);
  });

  test('the overview ends when it is cancelled, and others are answered while it is made', async () => {
    const opened = realCase();
    opened.add('one.json', sample(1000, 6));
    opened.reader.refresh({});
    const { context } = callContext();
    const range = { from: null, to: null };
    const whole = await opened.reader['overview.get'](range, context);
    const controller = new AbortController();
    const cancelled = opened.reader['overview.get'](range, { ...context, signal: controller.signal });
    const other = opened.reader['overview.get'](range, context);
    controller.abort();
    await expect(cancelled).rejects.toMatchObject({ failure: { kind: 'cancelled' } });
    expect(await other).toEqual(whole);
  });

  test('an unknown id is said to be unknown', () => {
    const { reader } = realCase();
    const { context } = callContext();
    for (const id of ['0'.repeat(32), 'x', '']) {
      expect(() => reader['events.get']({ id }, context)).toThrow(
        expect.objectContaining({ failure: expect.objectContaining({ kind: 'not-found' }) }),
      );
    }
  });
});

describe('the neighbourhood of an event', () => {
  test('is the events with the same subject around it, newest first', async () => {
    const opened = realCase();
    opened.add('one.json', sample(200, 7));
    opened.reader.refresh({});
    const all = await streamed(opened);
    const hers = all.filter((item) => item.subject.id === 'alice');
    const { context } = callContext();
    const around = async (at: number): Promise<string[]> => {
      const input = { id: hers.at(at)!.id, by: 'subject', limit: 5 } as const;
      const { total, rows } = await opened.reader['events.related'](input, context);
      expect(total).toBe(hers.length);
      return rows.map((row) => row.id).toReversed();
    };
    const ids = hers.map((item) => item.id);
    expect(await around(0)).toEqual(ids.slice(0, 5));
    expect(await around(4)).toEqual(ids.slice(2, 7));
    expect(await around(-1)).toEqual(ids.slice(-5));
  });

  test('completion offers what starts so, then the most frequent', async () => {
    const opened = realCase();
    const [base] = sample(1, 8);
    const from = (ip: string, count: number): AccessEvent[] =>
      Array.from({ length: count }, () => ({ ...base!, ip }));
    opened.add('one.json', [
      ...from('10.0.0.1', 2),
      ...from('10.0.0.2', 3),
      ...from('9.10.0.1', 9),
      ...from('AWS Internal', 4),
    ]);
    opened.reader.refresh({});
    const { context } = callContext();
    const values = (prefix: string): unknown =>
      opened.reader['query.values']({ field: 'ip', prefix, limit: 10 }, context);
    expect(await values('10.0')).toEqual(['10.0.0.2', '10.0.0.1', '9.10.0.1']);
    expect(await values('INTERNAL')).toEqual(['AWS Internal']);
    expect(await values('zzz')).toEqual([]);
  });
});

describe('evidence', () => {
  test('lists files and pages rejected records', async () => {
    const opened = realCase();
    opened.add('one.json', sample(3, 9), 7);
    opened.add('two.json', sample(2, 10), 2);
    const { context } = callContext();
    const list = await opened.reader['evidence.list']({}, context);
    expect(list).toMatchObject([
      {
        path: 'one.json',
        format: 'plain',
        status: 'complete',
        records: 10,
        events: 3,
        rejected: 7,
        parent: null,
      },
      { path: 'two.json', records: 4, events: 2, rejected: 2 },
    ]);
    const page = await opened.reader['evidence.rejected']({ sha256: null, offset: 5, limit: 3 }, context);
    expect(page.total).toBe(9);
    expect(page.rows.map(({ path, reason }) => `${path} ${reason}`)).toEqual([
      'one.json reason 5',
      'one.json reason 6',
      'two.json reason 0',
    ]);
    const own = await opened.reader['evidence.rejected'](
      { sha256: list[1]!.sha256, offset: 1, limit: 9 },
      context,
    );
    expect(own).toMatchObject({ total: 2, rows: [{ path: 'two.json', reason: 'reason 1' }] });
  });

  test('is verified, and a changed byte is found', async () => {
    const opened = realCase();
    opened.add('one.json', sample(50, 11));
    const { context } = callContext();
    const report = await opened.reader['evidence.verify']({}, { ...context, emit: () => undefined });
    expect(report).toMatchObject({ ok: true, evidence: { files: 1 }, offsets: { events: 50 }, problems: [] });
    expect(await opened.reader['evidence.custody']({ offset: 0, limit: 100 }, context)).toMatchObject({
      total: report.custody.entries,
    });
  });
});

/** The rows that SQL answers. */
async function run(opened: ReturnType<typeof realCase>, text: string): Promise<Record<string, unknown>[]> {
  const { context, items } = callContext<Record<string, unknown>>();
  await opened.reader['sql.run']({ text }, context);
  return items;
}

describe('SQL', () => {
  test('sees events as rows', async () => {
    const opened = realCase();
    opened.add('one.json', sample(120, 12));
    opened.reader.refresh({});
    const all = await streamed(opened);
    expect(await run(opened, 'select count(*) as n from events')).toEqual([{ n: 120 }]);
    const rows = await run(opened, 'select * from events order by evidence_offset');
    const byOffset = all.toSorted((one, other) => one.evidence.offset - other.evidence.offset);
    for (const [index, row] of rows.entries()) {
      const item = byOffset[index]!;
      expect(row).toMatchObject({
        id: item.id,
        time: item.time,
        outcome: item.outcome,
        subject_id: item.subject.id,
        reason_text: item.reason?.text ?? null,
        user_agent: item.userAgent,
        evidence_path: 'one.json',
        evidence_length: item.evidence.length,
      });
    }
    const ids = await run(opened, 'select correlation_request_id as r from events where r is not null');
    expect(ids.map(({ r }) => r)).toEqual(all.flatMap(({ correlation }) => correlation.requestId ?? []));
    const denied = await run(opened, 'select sum(denied) as d, sum(events) as e from identities');
    expect(denied).toEqual([{ d: all.filter(({ outcome }) => outcome === 'deny').length, e: 120 }]);
    expect(await run(opened, 'select path, events from evidence')).toEqual([
      { path: 'one.json', events: 120 },
    ]);
    expect(await run(opened, 'select * from bundles')).toEqual([]);
    expect(
      await run(opened, '-- all\n(with x as (select 1 as a) select a from x)').catch(() => 'syntax'),
    ).toBe('syntax');
    expect(await run(opened, '/* c */ with x as (select 1 as a) select a from x')).toEqual([{ a: 1 }]);
  });

  test.each([
    "attach 'other.db' as other",
    "ATTACH DATABASE '/tmp/rescind-never' AS x",
    'pragma query_only = off',
    'create table t (a)',
    'delete from events',
    'insert into events (id) values (1)',
    'with x as (select 1) insert into events (id) select * from x',
    'select 1; select 2',
    'vacuum into "/tmp/rescind-never"',
    'select load_extension("x")',
    'select * from dictionary_part',
    'select * from segment_column',
    'explain select 1',
    'select nothing from events',
    '',
  ])('refuses %s', async (text) => {
    const opened = realCase();
    await expect(run(opened, text)).rejects.toMatchObject({ failure: { kind: 'query' } });
  });
});

test('the overview counts what it shows', async () => {
  const opened = realCase();
  opened.add('one.json', sample(500, 13));
  opened.reader.refresh({});
  const all = await streamed(opened);
  const { context } = callContext();
  const view = await opened.reader['overview.get']({ from: null, to: null }, context);
  for (const [outcome, count] of Object.entries(view.outcomes)) {
    expect(count).toBe(all.filter((item) => item.outcome === outcome).length);
  }
  expect(view.coverage).toMatchObject([
    { format: 'plain', events: 500, from: all[0]!.time, to: all.at(-1)!.time },
  ]);
  expect(view.coverage[0]!.counts.reduce((sum, count) => sum + count, 0)).toBe(500);
  for (const { subject, action, count, last } of view.topDenied) {
    const denied = all.filter(
      (item) => item.outcome === 'deny' && item.subject.id === subject && item.action === action,
    );
    expect(count).toBe(denied.length);
    expect(last).toBe(denied.at(-1)!.time);
  }
  expect(view.topDenied.length).toBe(10);
});

test('no hot query scans a big table or sorts', () => {
  const { folder } = realCase();
  const db = openReadable(caseFolder(folder).database);
  const bigTables = /SCAN (?:rejected|dictionary_part|segment_column)(?! USING COVERING INDEX)/;
  try {
    for (const text of [
      ...Object.values(segmentQueries),
      ...Object.values(evidenceQueries),
      ...Object.values(recordQueries),
    ]) {
      const steps = db
        .prepare<unknown[], { detail: string }>(`explain query plan ${text}` as typeof text)
        .all(...(text.match(/\?/g) ?? []).map(() => 1))
        .map(({ detail }) => detail);
      const bad = steps.filter((step) => bigTables.test(step) || step.includes('TEMP B-TREE'));
      expect({ text, bad }).toEqual({ text, bad: [] });
    }
  } finally {
    db.close();
  }
});
