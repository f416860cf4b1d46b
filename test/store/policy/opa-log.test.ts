import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Session, createSession } from '#electron/headless/session.ts';
import { valueOf } from '#electron/router/value-of.ts';
import type { IngestReport } from '#shared/ipc/views.ts';
import type { DecisionTrace } from '#shared/domain/trace.ts';

/** Decisions of two revisions of one policy, in an upload and on a console, and both revisions as bundles. */

const root = mkdtempSync(join(tmpdir(), 'rescind-opa-log-'));
const never = new AbortController().signal;
let session: Session;
let totals: IngestReport;
const bundles: Record<string, string> = {};

const rego = (rule: string): string => `package shop.authz
import rego.v1
default allow := false
allow if ${rule}
`;
const policies = {
  r1: rego('input.level >= 2'),
  r2: rego('input.level >= 3'),
};

let number = 0;
function decision(revision: string, input: object, result: unknown, more: object = {}): object {
  number++;
  return {
    labels: { id: '1780d507-aea2-45cc-ae50-fa153c8e4a5a', version: '1.11.0' },
    decision_id: `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`,
    bundles: { shop: { revision } },
    path: 'shop/authz/allow',
    input: { user: 'ann', ...input },
    result,
    requested_by: '192.0.2.1:5000',
    timestamp: `2026-05-01T10:00:00.0000${String(number).padStart(2, '0')}001Z`,
    ...more,
  };
}

const upload = [
  decision('r1', { level: 2 }, true),
  decision('r1', { level: 1 }, false),
  decision('r2', { level: 2 }, false),
  decision('r2', { level: 3 }, true),
  decision('r2', { level: '**' }, true, { masked: ['/input/level'] }),
  decision('r0', { level: 2 }, false),
  decision('r1', { level: 2, headers: { authorization: 'Bearer s3cr3t-token' } }, true),
];
const consoleLine = (event: object): string =>
  JSON.stringify({
    ...event,
    level: 'info',
    msg: 'Decision Log',
    time: '2026-05-01T10:00:00Z',
    type: 'openpolicyagent.org/decision_logs',
  });
const server = {
  client_addr: '127.0.0.1:1',
  level: 'info',
  msg: 'Received request.',
  time: '2026-05-01T10:00:00Z',
};
const debug = { 'decision-id': 'x', decision: true, level: 'debug', msg: 'Returning policy decision.' };
const lines = [
  ...Array.from({ length: 30 }, () => JSON.stringify(server)),
  JSON.stringify(debug),
  // A copy of what was uploaded as well.
  consoleLine(upload[0] as object),
  consoleLine(decision('r2', { level: 2 ** 53 }, true)),
];

beforeAll(async () => {
  session = createSession({ folders: { config: join(root, 'config'), data: join(root, 'data') } });
  const { engine } = session;
  writeFileSync(join(root, 'upload.json.gz'), gzipSync(JSON.stringify(upload)));
  writeFileSync(join(root, 'console.log'), lines.join('\n').replace('9007199254740992', '9007199254740993'));
  const paths = [join(root, 'upload.json.gz'), join(root, 'console.log')];
  const request = { paths, format: null, timeZone: null, workers: 1 };
  totals = await engine.importInto(join(root, 'case'), 'Case', request, {
    signal: never,
    onProgress: () => undefined,
  });
  for (const [revision, text] of Object.entries(policies)) {
    const path = join(root, revision);
    mkdirSync(path);
    writeFileSync(join(path, 'authz.rego'), text);
    writeFileSync(join(path, '.manifest'), JSON.stringify({ revision, roots: ['shop'] }));
    const { id } = await engine.addBundleInto(
      join(root, 'case'),
      'Case',
      { path, system: null, inForceFrom: revision === 'r1' ? '2026-04-01T00:00:00Z' : null },
      never,
    );
    bundles[revision] = id;
  }
  await engine.openCase(join(root, 'case'));
}, 120_000);
afterAll(() => {
  session.close();
  rmSync(root, { recursive: true, force: true });
});

