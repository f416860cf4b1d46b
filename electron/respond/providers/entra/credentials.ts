import { type JsonObject, arrayAt, isObject, textAt } from '#shared/domain/json.ts';
import type { ActionSpec, Target } from '#shared/domain/response.ts';
import { oneAtATime } from '../../one-at-a-time.ts';
import type { Action, CallContext, FoundTarget, ProviderIo } from '../../provider.ts';
import { stateAction } from '../../state-action.ts';
import type { EntraTenant } from './tenant.ts';

/** The object that credentials of an application hang on: the application, or its service principal in this tenant. */
interface Holder {
  readonly collection: 'applications' | 'servicePrincipals';
  readonly object: JsonObject;
}

const common = {
  nativeDryRun: false,
  requiredPermissions: ['Application.ReadWrite.All'],
  rateLimit: 'Microsoft Graph, by tenant and app',
  settle: { typicalMs: 2_000, maxMs: 120_000 },
  beyondReach: null,
  doesNotStop: [
    {
      artefact: 'access_token',
      residualSeconds: 3_600,
      coveredBy: [],
      note: 'Tokens that were taken with it are accepted until they expire: about an hour.',
    },
  ],
} as const;

const removeSecret: ActionSpec = {
  ...common,
  id: 'client-secret.remove',
  title: 'Remove the client secret',
  verb: 'credential.delete',
  reversibility: 'R3',
  stops: ['client_secret'],
  idempotency: 'state_convergent',
  precondition: 'uid',
  undo: { possible: false, waitSeconds: 0, note: 'The secret is lost: the application gets a new one.' },
};

const removeCertificate: ActionSpec = {
  ...common,
  id: 'client-certificate.remove',
  title: 'Remove the certificate',
  verb: 'credential.delete',
  reversibility: 'R1',
  stops: ['client_certificate'],
  idempotency: 'state_convergent',
  precondition: 'compare_snapshot',
  undo: { possible: true, waitSeconds: 0, note: 'The certificate is put back beside the others.' },
};

/** Secrets and certificates of an application, by key id: they may hang on either of its two objects. */
export function credentialTargets(holders: readonly Holder[], parent: string): FoundTarget[] {
  return holders.flatMap(({ collection, object }) =>
    (['passwordCredentials', 'keyCredentials'] as const).flatMap((list) =>
      arrayAt(object, list)
        .filter(isObject)
        .map((credential) => ({
          kind: list === 'passwordCredentials' ? 'client-secret' : 'client-certificate',
          id: textAt(credential, 'keyId') ?? '',
          name: textAt(credential, 'displayName') ?? textAt(credential, 'keyId') ?? '',
          parent,
          createdAt: textAt(credential, 'startDateTime'),
          managedBy: null,
          attributes: {
            collection,
            holder: textAt(object, 'id'),
            hint: textAt(credential, 'hint'),
            ends: textAt(credential, 'endDateTime'),
          },
        })),
    ),
  );
}

/** `removePassword`; Graph never says a secret again. */
export function removeSecretAction(tenant: EntraTenant, io: ProviderIo): Action {
  return stateAction({
    spec: removeSecret,
    io,
    async read(target, call) {
      const there = await listed(tenant, target, 'passwordCredentials', call);
      return there === null ? null : presence(target, there);
    },
    calls: (target) => [
      {
        method: 'POST',
        address: tenant.address(removePath(target)),
        body: JSON.stringify({ keyId: target.id }),
      },
    ],
    apply: (target, _, call) =>
      tenant.write('POST', removePath(target), { keyId: target.id }, removeSecret.requiredPermissions, call),
    undo: null,
  });
}

/**
 * Writes the list of certificates without this one: `removeKey` wants a proof signed by another key of the application,
 * which a responder does not have. Only public parts are in the list.
 */
export function removeCertificateAction(tenant: EntraTenant, io: ProviderIo): Action {
  const permissions = removeCertificate.requiredPermissions;
  const alone = oneAtATime();
  const write = (target: Target, keyCredentials: readonly JsonObject[], call: CallContext) =>
    tenant.write('PATCH', holderPath(target), { keyCredentials }, permissions, call);
  return stateAction({
    spec: removeCertificate,
    io,
    async read(target, call) {
      const there = await listed(tenant, target, 'keyCredentials', call);
      return there === null ? null : presence(target, there);
    },
    calls: (target) => [
      {
        method: 'PATCH',
        address: tenant.address(holderPath(target)),
        body: JSON.stringify({ keyCredentials: `the present ones without ${target.id}` }),
      },
    ],
    apply: (target, _, call) =>
      alone(async () => {
        const there = (await listed(tenant, target, 'keyCredentials', call)) ?? [];
        const left = there.filter((credential) => textAt(credential, 'keyId') !== target.id);
        return write(target, left, call);
      }),
    undo: (target, before, _now, call) =>
      alone(async () => {
        const there = (await listed(tenant, target, 'keyCredentials', call)) ?? [];
        return write(target, [...there, ...arrayAt(before, 'credentials').filter(isObject)], call);
      }),
  });
}

function presence(target: Target, there: readonly JsonObject[]) {
  const found = there.filter((credential) => textAt(credential, 'keyId') === target.id);
  return {
    state: { credentials: found },
    isDone: found.length === 0,
    detail: `${target.name} is ${found.length === 0 ? 'not there' : 'there'}.`,
  };
}

async function listed(
  tenant: EntraTenant,
  target: Target,
  list: 'passwordCredentials' | 'keyCredentials',
  call: CallContext,
): Promise<JsonObject[] | null> {
  const object = await tenant.find(`${holderPath(target)}?$select=id,${list}`, call);
  return object === null ? null : arrayAt(object, list).filter(isObject);
}

function holderPath({ attributes }: Target): string {
  return `/${String(attributes['collection'])}/${encodeURIComponent(String(attributes['holder']))}`;
}

function removePath(target: Target): string {
  return `${holderPath(target)}/removePassword`;
}
