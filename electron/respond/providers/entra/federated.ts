import { type JsonObject, arrayAt, textAt } from '#shared/domain/json.ts';
import type { ActionSpec, Target } from '#shared/domain/response.ts';
import { outcome } from '../../outcomes.ts';
import type { Action, CallContext, FoundTarget, ProviderIo } from '../../provider.ts';
import { stateAction } from '../../state-action.ts';
import type { EntraTenant } from './tenant.ts';

const spec: ActionSpec = {
  id: 'federated-credential.remove',
  title: 'Remove the trust in another issuer’s tokens',
  verb: 'credential.delete',
  reversibility: 'R1',
  stops: ['client_secret', 'id_token'],
  doesNotStop: [
    {
      artefact: 'access_token',
      residualSeconds: 3_600,
      coveredBy: [],
      note: 'Tokens that were taken with it are accepted until they expire: about an hour.',
    },
  ],
  idempotency: 'state_convergent',
  precondition: 'compare_snapshot',
  nativeDryRun: false,
  requiredPermissions: ['Application.ReadWrite.All'],
  rateLimit: 'Microsoft Graph, by tenant and app',
  settle: { typicalMs: 2_000, maxMs: 120_000 },
  beyondReach: null,
  undo: { possible: true, waitSeconds: 0, note: 'The same trust is made again under the same name.' },
};

/** Workload identity federation: no secret at all, and easily overlooked. Names are unique within an application. */
export async function federatedTargets(
  tenant: EntraTenant,
  application: string,
  parent: string,
  call: CallContext,
): Promise<FoundTarget[]> {
  return (await credentialsOf(tenant, application, call)).map((credential) => ({
    kind: 'federated-credential',
    id: `${application}/${textAt(credential, 'name') ?? ''}`,
    name: `${textAt(credential, 'issuer') ?? ''} ${textAt(credential, 'subject') ?? ''}`,
    parent,
    createdAt: null,
    managedBy: null,
    attributes: { application, credential: textAt(credential, 'name') },
  }));
}

export function removeFederatedAction(tenant: EntraTenant, io: ProviderIo): Action {
  const permissions = spec.requiredPermissions;
  return stateAction({
    spec,
    io,
    async read(target, call) {
      const { application, credential } = target.attributes;
      if ((await tenant.find(`/applications/${String(application)}?$select=id`, call)) === null) return null;
      const found = (await credentialsOf(tenant, String(application), call)).find(
        (one) => textAt(one, 'name') === credential,
      );
      return {
        state:
          found === undefined
            ? {}
            : {
                name: textAt(found, 'name'),
                issuer: textAt(found, 'issuer'),
                subject: textAt(found, 'subject'),
                audiences: arrayAt(found, 'audiences'),
                description: textAt(found, 'description'),
              },
        isDone: found === undefined,
        detail: `${target.name} is ${found === undefined ? 'not trusted' : 'trusted'}.`,
        facts: { object: textAt(found, 'id') },
      };
    },
    calls: (target) => [
      { method: 'DELETE', address: tenant.address(`${collection(target)}/(its id)`), body: null },
    ],
    undoCalls: (target, before) => [
      { method: 'POST', address: tenant.address(collection(target)), body: JSON.stringify(before) },
    ],
    apply: (target, { facts }, call) =>
      tenant.write(
        'DELETE',
        `${collection(target)}/${encodeURIComponent(textAt(facts, 'object') ?? '')}`,
        null,
        permissions,
        call,
      ),
    undo(target, before, _now, call) {
      if (textAt(before, 'name') !== target.attributes['credential']) {
        return Promise.resolve(outcome('precondition_failed', `${target.name} was not there before.`));
      }
      return tenant.write('POST', collection(target), before, permissions, call);
    },
  });
}

function credentialsOf(tenant: EntraTenant, application: string, call: CallContext): Promise<JsonObject[]> {
  return tenant.list(`/applications/${encodeURIComponent(application)}/federatedIdentityCredentials`, call);
}

function collection({ attributes }: Target): string {
  return `/applications/${String(attributes['application'])}/federatedIdentityCredentials`;
}
