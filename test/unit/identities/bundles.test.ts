import { describe, expect, test } from 'vitest';
import { takeInventory } from '#shared/analysis/identities/inventory.ts';
import type { BundleEvidence, DirectorySource } from '#shared/analysis/identities/sources.ts';
import type { JsonObject } from '#shared/domain/json.ts';
import type { LogDays, Use } from '#shared/domain/identity.ts';
import { awsIam } from '#shared/policy/aws-iam/index.ts';
import { kubernetesRbac } from '#shared/policy/kubernetes-rbac/index.ts';
import { at, directory, log, range, use } from '#test/support/people.ts';

const account = '111122223333';
const arn = (resource: string, owner = account) => `arn:aws:iam::${owner}:${resource}`;
const trust = (principal: JsonObject, condition?: JsonObject): JsonObject => ({
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow',
      Action: 'sts:AssumeRole',
      Principal: principal,
      ...(condition === undefined ? null : { Condition: condition }),
    },
  ],
});
const provider = 'oidc.eks.eu-west-1.amazonaws.com/id/AB';
const details: JsonObject = {
  UserDetailList: [
    {
      UserName: 'ann',
      UserId: 'AIDAANNANNANNANNANN1',
      Arn: arn('user/people/ann'),
      CreateDate: '2020-01-01T00:00:00Z',
      Tags: [{ Key: 'Owner', Value: 'platform@corp.example' }],
    },
  ],
  RoleDetailList: [
    {
      RoleName: 'deploy',
      RoleId: 'AROADEPLOYDEPLOYDEP1',
      Arn: arn('role/ci/deploy'),
      AssumeRolePolicyDocument: trust({
        AWS: [
          arn('user/people/ann'),
          arn('role/partner', '999988887777'),
          'AIDAGONEGONEGONEGON1',
          '555566667777',
          arn('root', '444455556666'),
        ],
        Service: 'codebuild.amazonaws.com',
      }),
    },
    {
      RoleName: 'cart',
      RoleId: 'AROACARTCARTCARTCAR1',
      Arn: arn('role/cart'),
      AssumeRolePolicyDocument: trust(
        { Federated: arn(`oidc-provider/${provider}`) },
        { StringEquals: { [`${provider}:sub`]: 'system:serviceaccount:shop:cart' } },
      ),
    },
  ],
  Policies: [],
};
const manifests: JsonObject = {
  serviceAccounts: [
    { metadata: { name: 'cart', namespace: 'shop', uid: 'b7c5a9a2-0000-4000-8000-000000000001' } },
  ],
  roleBindings: [
    {
      metadata: { name: 'readers', namespace: 'shop' },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'reader' },
      subjects: [
        { kind: 'ServiceAccount', name: 'report' },
        { kind: 'User', name: 'jane', apiGroup: 'rbac.authorization.k8s.io' },
        { kind: 'Group', name: 'dev', apiGroup: 'rbac.authorization.k8s.io' },
      ],
    },
  ],
};

async function evidence(
  system: 'aws-iam' | 'kubernetes-rbac',
  document: JsonObject,
  day: number,
): Promise<BundleEvidence> {
  const inForceFrom = at(day).text;
  const text = JSON.stringify(document);
  const source =
    system === 'aws-iam'
      ? {
          kind: 'files' as const,
          files: [{ path: 'a.json', text, bytes: new TextEncoder().encode(text) }],
        }
      : { kind: 'inline' as const, document };
  const compiled = await (system === 'aws-iam' ? awsIam : kubernetesRbac).load(source, {});
  return {
    bundle: { id: `${system} ${day}`, system, digest: 'd', inForceFrom, importedAt: inForceFrom },
    identities: [...(compiled.identities?.() ?? [])],
  };
}

const take = (
  bundles: readonly BundleEvidence[],
  uses: readonly Use[] = [],
  logs: readonly LogDays[] = [log(range(1000, 1100))],
  directories: readonly DirectorySource[] = [],
) =>
  takeInventory(
    uses,
    logs,
    { asOf: at(1100), dormantAfterDays: 90 },
    { directories, bundles, decisions: [], answersFor: () => null },
  ).identities;

