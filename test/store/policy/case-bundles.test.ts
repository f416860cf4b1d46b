import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Session, createSession } from '#electron/headless/session.ts';

const root = mkdtempSync(join(tmpdir(), 'rescind-case-bundles-'));
const never = new AbortController().signal;
let session: Session;
const ids: string[] = [];

function manifests(verbs: string): string {
  return `apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: { name: pods }
rules: [{ apiGroups: [""], resources: [pods], verbs: [${verbs}] }]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: { name: dev }
subjects: [{ kind: User, name: jane }]
roleRef: { kind: ClusterRole, name: pods }
`;
}

beforeAll(async () => {
  session = createSession({ folders: { config: join(root, 'config'), data: join(root, 'data') } });
  const { engine } = session;
  for (const [name, verbs] of [
    ['one', 'get'],
    ['two', 'get, list'],
  ] as const) {
    mkdirSync(join(root, name));
    writeFileSync(join(root, name, 'rbac.yaml'), manifests(verbs));
    const request = { path: join(root, name), system: null, inForceFrom: null };
    ids.push((await engine.addBundleInto(join(root, 'case'), 'Case', request, never)).id);
  }
  await engine.openCase(join(root, 'case'));
}, 120_000);
afterAll(() => {
  session.close();
  rmSync(root, { recursive: true, force: true });
});

const list = {
  subject: { type: 'user', id: 'jane' },
  action: { name: 'list' },
  resource: { type: 'pods', id: '' },
};

test('policies of a bundle are read, and two bundles compared', async () => {
  const texts = await session.client.request('bundles.text', { id: ids[0] ?? '' });
  expect(texts).toMatchObject({
    ok: true,
    value: [{ path: 'rbac.yaml', language: 'yaml', text: manifests('get') }],
  });
  const diff = await session.client.request('bundles.diff', { from: ids[0] ?? '', to: ids[1] ?? '' });
  expect(diff).toMatchObject({
    ok: true,
    value: [
      { path: 'rbac.yaml', change: 'changed', before: manifests('get'), after: manifests('get, list') },
    ],
  });
  expect(await session.client.request('bundles.diff', { from: ids[0] ?? '', to: ids[0] ?? '' })).toEqual({
    ok: true,
    value: [],
  });
});

test('a question is answered by a bundle, and by what it would be', async () => {
  const bundle = ids[0] ?? '';
  const asked = await session.client.request('policy.ask', { bundle, request: list });
  expect(asked).toMatchObject({ ok: true, value: { evaluation: { decision: 'deny' } } });
  const edits = [{ path: 'rbac.yaml', text: manifests('list') }];
  const edited = await session.client.request('policy.ask', { bundle, edits, request: list });
  expect(edited).toMatchObject({ ok: true, value: { evaluation: { decision: 'allow' } } });
  expect(await session.client.request('policy.ask', { bundle, request: { subject: 1 } })).toMatchObject({
    ok: false,
    error: { kind: 'invalid-input' },
  });
  const question = { bundle, action: 'list', resource: 'pods' };
  expect(await session.client.request('policy.whoCan', question)).toEqual({ ok: true, value: [] });
  expect(await session.client.request('policy.whoCan', { ...question, edits })).toMatchObject({
    ok: true,
    value: [{ subject: { id: 'jane' } }],
  });
});

test('policy tests run against a bundle, and say where a file of them is wrong', async () => {
  const tests = `tests:\n  - request: ${JSON.stringify(list)}\n    expect: allow\n`;
  const [one, two] = await Promise.all(
    ids.map((bundle) => session.client.request('policy.check', { bundle, tests })),
  );
  expect(one).toMatchObject({
    ok: true,
    value: [{ passed: false, differences: ['expected allow, got deny'] }],
  });
  expect(two).toMatchObject({ ok: true, value: [{ passed: true }] });
  const broken = await session.client.request('policy.check', { bundle: ids[0] ?? '', tests: 'tests: [1]' });
  expect(broken).toMatchObject({ ok: false, error: { kind: 'unusable' } });
});

