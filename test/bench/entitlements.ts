import { compareEntitlements } from '#shared/analysis/drift/compare.ts';
import type { JsonObject } from '#shared/domain/json.ts';
import type { CompiledBundle } from '#shared/domain/policy-system.ts';
import { awsIam } from '#shared/policy/aws-iam/index.ts';

const account = '111122223333';
const services = ['s3', 'ec2', 'sqs', 'sns', 'lambda', 'logs', 'dynamodb', 'kms', 'ssm', 'iam'];

export interface EntitlementMeasurement {
  readonly permissions: number;
  readonly changes: number;
  /** Effective permissions of all principals, reading the bundle left out. */
  readonly listSeconds: number;
  /** Between two bundles of which the permissions are listed. */
  readonly driftSeconds: number;
  /** Ways to more rights. */
  readonly pathSeconds: number;
  readonly paths: number;
}

/**
 * 1,000 principals with 30 statements each, of their own: half of them roles; every third has a boundary; some are
 * denied under conditions. In the second bundle every fiftieth has changed.
 */
export async function measureEntitlements(principals = 1_000): Promise<EntitlementMeasurement> {
  const [before, after] = [await bundleOf(principals, 0), await bundleOf(principals, 1)];
  let start = performance.now();
  const listed = [...(before.entitlements?.() ?? [])];
  const listSeconds = (performance.now() - start) / 1000;
  const other = [...(after.entitlements?.() ?? [])];
  start = performance.now();
  const changes = compareEntitlements(listed, other);
  const driftSeconds = (performance.now() - start) / 1000;
  start = performance.now();
  const paths = [...(before.paths?.({ at: '2026-01-01T00:00:00Z' }) ?? [])];
  const pathSeconds = (performance.now() - start) / 1000;
  if (listed.length === 0 || changes.length === 0) throw new Error('The benchmark has to find something.');
  return {
    permissions: listed.length,
    changes: changes.length,
    listSeconds,
    driftSeconds,
    pathSeconds,
    paths: paths.length,
  };
}

export function bundleOf(principals: number, version: number): Promise<CompiledBundle> {
  const half = Math.ceil(principals / 2);
  const document = {
    UserDetailList: Array.from({ length: half }, (_, index) => principal('user', index, version)),
    RoleDetailList: Array.from({ length: principals - half }, (_, index) =>
      principal('role', index, version),
    ),
    GroupDetailList: [],
    Policies: [
      {
        PolicyName: 'Boundary',
        Arn: `arn:aws:iam::${account}:policy/Boundary`,
        PolicyVersionList: [
          {
            VersionId: 'v1',
            IsDefaultVersion: true,
            Document: policy([{ Effect: 'Allow', NotAction: 'iam:*', Resource: '*' }]),
          },
        ],
      },
    ],
  } as JsonObject;
  return awsIam.load({ kind: 'inline', document }, {});
}

function principal(kind: 'user' | 'role', index: number, version: number): JsonObject {
  const name = `${kind}${index}`;
  const isUser = kind === 'user';
  return {
    [isUser ? 'UserName' : 'RoleName']: name,
    Arn: `arn:aws:iam::${account}:${kind}/${name}`,
    [isUser ? 'UserPolicyList' : 'RolePolicyList']: [
      { PolicyName: 'own', PolicyDocument: policy(statements(index, version)) },
    ],
    AttachedManagedPolicies: [],
    ...(isUser
      ? { GroupList: [] }
      : {
          AssumeRolePolicyDocument: policy([
            { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' },
          ]),
          InstanceProfileList: [],
        }),
    ...(index % 3 === 0
      ? { PermissionsBoundary: { PermissionsBoundaryArn: `arn:aws:iam::${account}:policy/Boundary` } }
      : null),
  };
}

function statements(index: number, version: number): JsonObject[] {
  const changed = version === 1 && index % 50 === 0;
  return services.flatMap((service, place): JsonObject[] => [
    {
      Effect: 'Allow',
      Action: [`${service}:Get*`, `${service}:List*`],
      Resource: changed ? `arn:aws:${service}:::team${index}/*` : '*',
    },
    { Effect: 'Allow', Action: `${service}:Put*`, Resource: `arn:aws:${service}:::team${index}/*` },
    {
      Effect: place % 2 === 0 ? 'Deny' : 'Allow',
      Action: `${service}:Delete*`,
      Resource: '*',
      Condition: { Bool: { 'aws:MultiFactorAuthPresent': place % 2 === 0 ? 'false' : 'true' } },
    },
  ]);
}

function policy(list: readonly JsonObject[]): JsonObject {
  return { Version: '2012-10-17', Statement: list };
}
