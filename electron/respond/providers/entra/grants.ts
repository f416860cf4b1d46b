import { type JsonObject, objectAt, textAt } from '#shared/domain/json.ts';
import type { ActionSpec, Enforcement, Target } from '#shared/domain/response.ts';
import { outcome } from '../../outcomes.ts';
import type { Action, CallContext, FoundTarget, ProviderIo } from '../../provider.ts';
import { stateAction } from '../../state-action.ts';
import type { EntraTenant } from './tenant.ts';

/**
 * One kind of grant. It is known by what it grants to whom, because it gets a new object id when it is made again; its
 * members are then exactly what `create` is called with.
 */
interface GrantKind {
  readonly kind: 'app-role-assignment' | 'consent' | 'directory-role-assignment';
  readonly spec: ActionSpec;
  /** Every grant of a principal. */
  readonly of: (collection: string, principal: string) => string;
  /** Where single grants lie. */
  readonly at: (principal: Owner) => string;
  readonly members: readonly string[];
  readonly title: (object: JsonObject) => string;
}

interface Owner {
  readonly collection: string;
  readonly id: string;
}

const common = {
  verb: 'grant.remove',
  reversibility: 'R1',
  idempotency: 'state_convergent',
  precondition: 'compare_snapshot',
  nativeDryRun: false,
  rateLimit: 'Microsoft Graph, by tenant and app',
  settle: { typicalMs: 2_000, maxMs: 120_000 },
  beyondReach: null,
  undo: { possible: true, waitSeconds: 0, note: 'It is made again and gets a new id.' },
} as const;

const tokensKeep = {
  artefact: 'access_token',
  residualSeconds: 5_400,
  coveredBy: ['session.invalidate'],
  note: 'Tokens that were issued carry it until they expire.',
} as const;

export const grantKinds: readonly GrantKind[] = [
  {
    kind: 'app-role-assignment',
    spec: {
      ...common,
      id: 'app-role-assignment.remove',
      title: 'Remove the assignment to the application',
      stops: ['grant'],
      doesNotStop: [tokensKeep],
      requiredPermissions: ['AppRoleAssignment.ReadWrite.All'],
    },
    of: (collection, principal) => `/${collection}/${principal}/appRoleAssignments`,
    at: ({ collection, id }) => `/${collection}/${id}/appRoleAssignments`,
    members: ['principalId', 'resourceId', 'appRoleId'],
    title: (object) => `${textAt(object, 'resourceDisplayName') ?? 'application'} (application role)`,
  },
  {
    kind: 'consent',
    spec: {
      ...common,
      id: 'consent.remove',
      title: 'Remove the consent',
      stops: ['consent'],
      doesNotStop: [tokensKeep],
      requiredPermissions: ['DelegatedPermissionGrant.ReadWrite.All'],
    },
    of: (collection, principal) => `/${collection}/${principal}/oauth2PermissionGrants`,
    at: () => '/oauth2PermissionGrants',
    members: ['clientId', 'consentType', 'principalId', 'resourceId', 'scope'],
    title: (object) => `consent to${textAt(object, 'scope')?.replace(/^\s*/, ' ') ?? ' nothing'}`,
  },
  {
    kind: 'directory-role-assignment',
    spec: {
      ...common,
      id: 'directory-role-assignment.remove',
      title: 'Remove the directory role',
      stops: ['membership'],
      doesNotStop: [
        tokensKeep,
        {
          artefact: 'grant',
          residualSeconds: null,
          coveredBy: ['identity.disable', 'grant.remove'],
          note: 'Roles through groups stay; eligible ones (Privileged Identity Management) are actions of their own.',
        },
      ],
      requiredPermissions: ['RoleManagement.ReadWrite.Directory'],
    },
    of: (_, principal) =>
      `/roleManagement/directory/roleAssignments?$filter=${encodeURIComponent(`principalId eq '${principal}'`)}&$expand=roleDefinition`,
    at: () => '/roleManagement/directory/roleAssignments',
    members: ['principalId', 'roleDefinitionId', 'directoryScopeId'],
    title: (object) => textAt(objectAt(object, 'roleDefinition'), 'displayName') ?? 'directory role',
  },
];

/** Grants of a principal itself; those of its groups come along in some lists and are left out. */
export async function grantsOf(
  tenant: EntraTenant,
  kind: GrantKind,
  owner: Owner,
  call: CallContext,
): Promise<JsonObject[]> {
  const found = await tenant.list(kind.of(owner.collection, owner.id), call);
  return kind.kind === 'consent'
    ? found
    : found.filter((object) => textAt(object, 'principalId') === owner.id);
}

