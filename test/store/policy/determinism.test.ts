import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { askJob } from '#electron/policy/thread/questions.ts';
import { Shelf } from '#electron/policy/thread/shelf.ts';
import type { PolicyFile } from '#shared/domain/policy-system.ts';

/** The same question gives the same trace, byte for byte: on every run, in whatever order the files come. */

interface Question {
  readonly system: string;
  readonly files: Readonly<Record<string, string>>;
  readonly requests: readonly object[];
}

const allow = (action: string) => ({
  Version: '2012-10-17',
  Statement: [
    {
      Sid: 'S',
      Effect: 'Allow',
      Action: action,
      Resource: '*',
      Condition: { StringLike: { 'aws:UserAgent': 'cli*' } },
    },
  ],
});
const user = (account: string, name: string, action: string) => ({
  UserName: name,
  UserId: `AIDA${name}`,
  Path: '/',
  Arn: `arn:aws:iam::${account}:user/${name}`,
  UserPolicyList: [{ PolicyName: 'own', PolicyDocument: allow(action) }],
  AttachedManagedPolicies: [],
  GroupList: ['dev'],
});
const page = (account: string, name: string) =>
  JSON.stringify({
    UserDetailList: [user(account, name, 's3:Get*')],
    GroupDetailList: [
      {
        GroupName: 'dev',
        Arn: `arn:aws:iam::${account}:group/dev`,
        GroupPolicyList: [{ PolicyName: 'shared', PolicyDocument: allow('s3:*') }],
        AttachedManagedPolicies: [],
      },
    ],
    RoleDetailList: [],
    Policies: [],
  });
const role = (kind: string, name: string, verbs: string) =>
  `apiVersion: rbac.authorization.k8s.io/v1\nkind: ${kind}\nmetadata: { name: ${name} }\nrules: [{ apiGroups: [""], resources: [pods], verbs: [${verbs}] }]\n`;
const binding = (name: string, bound: string) =>
  `apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nmetadata: { name: ${name} }\nsubjects: [{ kind: User, name: ann }, { kind: Group, name: dev }]\nroleRef: { kind: ClusterRole, name: ${bound} }\n`;
const ask = (subject: object, action: string, resource: object, context: object = {}) => ({
  subject,
  action: { name: action },
  resource,
  context,
});