describe('who is in a bundle is in the inventory', () => {
  test('users, roles and whom a trust policy names, each with where and why; accounts are nobody', async () => {
    const found = take([await evidence('aws-iam', details, 1099)], [], []);
    expect(found.map(({ id }) => id)).toEqual(
      [
        arn('role/cart'),
        arn('role/ci/deploy'),
        arn('user/people/ann'),
        arn('role/partner', '999988887777'),
        'AIDAGONEGONEGONEGON1',
        'codebuild.amazonaws.com',
        'system:serviceaccount:shop:cart',
      ].toSorted(),
    );
    const ann = found.find(({ name }) => name === 'ann');
    expect(ann).toMatchObject({
      type: 'user',
      account,
      owner: 'platform@corp.example',
      sources: ['aws-iam'],
      dormancy: 'cannot-know',
      directory: { created: '2020-01-01T00:00:00Z', status: 'active' },
    });
    expect(ann?.appearances[0]).toMatchObject({
      source: 'bundle',
      bundles: [
        {
          id: 'aws-iam 1099',
          inForceFrom: at(1099).text,
          isDefined: true,
          path: 'a.json',
          locator: '/UserDetailList/0',
          reasons: [`A user of the account ${account}.`, `Trusted by ${arn('role/ci/deploy')}.`],
        },
      ],
    });
    const partner = found.find(({ name }) => name === 'partner');
    expect(partner).toMatchObject({ account: '999988887777', directory: null, dormancy: 'cannot-know' });
  });

  test('service accounts and those that bindings name; groups are nobody', async () => {
    const found = take([await evidence('kubernetes-rbac', manifests, 1099)], [], []);
    expect(found.map(({ id, type }) => [id, type])).toEqual([
      ['jane', 'user'],
      ['system:serviceaccount:shop:cart', 'workload'],
      ['system:serviceaccount:shop:report', 'workload'],
    ]);
    expect(found[0]?.appearances[0]?.bundles[0]?.reasons).toEqual([
      'Bound by RoleBinding shop/readers to Role reader.',
    ]);
  });

  test('silence counts as far as its own log reaches: never seen where that is whole, else nobody can know', async () => {
    const bundles = [
      await evidence('aws-iam', details, 1099),
      await evidence('kubernetes-rbac', manifests, 1099),
    ];
    const dormancyOf = (logs: readonly LogDays[]) =>
      new Map(take(bundles, [], logs).map(({ id, dormancy }) => [id, dormancy]));
    const whole = dormancyOf([log(range(1000, 1101))]);
    expect(whole.get(arn('user/people/ann'))).toBe('never-seen');
    expect(whole.get(arn('role/partner', '999988887777'))).toBe('cannot-know');
    expect(whole.get('jane')).toBe('cannot-know');
    expect(dormancyOf([log(range(1000, 1050))]).get(arn('user/people/ann'))).toBe('cannot-know');
  });
});

const usedBy = (id: string, type: 'user' | 'role' = 'user') =>
  use({ subject: { type, id, name: id.slice(id.lastIndexOf('/') + 1), account } });

describe('appearances in bundles meet those elsewhere', () => {
  test('by ARN, by unique id, and a role by its name where a log does not tell its path', async () => {
    const bundles = [await evidence('aws-iam', details, 1099)];
    const found = take(bundles, [usedBy(arn('user/people/ann')), usedBy(arn('role/deploy'), 'role')]);
    expect(found.filter(({ name }) => name === 'ann')).toHaveLength(1);
    expect(found.find(({ name }) => name === 'ann')?.matches).toMatchObject([{ rule: 'arn' }]);
    expect(found.find(({ name }) => name === 'deploy')).toMatchObject({
      sources: ['aws-cloudtrail', 'aws-iam'],
      matches: [{ rule: 'name' }],
    });
    const report = directory('aws-credential-report', 1100, [
      {
        id: arn('user/people/ann'),
        authority: account,
        aliases: [{ kind: 'arn', value: arn('user/people/ann'), verified: true }],
      },
    ]);
    const withReport = take(bundles, [], undefined, [report]);
    expect(withReport.filter(({ ids }) => ids.includes(arn('user/people/ann')))).toHaveLength(1);
  });

  test('a service account in a trust policy and the one of the cluster’s manifests', async () => {
    const found = take([
      await evidence('aws-iam', details, 1099),
      await evidence('kubernetes-rbac', manifests, 1099),
    ]).filter(({ ids }) => ids.includes('system:serviceaccount:shop:cart'));
    expect(found.map(({ sources }) => sources)).toEqual([['aws-iam', 'kubernetes-rbac']]);
  });

  test('several bundles add up, and only the latest says that somebody is there', async () => {
    const later = { ...details, UserDetailList: [] };
    const found = take([await evidence('aws-iam', details, 1000), await evidence('aws-iam', later, 1099)]);
    const ann = found.find(({ name }) => name === 'ann');
    expect(ann?.appearances.map(({ status }) => status)).toEqual([null]);
    expect(ann?.appearances[0]?.bundles.map(({ id, isDefined }) => [id, isDefined])).toEqual([
      ['aws-iam 1099', false],
      ['aws-iam 1000', true],
    ]);
    expect(found.find(({ name }) => name === 'cart')?.appearances[0]?.status).toBe('active');
  });
});