/** Names of what a principal has through its groups alone. */
export async function throughGroups(tenant: EntraTenant, owner: Owner, call: CallContext): Promise<string[]> {
  const [kind] = grantKinds;
  if (kind === undefined) return [];
  const all = await tenant.list(kind.of(owner.collection, owner.id), call);
  return all
    .filter((object) => textAt(object, 'principalId') !== owner.id)
    .map(
      (object) =>
        `${textAt(object, 'resourceDisplayName') ?? 'an application'} through ${textAt(object, 'principalDisplayName') ?? 'a group'}`,
    );
}

export function grantTarget(
  { kind, members, title }: GrantKind,
  object: JsonObject,
  owner: Owner,
): FoundTarget {
  return {
    kind,
    id: keyOf(object, members),
    name: title(object),
    parent: owner.id,
    createdAt: textAt(object, 'createdDateTime'),
    managedBy: null,
    attributes: {
      collection: owner.collection,
      owner: owner.id,
      object: textAt(object, 'id'),
      role: textAt(object, 'roleDefinitionId'),
      isBuiltIn: objectAt(object, 'roleDefinition')?.['isBuiltIn'] === true,
    },
  };
}

export function removeGrantAction(tenant: EntraTenant, io: ProviderIo, kind: GrantKind): Action {
  const { spec, members, at } = kind;
  const permissions = spec.requiredPermissions;
  const current = async (target: Target, call: CallContext): Promise<JsonObject | null> =>
    (await grantsOf(tenant, kind, ownerOf(target), call)).find(
      (object) => keyOf(object, members) === target.id,
    ) ?? null;
  return stateAction({
    spec,
    io,
    probe:
      kind.kind === 'directory-role-assignment' ? (target, _, call) => roleOf(tenant, target, call) : null,
    async read(target, call) {
      const object = await current(target, call);
      return {
        state: object === null ? {} : pick(object, members),
        isDone: object === null,
        detail: `${target.name} is ${object === null ? 'not there' : 'there'}.`,
        facts: { object: textAt(object ?? {}, 'id') },
      };
    },
    calls: (target) => [
      {
        method: 'DELETE',
        address: tenant.address(`${at(ownerOf(target))}/${String(target.attributes['object'])}`),
        body: null,
      },
    ],
    undoCalls: (target, before) => [
      { method: 'POST', address: tenant.address(at(ownerOf(target))), body: JSON.stringify(before) },
    ],
    apply(target, { facts }, call) {
      const id = encodeURIComponent(textAt(facts, 'object') ?? '');
      return tenant.write('DELETE', `${at(ownerOf(target))}/${id}`, null, permissions, call);
    },
    undo(target, before, _now, call) {
      if (keyOf(before, members) !== target.id) {
        return Promise.resolve(outcome('precondition_failed', `${target.name} was not there before.`));
      }
      return tenant.write('POST', at(ownerOf(target)), before, permissions, call);
    },
  });
}

/**
 * Whether the principal has the role still, directly or by a group: the roles that are in force for it. Custom roles and
 * those of a part of the directory are in no such list.
 */
async function roleOf(tenant: EntraTenant, target: Target, call: CallContext): Promise<Enforcement> {
  const { collection, id } = ownerOf(target);
  const isListed = target.attributes['isBuiltIn'] === true && target.id.endsWith('//');
  const roles = isListed
    ? await tenant.listOf('directoryRole', `/${collection}/${id}/transitiveMemberOf`, call)
    : [];
  const has = roles.some((role) => textAt(role, 'roleTemplateId') === target.attributes['role']);
  return {
    state: isListed ? (has ? 'still_allowed' : 'denied') : 'unknown',
    method: 'live_list',
    artefacts: ['membership'],
    detail: isListed
      ? `${target.name} is ${has ? 'still in force, through a group' : 'not in force'}.`
      : 'Microsoft Graph does not list whether this role is in force.',
    facts: { roles: roles.length },
  };
}

function ownerOf({ attributes }: Target): Owner {
  return { collection: String(attributes['collection']), id: String(attributes['owner']) };
}

function keyOf(object: JsonObject, members: readonly string[]): string {
  return members.map((member) => textAt(object, member)?.trim() ?? '-').join('/');
}

function pick(object: JsonObject, members: readonly string[]): JsonObject {
  return Object.fromEntries(members.map((member) => [member, object[member] ?? null]));
}
