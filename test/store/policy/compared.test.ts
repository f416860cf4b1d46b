import { createHash, createHmac } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Session, createSession } from '#electron/headless/session.ts';
import { valueOf } from '#electron/router/value-of.ts';
import type { CaseBundle } from '#shared/domain/bundle.ts';

/** What differs between bundles beside the policies' own texts, and what their signatures come to. */

const root = mkdtempSync(join(tmpdir(), 'rescind-compared-'));
const never = new AbortController().signal;
const account = '111122223333';
const arn = `arn:aws:iam::${account}:policy/reader`;
let session: Session;
let made = 0;

beforeAll(async () => {
  session = createSession({ folders: { config: join(root, 'config'), data: join(root, 'data') } });
  await session.engine.createCase(join(root, 'case'), 'Case');
}, 120_000);
afterAll(() => {
  session.close();
  rmSync(root, { recursive: true, force: true });
});

async function add(files: Record<string, string>, key: string | null = null): Promise<CaseBundle> {
  const folder = join(root, `bundle-${made++}`);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  const verificationKey = key === null ? null : join(root, 'key');
  if (verificationKey !== null) writeFileSync(verificationKey, `${key ?? ''}\n`);
  const request = { path: folder, system: null, inForceFrom: null, verificationKey };
  return session.engine.addBundle(request, never);
}

async function differences(before: Record<string, string>, after: Record<string, string>) {
  const [from, to] = [await add(before), await add(after)];
  return valueOf(await session.client.request('bundles.diff', { from: from.id, to: to.id }));
}

function details(more: object, groups: readonly string[] = []): string {
  const user = {
    UserName: 'ann',
    UserId: 'AIDAANN',
    Path: '/',
    Arn: `arn:aws:iam::${account}:user/ann`,
    UserPolicyList: [],
    AttachedManagedPolicies: [],
    GroupList: groups,
    ...more,
  };
  const document = {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: 's3:GetObject', Resource: '*' }],
  };
  return JSON.stringify({
    UserDetailList: [user],
    GroupDetailList: [
      {
        GroupName: 'dev',
        GroupId: 'AGPADEV',
        Path: '/',
        Arn: `arn:aws:iam::${account}:group/dev`,
        GroupPolicyList: [],
        AttachedManagedPolicies: [],
      },
    ],
    RoleDetailList: [],
    Policies: [
      {
        PolicyName: 'reader',
        Arn: arn,
        DefaultVersionId: 'v1',
        PolicyVersionList: [{ VersionId: 'v1', IsDefaultVersion: true, Document: document }],
      },
    ],
  });
}

const organization = (policies: readonly string[]) =>
  JSON.stringify({
    id: 'o-1',
    managementAccount: '999999999999',
    root: {
      id: 'r-1',
      name: 'Root',
      scp: [{ name: 'FullAWSAccess' }],
      units: [
        { id: 'ou-1', name: 'Work', scp: policies.map((name) => ({ name })), accounts: [{ id: account }] },
      ],
    },
  });

const files = (policies: readonly string[]) => ({
  'details.json': details({}),
  'organization.json': organization(policies),
});
const entities = (parents: readonly object[]) =>
  JSON.stringify([{ uid: { type: 'User', id: 'ann' }, attrs: {}, parents }]);
const binding = (name: string) => ({
  'rbac.yaml': `apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nmetadata: { name: dev }\nsubjects: [{ kind: User, name: ${name} }]\nroleRef: { kind: ClusterRole, name: view }\n`,
});

describe('a difference that is in no policy’s text', () => {
  test('attachments, groups, boundaries and tags of AWS', async () => {
    const more = {
      AttachedManagedPolicies: [{ PolicyName: 'reader', PolicyArn: arn }],
      PermissionsBoundary: { PermissionsBoundaryArn: arn },
      Tags: [{ Key: 'team', Value: 'red' }],
    };
    const found = await differences(
      { 'details.json': details({}) },
      { 'details.json': details(more, ['dev']) },
    );
    expect(found).toMatchObject([
      {
        change: 'changed',
        title: `What user ann of ${account} holds`,
        before: '',
        after: `boundary ${arn}\ngroup dev\npolicy ${arn}\ntag team = red\n`,
      },
    ]);
  });

  test('a service control policy that is attached elsewhere', async () => {
    const found = await differences(files(['FullAWSAccess']), files(['FullAWSAccess', 'FullAWSAccess']));
    expect(found).toMatchObject([{ title: 'What Root/Work holds', change: 'changed' }]);
  });

  test('a parent of a Cedar entity, and a subject of a binding', async () => {
    const policy = 'permit(principal in Group::"dev", action, resource);\n';
    const cedar = await differences(
      { 'p.cedar': policy, 'entities.json': entities([]) },
      { 'p.cedar': policy, 'entities.json': entities([{ type: 'Group', id: 'dev' }]) },
    );
    expect(cedar).toMatchObject([{ path: 'entities.json', change: 'changed' }]);
    expect(await differences(binding('ann'), binding('bob'))).toMatchObject([{ path: 'rbac.yaml' }]);
  });
});

const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** As `opa sign` makes it. */
function signed(rego: string, key: string): Record<string, string> {
  const listed = [
    { name: 'p.rego', hash: createHash('sha256').update(rego).digest('hex'), algorithm: 'SHA-256' },
  ];
  const content = `${encode({ alg: 'HS256' })}.${encode({ files: listed })}`;
  const token = `${content}.${createHmac('sha256', key).update(content).digest('base64url')}`;
  return { 'p.rego': rego, '.signatures.json': JSON.stringify({ signatures: [token] }) };
}

test('a signed bundle is verified with the key that is given, and the list tells what came of it', async () => {
  const rego = 'package p\n\nallow := true\n';
  const verified = await add(signed(rego, 'secret'), 'secret');
  expect(verified).toMatchObject({ signature: 'verified', problems: [] });
  const unchecked = await add(signed(`${rego}# one\n`, 'secret'));
  expect(unchecked).toMatchObject({ signature: 'not-verified', problems: [{ severity: 'warning' }] });
  const otherKey = await add(signed(`${rego}# two\n`, 'secret'), 'another');
  expect(otherKey).toMatchObject({ signature: 'wrong', problems: [{ severity: 'error' }] });
  const changed = await add({ ...signed(rego, 'secret'), 'p.rego': `${rego}# three\n` });
  expect(changed).toMatchObject({ signature: 'wrong' });
  expect(await add({ 'p.rego': `${rego}# four\n` })).toMatchObject({ signature: null });
  const list = valueOf(await session.client.request('bundles.list', {}));
  expect(list.find(({ id }) => id === verified.id)).toMatchObject({ signature: 'verified' });
});
