import { type JsonObject, arrayAt, isObject, textAt } from '#shared/domain/json.ts';
import type { ActionSpec, Outcome, Target } from '#shared/domain/response.ts';
import type { Action, CallContext, FoundTarget, ProviderIo } from '../../../provider.ts';
import { stateAction } from '../../../state-action.ts';
import { type CloudProject, kindOf } from './project.ts';

const spec: ActionSpec = {
  id: 'iam-bindings.remove',
  title: 'Take the principal out of the allow policy',
  verb: 'grant.remove',
  reversibility: 'R0',
  stops: ['grant'],
  doesNotStop: [
    {
      artefact: 'access_token',
      residualSeconds: 420,
      coveredBy: ['identity.disable'],
      note: 'A removal takes two minutes to spread, seven or more at times; tokens go on authenticating.',
    },
    {
      artefact: 'membership',
      residualSeconds: null,
      coveredBy: ['identity.disable'],
      note: 'What groups, domains and policies further up or down give stays.',
    },
  ],
  idempotency: 'state_convergent',
  precondition: 'etag',
  nativeDryRun: false,
  requiredPermissions: ['setIamPolicy'],
  rateLimit: '600 a minute for the project',
  settle: { typicalMs: 5_000, maxMs: 420_000 },
  beyondReach: null,
  undo: {
    possible: true,
    waitSeconds: 0,
    note: 'The same roles under the same conditions, in the present policy.',
  },
};

/** Where a principal stands in the allow policies. A binding names principals by address, so that a name given again would inherit it. */
export async function bindingsOf(
  cloud: CloudProject,
  member: string,
  parent: string,
  call: CallContext,
): Promise<FoundTarget[]> {
  const found: FoundTarget[] = [];
  for (const resource of cloud.resources()) {
    const roles = rolesOf(await cloud.policy(resource, call), member);
    if (roles.length === 0) continue;
    found.push({
      kind: 'iam-bindings',
      id: `${resource}|${member}`,
      name: `${roles.map((role) => textAt(role, 'role') ?? '').join(', ')} on ${resource}`,
      parent,
      createdAt: null,
      managedBy: null,
      attributes: { resource, member },
    });
  }
  return found;
}

/**
 * Reads the policy, takes the member out and writes it with the etag of the reading: a write in between is answered
 * with 409 ABORTED, and nothing is lost.
 */
export function removeBindingsAction(cloud: CloudProject, io: ProviderIo): Action {
  const write = (
    target: Target,
    change: (bindings: readonly JsonObject[]) => JsonObject[],
    call: CallContext,
  ): Promise<Outcome> => rewrite(cloud, resourceOf(target), change, call);
  return stateAction({
    spec,
    io,
    async read(target, call) {
      const policy = await cloud.policy(resourceOf(target), call);
      const roles = rolesOf(policy, memberOf(target));
      return {
        state: { roles },
        isDone: roles.length === 0,
        detail: `${memberOf(target)} has ${roles.length === 0 ? 'no roles' : `${roles.length} roles`} on ${resourceOf(target)}.`,
        version: textAt(policy, 'etag'),
      };
    },
    calls: (target, state) => [
      {
        method: 'POST',
        address: cloud.resourceAddress(`${resourceOf(target)}:setIamPolicy`),
        body: JSON.stringify({ remove: memberOf(target), from: state['roles'] ?? [] }),
      },
    ],
    undoCalls: (target, before) => [
      {
        method: 'POST',
        address: cloud.resourceAddress(`${resourceOf(target)}:setIamPolicy`),
        body: JSON.stringify({ add: memberOf(target), to: before['roles'] ?? [] }),
      },
    ],
    apply: (target, _, call) => write(target, (bindings) => without(bindings, memberOf(target)), call),
    undo: (target, before, _now, call) =>
      write(
        target,
        (bindings) => withRoles(bindings, memberOf(target), arrayAt(before, 'roles').filter(isObject)),
        call,
      ),
  });
}

function rewrite(
  cloud: CloudProject,
  resource: string,
  change: (bindings: readonly JsonObject[]) => JsonObject[],
  call: CallContext,
): Promise<Outcome> {
  return cloud.alone(async () => {
    const policy = await cloud.policy(resource, call);
    const bindings = change(arrayAt(policy, 'bindings').filter(isObject));
    return cloud.calls.write(
      `POST ${resource}:setIamPolicy`,
      call,
      spec.requiredPermissions,
      ({ resources }) =>
        kindOf(resources, resource).setIamPolicy({
          resource,
          requestBody: { policy: { ...policy, bindings, version: 3 } },
        }),
    );
  });
}

/** Roles of a member, each with its condition. */
function rolesOf(policy: JsonObject, member: string): JsonObject[] {
  return arrayAt(policy, 'bindings')
    .filter(isObject)
    .filter((binding) => membersOf(binding).includes(member))
    .map(({ role, condition }) => (condition === undefined ? { role } : { role, condition }))
    .toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
}

function without(bindings: readonly JsonObject[], member: string): JsonObject[] {
  return bindings
    .map((binding) => ({ ...binding, members: membersOf(binding).filter((one) => one !== member) }))
    .filter(({ members }) => members.length > 0);
}

function withRoles(
  bindings: readonly JsonObject[],
  member: string,
  roles: readonly JsonObject[],
): JsonObject[] {
  const changed = new Map(bindings.map((binding) => [keyOf(binding), binding]));
  for (const role of roles) {
    const binding = changed.get(keyOf(role)) ?? role;
    changed.set(keyOf(role), { ...binding, members: [...new Set([...membersOf(binding), member])] });
  }
  return [...changed.values()];
}

/** A role under another condition is another binding. */
function keyOf({ role, condition }: JsonObject): string {
  return JSON.stringify([role, isObject(condition) ? [condition['title'], condition['expression']] : null]);
}

function membersOf(binding: JsonObject): string[] {
  return arrayAt(binding, 'members').map(String);
}

function memberOf({ attributes }: Target): string {
  return String(attributes['member']);
}

function resourceOf({ attributes }: Target): string {
  return String(attributes['resource']);
}

/** Owners of a resource. */
export function ownersIn(policy: JsonObject): string[] {
  return arrayAt(policy, 'bindings')
    .filter(isObject)
    .filter(({ role }) => role === 'roles/owner')
    .flatMap(membersOf);
}
