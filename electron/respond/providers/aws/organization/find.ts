import {
  DescribeGroupCommand,
  DescribeUserCommand,
  type DescribeUserResponse,
  ListUsersCommand,
} from '@aws-sdk/client-identitystore';
import {
  DescribeAccountCommand,
  DescribeOrganizationalUnitCommand,
  type Organization,
} from '@aws-sdk/client-organizations';
import {
  DescribePermissionSetCommand,
  ListAccountAssignmentsForPrincipalCommand,
} from '@aws-sdk/client-sso-admin';
import type { Reference, Target } from '#shared/domain/response.ts';
import type { CallContext, FoundTarget } from '../../../provider.ts';
import { type OrganizationClients, ask, askFor, pages } from './clients.ts';
import { assignmentId, membershipsOf } from './grants.ts';
import { secondsOf, sessionsId } from './sessions.ts';

/** Users of the identity store, and accounts and units where they are named by their ids. */
export async function findTargets(
  clients: OrganizationClients,
  { kind, id, aliases }: Reference,
  call: CallContext,
): Promise<FoundTarget[]> {
  if (kind !== 'identity') return [];
  const found = new Map<string, FoundTarget>();
  for (const name of new Set([id, ...aliases])) {
    const place = await placeOf(clients, name, call);
    const users = place === null ? await usersNamed(clients, name, call) : [];
    for (const target of place === null ? users.map(userTarget) : [place]) found.set(target.id, target);
  }
  return [...found.values()];
}

async function placeOf(
  { organizations }: OrganizationClients,
  id: string,
  call: CallContext,
): Promise<FoundTarget | null> {
  const base = { id, parent: null, managedBy: null, createdAt: null };
  if (/^\d{12}$/.test(id)) {
    const answer = await askFor(call, (options) =>
      organizations.send(new DescribeAccountCommand({ AccountId: id }), options),
    );
    const account = answer?.Account;
    if (account === undefined) return null;
    return {
      ...base,
      kind: 'account',
      name: account.Name ?? id,
      attributes: { mail: account.Email ?? null },
    };
  }
  if (!/^ou-[\da-z]+-[\da-z]+$/.test(id)) return null;
  const answer = await askFor(call, (options) =>
    organizations.send(new DescribeOrganizationalUnitCommand({ OrganizationalUnitId: id }), options),
  );
  const unit = answer?.OrganizationalUnit;
  return unit === undefined ? null : { ...base, kind: 'unit', name: unit.Name ?? id, attributes: {} };
}

type User = Pick<
  DescribeUserResponse,
  'UserId' | 'UserName' | 'DisplayName' | 'UserStatus' | 'ExternalIds' | 'CreatedAt'
>;

async function usersNamed(
  { identityStore, config }: OrganizationClients,
  name: string,
  call: CallContext,
): Promise<User[]> {
  const IdentityStoreId = config.identityStoreId;
  if (/^(?:[\da-f]{10}-)?[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i.test(name)) {
    const user = await askFor(call, (options) =>
      identityStore.send(new DescribeUserCommand({ IdentityStoreId, UserId: name }), options),
    );
    return user === null ? [] : [user];
  }
  const { Users: users = [] } = await ask(call, (options) =>
    identityStore.send(
      new ListUsersCommand({
        IdentityStoreId,
        Filters: [{ AttributePath: 'UserName', AttributeValue: name }],
      }),
      options,
    ),
  );
  return users;
}

function userTarget(user: User): FoundTarget {
  const source = user.ExternalIds?.[0]?.Issuer;
  return {
    kind: 'sso-user',
    id: user.UserId ?? '',
    name: user.UserName ?? user.UserId ?? '',
    parent: null,
    createdAt: user.CreatedAt?.toISOString() ?? null,
    // Users with an external id are written by an identity provider over SCIM.
    managedBy: source ?? null,
    attributes: { displayName: user.DisplayName ?? null, status: user.UserStatus ?? null },
  };
}

/** Assignments of the user alone, memberships, and for every permission set that they have, the sessions of it. */
export async function descendantsOf(
  clients: OrganizationClients,
  user: Target,
  call: CallContext,
): Promise<FoundTarget[]> {
  const { sso, identityStore, config } = clients;
  const assignments = await pages(async (NextToken) => {
    const answer = await ask(call, (options) =>
      sso.send(
        new ListAccountAssignmentsForPrincipalCommand({
          InstanceArn: config.instanceArn,
          PrincipalId: user.id,
          PrincipalType: 'USER',
          NextToken,
        }),
        options,
      ),
    );
    return { items: answer.AccountAssignments ?? [], next: answer.NextToken };
  });
  const sets = new Map<string, { name: string; seconds: number | null }>();
  for (const set of new Set(assignments.map(({ PermissionSetArn: arn = '' }) => arn))) {
    const { PermissionSet: described } = await ask(call, (options) =>
      sso.send(
        new DescribePermissionSetCommand({ InstanceArn: config.instanceArn, PermissionSetArn: set }),
        options,
      ),
    );
    sets.set(set, { name: described?.Name ?? set, seconds: secondsOf(described?.SessionDuration) });
  }
  const base = { parent: user.id, createdAt: null, managedBy: null };
  const direct = assignments
    .filter(({ PrincipalType: type }) => type === 'USER')
    .map(({ AccountId: account = '', PermissionSetArn: set = '' }) => ({
      ...base,
      kind: 'account-assignment',
      id: assignmentId(account, set, user.id),
      name: `${sets.get(set)?.name ?? set} in ${account}`,
      attributes: { account, sessionSeconds: sets.get(set)?.seconds ?? null },
    }));
  const sessions = [...sets].map(([set, { name, seconds }]) => ({
    ...base,
    kind: 'permission-set-sessions',
    id: sessionsId(set, user.id),
    name: `sessions of ${name}`,
    attributes: { sessionSeconds: seconds },
  }));
  const memberships = await membershipsOf(clients, user.id, call);
  const groups = await Promise.all(
    memberships.map(async ({ MembershipId: id = '', GroupId: group = '' }) => {
      const described = await askFor(call, (options) =>
        identityStore.send(
          new DescribeGroupCommand({ IdentityStoreId: config.identityStoreId, GroupId: group }),
          options,
        ),
      );
      const shown = described?.DisplayName ?? group;
      return {
        ...base,
        kind: 'group-membership',
        id,
        name: `membership of ${shown}`,
        attributes: { group: shown },
      };
    }),
  );
  return [...direct, ...groups, ...sessions];
}

export function isManagement(target: Pick<Target, 'id'>, organization: Organization): boolean {
  return target.id === organization.MasterAccountId;
}
