import { type JsonObject, arrayAt, isObject, objectAt, textAt } from '#shared/domain/json.ts';
import type { ActionSpec, MissingControl, Outcome, Target } from '#shared/domain/response.ts';
import { outcome } from '../../../outcomes.ts';
import { type Action, type CallContext, ProviderError, type ProviderIo } from '../../../provider.ts';
import { stateAction } from '../../../state-action.ts';
import { asObject } from '../access.ts';
import type { CloudProject } from './project.ts';

const spec: ActionSpec = {
  id: 'principal.deny',
  title: 'Add the principal to the prepared deny policy',
  verb: 'deny.attach',
  reversibility: 'R0',
  stops: ['grant', 'login', 'api_key'],
  doesNotStop: [
    {
      artefact: 'access_token',
      residualSeconds: 420,
      coveredBy: ['identity.disable'],
      note: 'A change takes two minutes to spread, seven or more at times.',
    },
    {
      artefact: 'policy_decision',
      residualSeconds: null,
      coveredBy: ['grant.remove'],
      note: 'Only the permissions that the policy lists are denied, and not all of Google Cloud’s can be.',
    },
  ],
  idempotency: 'state_convergent',
  precondition: 'etag',
  nativeDryRun: false,
  requiredPermissions: ['iam.denypolicies.update'],
  rateLimit: '5 writes a minute for the place that it is attached to',
  settle: { typicalMs: 10_000, maxMs: 420_000 },
  beyondReach: false,
  undo: { possible: true, waitSeconds: 0, note: '' },
};

export const noQuarantine: MissingControl = {
  control: 'Quarantine by a deny policy',
  consequence:
    'Somebody with rights over the project’s policies can give themselves back what is taken away.',
  advice:
    'Prepare a deny policy in the organization whose first rule denies what matters, and configure it as denyPolicy.',
};

/** IAM v2 names principals otherwise than allow policies do. */
function principalOf(member: string): string | null {
  const [kind, name = ''] = member.split(':');
  if (kind === 'serviceAccount') return `principal://iam.googleapis.com/projects/-/serviceAccounts/${name}`;
  return kind === 'user' ? `principal://goog/subject/${name}` : null;
}

/** Adds a principal to the first rule of a policy that stands already; it is never made here. */
export function denyAction(cloud: CloudProject, name: string, io: ProviderIo): Action {
  const policy = (call: CallContext): Promise<JsonObject> =>
    cloud.calls.read('GET denypolicies', call, async ({ deny }) =>
      asObject((await deny.policies.get({ name })).data),
    );
  const change = (
    target: Target,
    edit: (principals: readonly string[], principal: string) => string[],
    call: CallContext,
  ): Promise<Outcome> =>
    cloud.alone(async () => {
      const principal = principalOf(String(target.attributes['member']));
      if (principal === null) {
        return outcome('unsupported', `${target.name} cannot be named in a deny policy.`);
      }
      const present = await policy(call);
      const [first, ...rest] = rulesOf(present);
      if (first === undefined) return outcome('unsupported', 'The deny policy has no rule to add to.');
      const denyRule = {
        ...objectAt(first, 'denyRule'),
        deniedPrincipals: edit(principalsOf(first), principal),
      };
      return cloud.calls.write('PUT denypolicies', call, spec.requiredPermissions, ({ deny }) =>
        deny.policies.update({
          name,
          requestBody: { ...present, rules: [{ ...first, denyRule }, ...rest] },
        }),
      );
    });
  return stateAction({
    spec: { ...spec, beyondReach: !name.includes('%2Fprojects%2F') },
    io,
    async read(target, call) {
      const present = await policy(call);
      const [first] = rulesOf(present);
      if (first === undefined) throw new ProviderError('rejected', 'The deny policy has no rule to add to.');
      const principal = principalOf(String(target.attributes['member']));
      const isIn = principal !== null && principalsOf(first).includes(principal);
      return {
        state: { denied: isIn },
        isDone: isIn,
        detail: `${target.name} is ${isIn ? 'in' : 'not in'} the deny policy.`,
        version: textAt(present, 'etag'),
      };
    },
    calls: (target) => [
      {
        method: 'PUT',
        address: cloud.iamAddress(name).replace('/v1/', '/v2/'),
        body: JSON.stringify({ addDeniedPrincipal: principalOf(String(target.attributes['member'])) }),
      },
    ],
    apply: (target, _, call) => change(target, (principals, one) => [...principals, one], call),
    undo: (target, _before, _now, call) =>
      change(target, (principals, one) => principals.filter((principal) => principal !== one), call),
  });
}

function rulesOf(policy: JsonObject): JsonObject[] {
  return arrayAt(policy, 'rules').filter(isObject);
}

function principalsOf(rule: JsonObject): string[] {
  return arrayAt(objectAt(rule, 'denyRule'), 'deniedPrincipals').map(String);
}
