import { appendFileSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Session, createSession } from '#electron/headless/session.ts';
import { valueOf } from '#electron/router/value-of.ts';
import type { DecisionTrace } from '#shared/domain/trace.ts';
import type { IngestReport } from '#shared/ipc/views.ts';

/** What a real Cerbos server wrote (`test/cases/cerbos-server`), and its policies as a bundle. */

const cases = join(import.meta.dirname, '../../cases/cerbos-server');
const root = mkdtempSync(join(tmpdir(), 'rescind-cerbos-log-'));
const never = new AbortController().signal;
const log = readFileSync(join(cases, 'server.log'), 'utf8').trimEnd().split('\n');
const entries = log.map((line) => JSON.parse(line) as Entry).filter(({ callId }) => callId !== undefined);
const [first] = entries.filter(({ 'log.kind': kind }) => kind === 'decision');
let session: Session;
let totals: IngestReport;
const bundles: Record<string, string> = {};

interface Entry {
  readonly callId?: string;
  readonly 'log.kind'?: string;
  readonly checkResources?: { readonly inputs: readonly { readonly requestId?: string }[] };
}

/** More decisions in one entry than fit into what is left of a batch, twice. */
const many = (callId: string): string =>
  JSON.stringify({
    'log.logger': 'cerbos.audit',
    'log.kind': 'decision',
    callId,
    timestamp: '2026-11-28T00:00:00Z',
    checkResources: {
      inputs: Array.from({ length: 100 }, (_, index) => ({
        principal: { id: 'ann', roles: ['user'] },
        resource: { kind: 'doc', id: String(index), attr: { owner: 'ann' } },
        actions: Array.from({ length: 100 }, (_each, action) => `a${action}`),
      })),
      outputs: [],
    },
  });

beforeAll(async () => {
  session = createSession({ folders: { config: join(root, 'config'), data: join(root, 'data') } });
  const { engine } = session;
  const file = join(root, 'server.log');
  writeFileSync(file, `${log.join('\n')}\n`);
  // A copy of an entry, and one that was cut.
  appendFileSync(
    file,
    `${JSON.stringify(first)}\n{"log.logger":"cerbos.audit","log.kind":"decision","call\n`,
  );
  const request = { paths: [file], format: null, timeZone: null, workers: 1 };
  totals = await engine.importInto(join(root, 'case'), 'Case', request, {
    signal: never,
    onProgress: () => undefined,
  });
  cpSync(join(cases, 'policies'), join(root, 'now'), { recursive: true });
  mkdirSync(join(root, 'other'));
  const text = readFileSync(join(cases, 'policies/doc.yaml'), 'utf8').replaceAll('default', 'v2');
  writeFileSync(
    join(root, 'other/doc.yaml'),
    text.replace('  importDerivedRoles: [roles]\n', '').replace('derivedRoles: [owner]', 'roles: [auditor]'),
  );
  for (const name of ['now', 'other']) {
    const inForceFrom = name === 'now' ? '2026-11-01T00:00:00Z' : null;
    const { id } = await engine.addBundleInto(
      join(root, 'case'),
      'Case',
      { path: join(root, name), system: null, inForceFrom },
      never,
    );
    bundles[name] = id;
  }
  await engine.openCase(join(root, 'case'));
}, 120_000);
afterAll(() => {
  session.close();
  rmSync(root, { recursive: true, force: true });
});

async function idOf(vendorId: string): Promise<string> {
  const { rows } = valueOf(await session.client.request('events.page', { query: `vendorId:"${vendorId}"` }));
  return rows[0]?.id ?? '';
}

async function explained(vendorId: string, bundle?: string): Promise<DecisionTrace> {
  const event = await idOf(vendorId);
  return valueOf(
    await session.client.request('policy.explain', { event, ...(bundle === undefined ? {} : { bundle }) }),
  );
}

const call = (requestId: string): string =>
  entries.find(({ checkResources }) => checkResources?.inputs[0]?.requestId === requestId)?.callId ?? '';

test('each decision is an event, other lines are skipped, and everything adds up', () => {
  // 5 decisions, a plan and one of AuthZEN with the calls of the API; 4 and 1 of the second run.
  expect(totals).toMatchObject({
    events: 7 + entries.filter(({ 'log.kind': kind }) => kind === 'access').length + 5,
    duplicates: 5,
    rejected: 1,
  });
  expect(totals.records).toBe(totals.events + totals.duplicates + totals.rejected);
});

describe('recorded and recomputed', () => {
  test('agree on an allowed action, with the policies that took part', async () => {
    const trace = await explained(`${call('r9')}/0/share`);
    expect(trace).toMatchObject({
      recorded: {
        decision: 'allow',
        policies: ['resource.doc.vdefault/acme'],
        effective: [
          { policy: 'resource.doc.vdefault', source: 'doc.yaml, driver disk' },
          { policy: 'resource.doc.vdefault/acme', source: 'doc_acme.yaml, driver disk' },
        ],
        derivedRoles: ['owner'],
      },
      evaluation: { decision: 'allow', determining: ['resource.doc.vdefault/acme'] },
      attributes: {
        'resource.properties.attr.owner': 'log',
        'resource.properties.scope': 'log',
        'resource.properties.policyVersion': 'derived',
        'context.auxData': 'log',
      },
    });
    expect(trace).not.toHaveProperty('divergence');
  });

  test('no policy is a denial for both', async () => {
    expect(await explained(`${first?.callId ?? ''}/1/edit`)).toMatchObject({
      recorded: { decision: 'deny', reason: 'NO_MATCH', policies: [] },
      request: { resource: { id: '2', properties: { policyVersion: 'v9', scope: 'acme' } } },
      evaluation: { decision: 'deny', kind: 'implicit' },
    });
  });

  test('differ under policies without those that the log names', async () => {
    expect(await explained(`${call('r9')}/0/share`, bundles['other'])).toMatchObject({
      evaluation: { decision: 'deny' },
      divergence: { likelyCause: 'policy-unknown-at-that-time' },
    });
  });

  test('a plan and a call of the API are no decisions', async () => {
    const access = entries.find(({ 'log.kind': kind }) => kind === 'access');
    const trace = await explained(`${access?.callId ?? ''}/access`);
    expect(trace).toMatchObject({ provenance: 'recorded', evaluation: { decision: 'indeterminate' } });
    expect(trace).not.toHaveProperty('divergence');
  });
});

test('the agreement counts every decision', async () => {
  const { sources } = valueOf(await session.client.request('policy.agreement', {}));
  const [source] = sources;
  expect(sources).toMatchObject([{ format: 'cerbos-audit', system: 'cerbos', compared: 11, agreed: 11 }]);
  expect(source?.causes).toEqual([]);
});

test('an event of many in one record is read back from it', async () => {
  const file = join(root, 'many.log');
  writeFileSync(file, `${many('01MANY')}\n${many('01MORE')}\n`);
  const request = { paths: [file], format: null, timeZone: null, workers: 1 };
  const options = { signal: never, onProgress: () => undefined };
  const report = await session.engine.importInto(join(root, 'case'), 'Case', request, options);
  expect(report).toMatchObject({ events: 20_000, duplicates: 0, rejected: 0 });
  await session.engine.openCase(join(root, 'case'));
  const event = await idOf('01MORE/99/a99');
  expect(valueOf(await session.client.request('events.get', { id: event }))).toMatchObject({
    vendorId: '01MORE/99/a99',
    action: 'a99',
    resource: { type: 'doc', id: '99' },
  });
});