async function explained(vendorNumber: number, bundle?: string): Promise<DecisionTrace> {
  const vendorId = `00000000-0000-4000-8000-${String(vendorNumber).padStart(12, '0')}`;
  const { rows } = valueOf(await session.client.request('events.page', { query: `vendorId:${vendorId}` }));
  const event = rows[0]?.id ?? '';
  return valueOf(
    await session.client.request('policy.explain', { event, ...(bundle === undefined ? {} : { bundle }) }),
  );
}

test('all lines are counted: decisions once, and other lines as skipped', () => {
  expect(totals).toMatchObject({ events: 8, duplicates: 1, rejected: 0 });
});

describe('a decision is judged by the bundle that it names', () => {
  test('whatever the time says', async () => {
    const one = await explained(1);
    expect(one).toMatchObject({
      recorded: { decision: 'allow', bundles: [{ name: 'shop', revision: 'r1' }], result: true },
      evaluation: { decision: 'allow' },
      bundle: { revision: 'r1', matchedBy: 'revision' },
    });
    const other = await explained(3);
    expect(other).toMatchObject({
      evaluation: { decision: 'deny' },
      bundle: { revision: 'r2', matchedBy: 'revision' },
    });
    for (const trace of [one, other]) expect(trace).not.toHaveProperty('divergence');
  });

  test('under another one the difference is told, with its cause', async () => {
    const trace = await explained(1, bundles['r2']);
    expect(trace).toMatchObject({
      recorded: { decision: 'allow' },
      evaluation: { decision: 'deny' },
      divergence: { likelyCause: 'policy-revision-differs' },
    });
    expect(trace.divergence?.why).toContain('revision r1');
    expect(trace.divergence?.why).toContain('revision r2');
  });

  test('a revision that is not in the case is said to be another one', async () => {
    const trace = await explained(6);
    expect(trace).toMatchObject({ divergence: { likelyCause: 'policy-revision-differs' } });
  });

  test('what was replaced in the log leaves it undecided', async () => {
    expect(await explained(5)).toMatchObject({
      evaluation: { decision: 'indeterminate', unknowns: ['input.level'] },
      divergence: { likelyCause: 'context-missing' },
    });
  });

  test('and so it stays when the shown request is asked again', async () => {
    const { request, knowledge } = await explained(5);
    const hidden = (knowledge?.hidden ?? []).map((path) => [...path]);
    const again = await session.client.request('policy.ask', {
      bundle: bundles['r1'] ?? '',
      request: { ...request },
      knowledge: { complete: true, absent: [], hidden },
    });
    expect(valueOf(again)).toMatchObject({ evaluation: { decision: 'indeterminate' } });
  });

  test('secrets of the request are not shown', async () => {
    const trace = await explained(7);
    expect(JSON.stringify(trace)).not.toContain('s3cr3t');
    expect(trace.knowledge?.hidden).toEqual([['headers', 'authorization']]);
  });
});

test('a number is shown with the digits that were recorded', async () => {
  expect(await explained(8)).toMatchObject({
    request: { context: { level: '9007199254740993' } },
    evaluation: { decision: 'allow' },
    knowledge: { hidden: [['level']] },
  });
});

test('the agreement is that with the bundles that the decisions name', async () => {
  const { sources } = valueOf(await session.client.request('policy.agreement', {}));
  expect(sources).toMatchObject([
    { format: 'opa-decision-log', system: 'opa', events: 8, compared: 7, agreed: 6, undecided: 1 },
  ]);
  expect(sources[0]?.causes.map(({ cause, events }) => [cause, events])).toEqual([
    ['policy-revision-differs', 1],
    ['context-missing', 1],
  ]);
});

test('a replay asks each distinct question once: what a policy does not read makes no other one', async () => {
  const { summary, rows } = valueOf(
    await session.client.request('policy.replay', {
      bundle: bundles['r2'] ?? '',
      against: bundles['r1'] ?? '',
    }),
  );
  expect(summary).toMatchObject({
    events: 8,
    requests: 5,
    newlyDenied: { requests: 1, events: 4 },
    unchanged: { requests: 3, events: 3 },
    undecidable: { requests: 1, events: 1 },
  });
  expect(rows[0]).toMatchObject({ request: { context: { level: 2 } }, recorded: { allow: 2, deny: 2 } });
});
