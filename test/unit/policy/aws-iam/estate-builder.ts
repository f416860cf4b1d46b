import type { AccessPath } from '#shared/domain/access-path.ts';
import type { CompiledBundle } from '#shared/domain/policy-system.ts';
import { awsIam } from '#shared/policy/aws-iam/index.ts';
import { filesSource } from '#test/support/policy-cases.ts';
import { account, policy } from './support.ts';

export const userArn = (name: string) => `arn:aws:iam::${account}:user/${name}`;
export const roleArn = (name: string) => `arn:aws:iam::${account}:role/${name}`;
export const groupArn = (name: string) => `arn:aws:iam::${account}:group/${name}`;
export const policyArn = (name: string) => `arn:aws:iam::${account}:policy/${name}`;

export interface Holder {
  readonly inline?: readonly object[];
  readonly attached?: readonly string[];
  readonly groups?: readonly string[];
  readonly boundary?: string;
}

export interface RoleHolder extends Holder {
  /** The principal that it trusts. */
  readonly trusts: object;
  readonly trustCondition?: object;
  readonly instanceProfile?: boolean;
}

export interface Account {
  readonly users?: Readonly<Record<string, Holder>>;
  readonly roles?: Readonly<Record<string, RoleHolder>>;
  readonly groups?: Readonly<Record<string, Holder>>;
  /** Versions of each, the one in force first. */
  readonly policies?: Readonly<Record<string, readonly (readonly object[])[]>>;
}

export const administratorAccess = 'arn:aws:iam::aws:policy/AdministratorAccess';

const attached = ({ attached: arns = [] }: Holder) =>
  arns.map((arn) => ({ PolicyArn: arn, PolicyName: arn.slice(arn.lastIndexOf('/') + 1) }));
const inline = ({ inline: statements }: Holder) =>
  statements === undefined ? [] : [{ PolicyName: 'inline', PolicyDocument: policy(...statements) }];
const boundary = ({ boundary: arn }: Holder) =>
  arn === undefined
    ? {}
    : { PermissionsBoundary: { PermissionsBoundaryArn: arn, PermissionsBoundaryType: 'Policy' } };

/** Account authorization details, as `iam get-account-authorization-details` prints them. */
export function detailsOf({ users = {}, roles = {}, groups = {}, policies = {} }: Account): object {
  return {
    UserDetailList: Object.entries(users).map(([name, user]) => ({
      UserName: name,
      UserId: `AIDA${name.toUpperCase()}`,
      Arn: userArn(name),
      UserPolicyList: inline(user),
      AttachedManagedPolicies: attached(user),
      GroupList: user.groups ?? [],
      ...boundary(user),
    })),
    GroupDetailList: Object.entries(groups).map(([name, group]) => ({
      GroupName: name,
      Arn: groupArn(name),
      GroupPolicyList: inline(group),
      AttachedManagedPolicies: attached(group),
    })),
    RoleDetailList: Object.entries(roles).map(([name, role]) => ({
      RoleName: name,
      RoleId: `AROA${name.toUpperCase()}`,
      Arn: roleArn(name),
      AssumeRolePolicyDocument: policy({
        Effect: 'Allow',
        Principal: role.trusts,
        Action: 'sts:AssumeRole',
        ...(role.trustCondition === undefined ? {} : { Condition: role.trustCondition }),
      }),
      RolePolicyList: inline(role),
      AttachedManagedPolicies: attached(role),
      InstanceProfileList: role.instanceProfile === true ? [{ InstanceProfileName: name }] : [],
      ...boundary(role),
    })),
    Policies: Object.entries(policies).map(([name, versions]) => ({
      PolicyName: name,
      Arn: policyArn(name),
      DefaultVersionId: 'v1',
      PolicyVersionList: versions.map((statements, index) => ({
        VersionId: `v${index + 1}`,
        IsDefaultVersion: index === 0,
        Document: policy(...statements),
      })),
    })),
  };
}

export function bundleOf(details: Account, organization?: object): Promise<CompiledBundle> {
  const folder = organization === undefined ? '' : `accounts/${account}/`;
  return awsIam.load(
    filesSource({
      [`${folder}authorization-details.json`]: JSON.stringify(detailsOf(details)),
      ...(organization === undefined ? {} : { 'organization.json': JSON.stringify(organization) }),
    }),
    {},
  );
}

export const at = '2026-01-01T00:00:00Z';

export async function pathsOf(details: Account, organization?: object): Promise<AccessPath[]> {
  const bundle = await bundleOf(details, organization);
  return [...(bundle.paths?.({ at }) ?? [])];
}

/** `user/ann technique certainty gives`, sorted. */
export function brief(paths: readonly AccessPath[]): string[] {
  return paths
    .map(
      ({ subject, technique, certainty, gives }) =>
        `${subject.id.slice(subject.id.lastIndexOf(':') + 1)} ${technique} ${certainty} ${gives}`,
    )
    .toSorted();
}
