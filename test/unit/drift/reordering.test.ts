import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compareEntitlements } from '#shared/analysis/drift/compare.ts';
import type { PermissionChange } from '#shared/domain/drift.ts';
import type { Json, JsonObject } from '#shared/domain/json.ts';
import type { PolicySystem } from '#shared/domain/policy-system.ts';
import { awsIam } from '#shared/policy/aws-iam/index.ts';
import { kubernetesRbac } from '#shared/policy/kubernetes-rbac/index.ts';
import { filesSource } from '#test/support/policy-cases.ts';

/** The same document with lists and keys in another order, single values without their list, and other names of statements. */
function rewritten(value: Json | undefined, order: (count: number) => number[], isStatement = false): Json {
  if (Array.isArray(value)) {
    const list = value as readonly Json[];
    return order(list.length).map((index) => rewritten(list[index], order));
  }
  if (value === null || typeof value !== 'object') return value ?? null;
  const entries = Object.entries(value as JsonObject);
  const shuffled = order(entries.length).flatMap((index): [string, Json][] => {
    const [key, item] = entries[index] ?? ['', null];
    if (key === 'Sid' && isStatement) return [];
    const inner = rewritten(item, order, key === 'Statement');
    const isSingle =
      Array.isArray(inner) && inner.length === 1 && ['Action', 'Resource', 'Statement'].includes(key);
    return [[key, isSingle ? ((inner as readonly Json[])[0] ?? null) : inner]];
  });
  return Object.fromEntries(shuffled);
}

/** Orders that depend on a seed alone. */
function orderBy(seed: number): (count: number) => number[] {
  let state = seed;
  return (count) => {
    const keys = Array.from(
      { length: count },
      () => (state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0),
    );
    return keys
      .map((_, index) => index)
      .toSorted((one, other) => (keys[one] ?? 0) - (keys[other] ?? 0) || one - other);
  };
}

async function driftOf(system: PolicySystem, before: object, after: object): Promise<PermissionChange[]> {
  const [old, now] = [
    await system.load(filesSource({ 'policies.json': JSON.stringify(before) }), {}),
    await system.load(filesSource({ 'policies.json': JSON.stringify(after, null, 4) }), {}),
  ];
  return compareEntitlements(old.entitlements?.() ?? [], now.entitlements?.() ?? []);
}

const some = <T>(list: readonly T[], most = 3) =>
  fc.subarray([...list], { minLength: 1, maxLength: Math.min(most, list.length) });

describe('formatting and order are no drift', () => {
  const account = '111122223333';
  const statement = fc.record(
    {
      Sid: fc.constantFrom('One', 'Two'),
      Effect: fc.constantFrom('Allow', 'Allow', 'Deny'),
      Action: some(['s3:*', 's3:Get*', 's3:GetObject', 'iam:PassRole', 'ec2:*', '*']),
      Resource: some(['*', 'arn:aws:s3:::a/*', 'arn:aws:s3:::b/*', `arn:aws:iam::${account}:role/*`]),
      Condition: fc.record(
        {
          StringEquals: fc.record({
            'aws:RequestedRegion': some(['eu-west-1', 'us-east-1', 'eu-central-1']),
            'aws:PrincipalTag/team': some(['red', 'blue']),
          }),
          Bool: fc.record({ 'aws:MultiFactorAuthPresent': fc.constant('true') }),
        },
        { requiredKeys: [] },
      ),
    },
    { requiredKeys: ['Effect', 'Action', 'Resource'] },
  );
  const accountOf = (own: readonly object[], boundary: readonly object[]): object => ({
    UserDetailList: [
      {
        UserName: 'ann',
        Arn: `arn:aws:iam::${account}:user/ann`,
        UserPolicyList: [{ PolicyName: 'own', PolicyDocument: { Version: '2012-10-17', Statement: own } }],
        AttachedManagedPolicies: [],
        GroupList: [],
        PermissionsBoundary: { PermissionsBoundaryArn: `arn:aws:iam::${account}:policy/Boundary` },
      },
    ],
    Policies: [
      {
        PolicyName: 'Boundary',
        Arn: `arn:aws:iam::${account}:policy/Boundary`,
        PolicyVersionList: [
          {
            VersionId: 'v1',
            IsDefaultVersion: true,
            Document: { Version: '2012-10-17', Statement: boundary },
          },
        ],
      },
    ],
  });

  test('AWS', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(statement, { minLength: 1, maxLength: 4 }),
        fc.array(statement, { minLength: 1, maxLength: 3 }),
        fc.nat(),
        async (own, boundary, seed) => {
          const details = accountOf(own, boundary);
          expect(
            await driftOf(awsIam, details, rewritten(details as JsonObject, orderBy(seed)) as object),
          ).toEqual([]);
        },
      ),
      { numRuns: 60 },
    );
  });

  test('Kubernetes', async () => {
    const rule = fc.record({
      apiGroups: some(['', 'apps', '*'], 2),
      resources: some(['pods', 'secrets', 'pods/log'], 3),
      verbs: some(['get', 'list', 'create', '*'], 3),
    });
    const object = fc.tuple(fc.boolean(), fc.array(rule, { minLength: 1, maxLength: 3 }));
    await fc.assert(
      fc.asyncProperty(fc.array(object, { minLength: 1, maxLength: 4 }), fc.nat(), async (objects, seed) => {
        const group = 'rbac.authorization.k8s.io';
        const list = {
          apiVersion: 'v1',
          kind: 'List',
          items: objects.flatMap(([clusterWide, rules], index) => {
            const metadata = { name: `g${index}`, ...(clusterWide ? {} : { namespace: 'shop' }) };
            const prefix = clusterWide ? 'Cluster' : '';
            return [
              { apiVersion: `${group}/v1`, kind: `${prefix}Role`, metadata, rules },
              {
                apiVersion: `${group}/v1`,
                kind: `${prefix}RoleBinding`,
                metadata,
                subjects: [{ kind: 'User', apiGroup: group, name: 'ann' }],
                roleRef: { apiGroup: group, kind: `${prefix}Role`, name: `g${index}` },
              },
            ];
          }),
        };
        expect(
          await driftOf(kubernetesRbac, list, rewritten(list as JsonObject, orderBy(seed)) as object),
        ).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });

  test('a Deny that takes more away is one', async () => {
    const open = { Effect: 'Allow', Action: 's3:*', Resource: '*' };
    const denying = (Action: string): object =>
      accountOf(
        [open, { Effect: 'Deny', Action, Resource: '*' }],
        [{ Effect: 'Allow', Action: '*', Resource: '*' }],
      );
    const changes = await driftOf(awsIam, denying('s3:DeleteObject'), denying('s3:Get*'));
    expect(changes.map(({ kind }) => kind)).toEqual(['condition-changed']);
  });
});