test('an edited bundle is kept as a new one that the journal knows, and the old one stays', async () => {
  const { client } = session;
  const bundle = ids[0] ?? '';
  const edits = [{ path: 'rbac.yaml', was: 'verbs: [get]', text: 'verbs: [get, watch]' }];
  const edited = await client.request('bundles.edited', { bundle, edits });
  expect(edited).toEqual({ ok: true, value: [{ path: 'rbac.yaml', text: manifests('get, watch') }] });
  const saved = await client.request('bundles.saveEdited', {
    bundle,
    edits,
    inForceFrom: '2026-06-01T00:00:00Z',
  });
  if (!saved.ok) throw new Error(saved.error.message);
  expect(saved.value.path).toBe(`${join(root, 'one')} (edited)`);
  const watch = { ...list, action: { name: 'watch' } };
  const decisionOf = async (id: string): Promise<unknown> => {
    const asked = await client.request('policy.ask', { bundle: id, request: watch });
    return asked.ok && asked.value.evaluation?.decision;
  };
  expect([await decisionOf(bundle), await decisionOf(saved.value.id)]).toEqual(['deny', 'allow']);
  const custody = await client.request('evidence.custody', {});
  expect(JSON.stringify(custody)).toContain(`editedFrom=${bundle}`);
  expect(await client.request('evidence.verify', {})).toMatchObject({ ok: true, value: { ok: true } });
  const stale = await client.request('bundles.saveEdited', {
    bundle,
    edits: [{ ...edits[0]!, was: 'gone' }],
  });
  expect(stale).toMatchObject({ ok: false, error: { kind: 'invalid-input' } });
});

test('policy tests are kept in the case by name', async () => {
  const { client } = session;
  expect(await client.request('policyTests.list', {})).toEqual({ ok: true, value: [] });
  const text = 'tests: []\n';
  const saved = await client.request('policyTests.save', { name: 'Before the fix', text });
  expect(saved).toMatchObject({ ok: true, value: { name: 'Before the fix', bytes: text.length } });
  expect(await client.request('policyTests.get', { name: 'Before the fix' })).toEqual({
    ok: true,
    value: { name: 'Before the fix', text },
  });
  for (const name of ['../case', '.hidden', 'a/b', '']) {
    expect(await client.request('policyTests.get', { name })).toMatchObject({
      ok: false,
      error: { kind: 'invalid-input' },
    });
  }
  expect(await client.request('policyTests.remove', { name: 'Before the fix' })).toMatchObject({ ok: true });
  expect(await client.request('policyTests.list', {})).toEqual({ ok: true, value: [] });
});

test('what a request does not tell is absent or unknown, as the question says', async () => {
  const policy = {
    Version: '2012-10-17',
    Statement: {
      Effect: 'Allow',
      Action: 's3:GetObject',
      Resource: '*',
      Condition: { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } },
    },
  };
  const arn = 'arn:aws:iam::021345678901:role/deploy';
  const role = { Path: '/', RoleName: 'deploy', RoleId: 'AROAEXAMPLE', Arn: arn };
  const RoleDetailList = [{ ...role, RolePolicyList: [{ PolicyName: 'read', PolicyDocument: policy }] }];
  writeFileSync(join(root, 'details.json'), JSON.stringify({ RoleDetailList }));
  const request = { path: join(root, 'details.json'), system: 'aws-iam', inForceFrom: null };
  const { id } = await session.engine.addBundle(request, never);
  const decisionFor = async (knowledge: { complete: boolean; absent?: string[] }): Promise<unknown> => {
    const asked = await session.client.request('policy.ask', {
      bundle: id,
      request: {
        subject: { type: 'role', id: arn },
        action: { name: 's3:GetObject' },
        resource: { type: '', id: 'arn:aws:s3:::b/k', properties: { account: '021345678901' } },
      },
      knowledge,
    });
    return asked.ok ? asked.value.evaluation?.decision : asked.error;
  };
  expect(await decisionFor({ complete: true })).toBe('deny');
  expect(await decisionFor({ complete: false })).toBe('indeterminate');
  expect(await decisionFor({ complete: false, absent: ['aws:SourceIp'] })).toBe('deny');
});

test('the page may ask, and may not name paths', async () => {
  const { router } = session;
  const context = { sender: 'page' as const, signal: never, emit: () => undefined };
  expect(await router.handle('bundles.list', {}, context)).toMatchObject({ ok: true });
  const input = { bundle: { path: '/etc' }, requests: '-' };
  expect(await router.handle('policy.evaluate', input, context)).toMatchObject({
    ok: false,
    error: { kind: 'refused' },
  });
  expect(await router.handle('bundles.add', { token: 'not-a-token' }, context)).toMatchObject({ ok: false });
});
