import { UpdatePolicyCommand } from '@aws-sdk/client-organizations';
import type { ActionSpec, Target } from '#shared/domain/response.ts';
import { outcome } from '../../../outcomes.ts';
import { type Action, type CallContext, ProviderError, type ProviderIo } from '../../../provider.ts';
import { written } from '../clients.ts';
import type { OrganizationClients } from './clients.ts';
import { denyOfUsers, longestPolicy, policyText, targetsOf, withUsers } from './policies.ts';

const spec: ActionSpec = {
  id: 'user.quarantine',
  title: 'Deny the user everything in every account, by the prepared service control policy',
  verb: 'deny.attach',
  reversibility: 'R0',
  stops: ['role_session', 'api_key'],
  doesNotStop: [
    {
      artefact: 'role_session',
      residualSeconds: 43_200,
      coveredBy: ['session.invalidate', 'grant.remove'],
      note: 'Service control policies do not reach the management account: sessions there go on.',
    },
    {
      artefact: 'web_session',
      residualSeconds: null,
      coveredBy: [],
      note: 'The session of the access portal is ended in the console alone; what it opens is denied.',
    },
    {
      artefact: 'app_session',
      residualSeconds: 7_200,
      coveredBy: [],
      note: 'Applications that are integrated with Identity Center keep their sessions for up to two hours.',
    },
  ],
  idempotency: 'state_convergent',
  precondition: 'compare_snapshot',
  nativeDryRun: false,
  requiredPermissions: ['organizations:UpdatePolicy'],
  rateLimit: 'Organizations throttles the organization as a whole',
  settle: { typicalMs: 5_000, maxMs: 120_000 },
  beyondReach: true,
  undo: {
    possible: true,
    waitSeconds: 0,
    note: 'Sessions from before that have not expired come to life again.',
  },
};

/**
 * Adds the user's id to the condition on `identitystore:userId` of a policy that was prepared and attached before
 * (IAM Identity Center User Guide, "Revoke active sessions of a user"). Only the list of users is changed.
 */
export function quarantineUserAction(clients: OrganizationClients, io: ProviderIo): Action {
  const { userPolicy } = clients.config;
  const read = async (call: CallContext) => {
    const found = denyOfUsers(await policyText(clients, userPolicy, call));
    if (found !== null) return found;
    throw new ProviderError(
      'rejected',
      `${userPolicy} has no statement that denies everything under a condition on identitystore:userId.`,
    );
  };
  const update = async ({ id, name }: Target, isDenied: boolean, call: CallContext) =>
    clients.alone(async () => {
      const found = await read(call);
      if (found.users.includes(id) === isDenied) {
        return outcome('already_in_state', `${name} is ${isDenied ? '' : 'not '}in the policy already.`);
      }
      const users = isDenied ? [...found.users, id] : found.users.filter((user) => user !== id);
      const content = withUsers(found, users);
      if (content.length > longestPolicy) {
        return outcome(
          'unsupported',
          `The policy would be longer than the ${longestPolicy} characters it may have.`,
        );
      }
      return written(
        () =>
          clients.organizations.send(new UpdatePolicyCommand({ PolicyId: userPolicy, Content: content }), {
            abortSignal: call.signal,
          }),
        isDenied ? `Added ${name} to ${userPolicy}.` : `Took ${name} out of ${userPolicy}.`,
        spec.requiredPermissions,
      );
    });
  const call = (id: string, verb: 'with' | 'without') => ({
    method: 'POST',
    address: 'organizations:UpdatePolicy',
    body: JSON.stringify({ PolicyId: userPolicy, [verb]: { 'identitystore:userId': id } }),
  });
  return {
    spec,
    async snapshot({ id }, context) {
      const { users } = await read(context);
      const denied = users.includes(id);
      return {
        takenAt: new Date(io.clock.now()).toISOString(),
        inState: denied,
        version: null,
        // Not the whole list: others who are added meanwhile are no change of this user.
        state: { policy: userPolicy, user: id, denied },
      };
    },
    preview: async ({ id }) => [call(id, 'with')],
    previewUndo: async ({ id }) => [call(id, 'without')],
    apply: (target, _, context) => update(target, true, context),
    async observe({ id, name }, _, context) {
      const { users } = await read(context);
      const attached = await targetsOf(clients, userPolicy, context);
      const facts = { attachedTo: attached.map(({ TargetId: target }) => target ?? null) };
      if (!users.includes(id)) {
        return { state: 'not_in_effect', detail: `${name} is not in ${userPolicy}.`, facts };
      }
      return attached.length === 0
        ? {
            state: 'not_in_effect',
            detail: `${name} is in ${userPolicy}, which is attached to nothing.`,
            facts,
          }
        : { state: 'in_effect', detail: `${name} is in ${userPolicy}.`, facts };
    },
    // The leaked session alone could show that it is refused.
    probe: null,
    undo: (target, { state }, context) =>
      state['denied'] === false
        ? update(target, false, context)
        : Promise.resolve(outcome('precondition_failed', `${target.name} was in the policy before.`)),
    dryRun: null,
  };
}