const questions: readonly Question[] = [
  {
    system: 'aws-iam',
    files: {
      'accounts/111122223333/authorization-details-1.json': page('111122223333', 'ann'),
      'accounts/444455556666/authorization-details-1.json': page('444455556666', 'bob'),
      'accounts/111122223333/resource-policies.json': JSON.stringify({
        'arn:aws:s3:::amzn-s3-demo-bucket': {
          Version: '2012-10-17',
          Statement: [
            { Effect: 'Allow', Principal: { AWS: '444455556666' }, Action: 's3:GetObject', Resource: '*' },
          ],
        },
      }),
      'organization.json': JSON.stringify({
        id: 'o-1',
        managementAccount: '999999999999',
        root: {
          id: 'r-1',
          scp: [{ name: 'FullAWSAccess' }],
          accounts: [{ id: '111122223333' }, { id: '444455556666' }],
        },
      }),
    },
    requests: ['111122223333:user/ann', '444455556666:user/bob'].map((name) =>
      ask(
        { type: 'user', id: `arn:aws:iam::${name}` },
        's3:GetObject',
        { type: 'object', id: 'arn:aws:s3:::amzn-s3-demo-bucket/a', properties: { account: '111122223333' } },
        { 'aws:UserAgent': 'cli/2' },
      ),
    ),
  },
  {
    system: 'kubernetes-rbac',
    files: {
      'a.yaml': role('ClusterRole', 'one', 'get'),
      'b.yaml': role('ClusterRole', 'two', 'get, list'),
      'c.yaml': binding('first', 'one'),
      'd.yaml': binding('second', 'two'),
      'e.yaml': binding('third', 'missing'),
    },
    requests: ['get', 'list', 'delete'].map((verb) =>
      ask({ type: 'user', id: 'ann', properties: { groups: ['dev'] } }, verb, {
        type: 'pods',
        id: 'cart',
        properties: { apiGroup: '', namespace: 'shop' },
      }),
    ),
  },
  {
    system: 'cedar',
    files: {
      'a.cedar': 'permit(principal, action == Action::"view", resource) when { context.hour > 8 };\n',
      'b.cedar': 'forbid(principal == User::"bob", action, resource);\n',
      'entities.json': JSON.stringify([{ uid: { type: 'User', id: 'ann' }, attrs: {}, parents: [] }]),
    },
    requests: ['ann', 'bob'].map((id) =>
      ask({ type: 'User', id }, 'view', { type: 'File', id: 'f' }, { hour: 9 }),
    ),
  },
  {
    system: 'casbin',
    files: {
      'model.conf':
        '[request_definition]\nr = sub, obj, act\n[policy_definition]\np = sub, obj, act\n[role_definition]\ng = _, _\n[policy_effect]\ne = some(where (p.eft == allow))\n[matchers]\nm = g(r.sub, p.sub) && r.obj == p.obj && r.act == p.act\n',
      'policy.csv': 'p, reader, report, read\ng, ann, reader\n',
    },
    requests: ['read', 'write'].map((action) =>
      ask({ type: 'user', id: 'ann' }, action, { type: 'doc', id: 'report' }),
    ),
  },
  {
    system: 'cerbos',
    files: Object.fromEntries(
      ['album', 'photo'].map((kind) => [
        `${kind}.yaml`,
        `apiVersion: api.cerbos.dev/v1\nresourcePolicy:\n  resource: ${kind}\n  version: default\n  rules:\n    - actions: [view]\n      effect: EFFECT_ALLOW\n      roles: [user]\n      condition: { match: { expr: R.attr.public == true } }\n`,
      ]),
    ),
    requests: ['album', 'photo'].map((type) =>
      ask({ type: 'user', id: 'ann', properties: { roles: ['user'] } }, 'view', {
        type,
        id: '1',
        properties: { attr: { public: true } },
      }),
    ),
  },
  {
    system: 'opa',
    files: {
      'a.rego':
        'package authz\n\nimport rego.v1\n\ndefault allow := false\n\nallow if input.user in data.admins\n',
      'b.rego': 'package authz\n\nimport rego.v1\n\nallow if input.user == "bob"\n',
      'data.json': JSON.stringify({ admins: ['ann'] }),
    },
    requests: ['ann', 'bob', 'eve'].map((name) =>
      ask({ type: 'user', id: name }, 'authz/allow', { type: 'x', id: 'x' }, { user: name }),
    ),
  },
];

async function traces(
  system: string,
  files: readonly PolicyFile[],
  requests: readonly object[],
): Promise<string> {
  const shelf = new Shelf(() => Promise.reject(new Error('nothing is read')), {});
  const bundle = await shelf.load({ kind: 'inline', source: { kind: 'files', files }, system });
  const found: string[] = [];
  for (const request of requests) {
    const job = {
      kind: 'ask',
      bundle: { kind: 'path', path: '', system },
      request,
      knowledge: { complete: true },
    };
    found.push(JSON.stringify(await askJob(job as unknown as Parameters<typeof askJob>[0], bundle)));
  }
  return found.join('\n');
}

describe('the same question', () => {
  test.for(questions)('of $system', async ({ system, files, requests }) => {
    const given = Object.entries(files).map(([path, text]) => ({
      path,
      text,
      bytes: new TextEncoder().encode(text),
    }));
    const first = await traces(system, given, requests);
    expect(first).not.toContain('"decision":"indeterminate"');
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray(given, { minLength: given.length }), async (shuffled) => {
        expect(await traces(system, shuffled, requests)).toBe(first);
      }),
      { numRuns: 8 },
    );
  });
});
