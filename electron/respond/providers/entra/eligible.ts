import { type JsonObject, objectAt, textAt } from '#shared/domain/json.ts';
import type { ActionSpec, MissingControl, Outcome, Target } from '#shared/domain/response.ts';
import {
  type Action,
  type CallContext,
  type FoundTarget,
  ProviderError,
  type ProviderIo,
} from '../../provider.ts';
import { stateAction } from '../../state-action.ts';
import type { EntraTenant } from './tenant.ts';

const schedules = '/roleManagement/directory/roleEligibilitySchedules';
const requests = '/roleManagement/directory/roleEligibilityScheduleRequests';
const permission = 'RoleEligibilitySchedule.ReadWrite.Directory';
const members = ['principalId', 'roleDefinitionId', 'directoryScopeId'] as const;

const spec: ActionSpec = {
  id: 'eligible-role.remove',
  title: 'Remove the role that can be activated (Privileged Identity Management)',
  verb: 'grant.remove',
  reversibility: 'R1',
  stops: ['grant'],
  doesNotStop: [
    {
      artefact: 'membership',
      residualSeconds: null,
      coveredBy: ['grant.remove'],
      note: 'A role that is active now stays until it is removed as an assignment or its time ends.',
    },
  ],
  idempotency: 'state_convergent',
  precondition: 'compare_snapshot',
  nativeDryRun: true,
  requiredPermissions: [permission],
  rateLimit: 'Microsoft Graph, by tenant and app',
  settle: { typicalMs: 2_000, maxMs: 120_000 },
  beyondReach: null,
  undo: { possible: true, waitSeconds: 0, note: 'It is made again for the time that it had left.' },
};

/** Roles that a principal could activate by itself; those by groups are the groups’. */
export async function eligibleTargets(
  tenant: EntraTenant,
  principal: string,
  call: CallContext,
): Promise<FoundTarget[]> {
  const found = await eligibleOf(tenant, principal, call);
  return (found ?? []).map((object) => ({
    kind: 'eligible-role',
    id: keyOf(object),
    name: `${textAt(objectAt(object, 'roleDefinition'), 'displayName') ?? 'directory role'} (can be activated)`,
    parent: principal,
    createdAt: textAt(object, 'createdDateTime'),
    managedBy: null,
    attributes: { owner: principal },
  }));
}

/** Where eligible roles cannot be read, a plan cannot say that there are none. */
export async function eligibleControls(
  tenant: EntraTenant,
  { id, name }: Target,
  call: CallContext,
): Promise<MissingControl[]> {
  if ((await eligibleOf(tenant, id, call)) !== null) return [];
  return [
    {
      control: `Roles that ${name} could activate (Privileged Identity Management)`,
      consequence: 'They cannot be read: the tenant has no licence for them, or the app may not read them.',
      advice: `Look into Privileged Identity Management, and give the app ${permission}.`,
    },
  ];
}

/** Null where they cannot be read. */
async function eligibleOf(
  tenant: EntraTenant,
  principal: string,
  call: CallContext,
): Promise<JsonObject[] | null> {
  const filter = encodeURIComponent(`principalId eq '${principal}'`);
  try {
    const all = await tenant.list(`${schedules}?$filter=${filter}&$expand=roleDefinition`, call);
    return all.filter(
      (object) => textAt(object, 'principalId') === principal && textAt(object, 'memberType') !== 'Group',
    );
  } catch (thrown) {
    const isRefused =
      thrown instanceof ProviderError && ['forbidden', 'rejected', 'absent'].includes(thrown.kind);
    if (isRefused) return null;
    throw thrown;
  }
}

/** By requests, as Microsoft documents it (unifiedRoleEligibilityScheduleRequest); `isValidationOnly` is its dry run. */
export function removeEligibleAction(tenant: EntraTenant, io: ProviderIo): Action {
  const current = async (target: Target, call: CallContext): Promise<JsonObject | null> => {
    const all = await eligibleOf(tenant, String(target.attributes['owner']), call);
    if (all === null) throw new ProviderError('forbidden', 'Eligible roles cannot be read.');
    return all.find((object) => keyOf(object) === target.id) ?? null;
  };
  const ask = (body: JsonObject, call: CallContext): Promise<Outcome> =>
    tenant.write('POST', requests, body, [permission], call);
  const action = stateAction({
    spec,
    io,
    async read(target, call) {
      const object = await current(target, call);
      return {
        state: object === null ? {} : { scheduleInfo: objectAt(object, 'scheduleInfo') ?? null },
        isDone: object === null,
        detail: `${target.name} is ${object === null ? 'not there' : 'there'}.`,
      };
    },
    calls: (target) => [
      { method: 'POST', address: tenant.address(requests), body: JSON.stringify(removal(target)) },
    ],
    undoCalls: (target, before) => [
      { method: 'POST', address: tenant.address(requests), body: JSON.stringify(given(target, before)) },
    ],
    apply: (target, _, call) => ask(removal(target), call),
    undo: (target, before, _now, call) => ask(given(target, before), call),
  });
  return {
    ...action,
    dryRun: (target, _, call) => ask({ ...removal(target), isValidationOnly: true }, call),
  };
}

function removal(target: Target): JsonObject {
  return { action: 'adminRemove', justification: 'Emergency revocation', ...membersOf(target) };
}

function given(target: Target, before: JsonObject): JsonObject {
  return {
    action: 'adminAssign',
    justification: 'Restored after emergency revocation',
    ...membersOf(target),
    scheduleInfo: before['scheduleInfo'] ?? null,
  };
}

function keyOf(object: JsonObject): string {
  return members.map((member) => textAt(object, member) ?? '-').join('|');
}

/** The key holds them: a scope is a path, so that they are not parted by slashes. */
function membersOf({ id }: Target): JsonObject {
  const parts = id.split('|');
  return Object.fromEntries(members.map((member, index) => [member, parts[index] ?? '']));
}
