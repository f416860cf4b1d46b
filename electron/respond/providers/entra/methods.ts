import { type JsonObject, textAt } from '#shared/domain/json.ts';
import type { ActionSpec, Target } from '#shared/domain/response.ts';
import type { Action, CallContext, FoundTarget, ProviderIo } from '../../provider.ts';
import { stateAction } from '../../state-action.ts';
import type { EntraTenant } from './tenant.ts';

/** Where methods of a type lie (Microsoft Graph v1.0). A password cannot be deleted and is not among them. */
const collections: Readonly<Record<string, string>> = {
  emailAuthenticationMethod: 'emailMethods',
  fido2AuthenticationMethod: 'fido2Methods',
  microsoftAuthenticatorAuthenticationMethod: 'microsoftAuthenticatorMethods',
  phoneAuthenticationMethod: 'phoneMethods',
  platformCredentialAuthenticationMethod: 'platformCredentialMethods',
  softwareOathAuthenticationMethod: 'softwareOathMethods',
  temporaryAccessPassAuthenticationMethod: 'temporaryAccessPassMethods',
  windowsHelloForBusinessAuthenticationMethod: 'windowsHelloForBusinessMethods',
};

const spec: ActionSpec = {
  id: 'authentication-method.delete',
  title: 'Delete the authentication method',
  verb: 'credential.delete',
  reversibility: 'R3',
  stops: ['mfa_factor'],
  doesNotStop: [
    {
      artefact: 'web_session',
      residualSeconds: 100_800,
      coveredBy: ['session.invalidate'],
      note: 'Sessions that it opened are ended by revoking them.',
    },
  ],
  idempotency: 'state_convergent',
  precondition: 'uid',
  nativeDryRun: false,
  requiredPermissions: ['UserAuthenticationMethod.ReadWrite.All'],
  rateLimit: 'Microsoft Graph, by tenant and app',
  settle: { typicalMs: 2_000, maxMs: 120_000 },
  beyondReach: null,
  undo: { possible: false, waitSeconds: 0, note: 'The user registers it again.' },
};

export async function methodTargets(
  tenant: EntraTenant,
  user: Pick<Target, 'id'>,
  call: CallContext,
): Promise<FoundTarget[]> {
  return (await methodsOf(tenant, user.id, call)).flatMap((method) => {
    const type = typeOf(method);
    const collection = collections[type];
    if (collection === undefined) return [];
    return [
      {
        kind: 'authentication-method',
        id: `${user.id}/${textAt(method, 'id') ?? ''}`,
        name: textAt(method, 'displayName') ?? type.replace(/AuthenticationMethod$/, ''),
        parent: user.id,
        // Phones and mail addresses do not say when they were added.
        createdAt: textAt(method, 'createdDateTime') ?? textAt(method, 'creationDateTime'),
        managedBy: null,
        attributes: { user: user.id, method: textAt(method, 'id'), collection, type },
      },
    ];
  });
}

export function deleteMethodAction(tenant: EntraTenant, io: ProviderIo): Action {
  return stateAction({
    spec,
    io,
    async read(target, call) {
      const { user, method } = target.attributes;
      const there = (await methodsOf(tenant, String(user), call)).some(
        (one) => textAt(one, 'id') === String(method),
      );
      return {
        state: { there },
        isDone: !there,
        detail: `${target.name} is ${there ? 'registered' : 'not registered'}.`,
      };
    },
    calls: (target) => [{ method: 'DELETE', address: tenant.address(methodPath(target)), body: null }],
    apply: (target, _, call) =>
      tenant.write('DELETE', methodPath(target), null, spec.requiredPermissions, call),
    undo: null,
  });
}

function methodsOf(tenant: EntraTenant, user: string, call: CallContext): Promise<JsonObject[]> {
  return tenant.list(`/users/${encodeURIComponent(user)}/authentication/methods`, call);
}

function typeOf(method: JsonObject): string {
  return (textAt(method, '@odata.type') ?? '').replace('#microsoft.graph.', '');
}

function methodPath({ attributes }: Target): string {
  const { user, collection, method } = attributes;
  return `/users/${String(user)}/authentication/${String(collection)}/${encodeURIComponent(String(method))}`;
}
