import { AttachPolicyCommand, DetachPolicyCommand } from '@aws-sdk/client-organizations';
import type { ActionSpec } from '#shared/domain/response.ts';
import { outcome } from '../../../outcomes.ts';
import type { Action, ProviderIo } from '../../../provider.ts';
import { isServiceError, written } from '../clients.ts';
import type { OrganizationClients } from './clients.ts';
import { mostAttached, policiesOn } from './policies.ts';

const spec: ActionSpec = {
  id: 'account.quarantine',
  title:
    'Deny everything in the account or unit but to the responder, by the prepared service control policy',
  verb: 'deny.attach',
  reversibility: 'R0',
  stops: ['api_key', 'role_session', 'web_session', 'login'],
  doesNotStop: [
    {
      artefact: 'grant',
      residualSeconds: null,
      coveredBy: [],
      note: 'Service-linked roles, what runs by itself, and resources that were shared with other accounts go on.',
    },
  ],
  idempotency: 'state_convergent',
  precondition: 'compare_snapshot',
  nativeDryRun: false,
  requiredPermissions: ['organizations:AttachPolicy', 'organizations:DetachPolicy'],
  rateLimit: 'Organizations throttles the organization as a whole',
  settle: { typicalMs: 5_000, maxMs: 120_000 },
  beyondReach: true,
  undo: { possible: true, waitSeconds: 0, note: 'Everybody in the account is denied until then.' },
};

/** Attaches the policy that was prepared; five may be attached to one target (Organizations quotas). */
export function quarantineAccountAction(clients: OrganizationClients, io: ProviderIo): Action {
  const { accountPolicy } = clients.config;
  const input = (id: string) => ({ PolicyId: accountPolicy, TargetId: id });
  return {
    spec,
    async snapshot({ id }, call) {
      const attached = await policiesOn(clients, id, call);
      const isThere = attached.includes(accountPolicy);
      return {
        takenAt: new Date(io.clock.now()).toISOString(),
        inState: isThere,
        version: null,
        state: { policy: accountPolicy, target: id, attached: isThere },
      };
    },
    preview: async ({ id }) => [
      { method: 'POST', address: 'organizations:AttachPolicy', body: JSON.stringify(input(id)) },
    ],
    previewUndo: async ({ id }) => [
      { method: 'POST', address: 'organizations:DetachPolicy', body: JSON.stringify(input(id)) },
    ],
    async apply({ id, name }, _, { signal }) {
      let duplicate = false;
      const came = await written(
        async () => {
          try {
            return await clients.organizations.send(new AttachPolicyCommand(input(id)), {
              abortSignal: signal,
            });
          } catch (thrown) {
            duplicate = isServiceError(thrown) && thrown.name === 'DuplicatePolicyAttachmentException';
            throw thrown;
          }
        },
        `Attached ${accountPolicy} to ${name}.`,
        ['organizations:AttachPolicy'],
      );
      return duplicate ? outcome('already_in_state', `${accountPolicy} is on ${name} already.`) : came;
    },
    async observe({ id, name }, _, call) {
      const attached = await policiesOn(clients, id, call);
      const isThere = attached.includes(accountPolicy);
      return {
        state: isThere ? 'in_effect' : 'not_in_effect',
        detail: `${accountPolicy} is ${isThere ? '' : 'not '}attached to ${name}.`,
        facts: { attached: attached.length, most: mostAttached },
      };
    },
    probe: null,
    async undo({ id, name }, { state }, call) {
      if (state['attached'] !== false) {
        return outcome('precondition_failed', `${accountPolicy} was on ${name} before.`);
      }
      if (!(await policiesOn(clients, id, call)).includes(accountPolicy)) {
        return outcome('already_in_state', `${accountPolicy} is not on ${name}.`);
      }
      return written(
        () => clients.organizations.send(new DetachPolicyCommand(input(id)), { abortSignal: call.signal }),
        `Detached ${accountPolicy} from ${name}.`,
        ['organizations:DetachPolicy'],
      );
    },
    dryRun: null,
  };
}
