import { FailureError } from '#shared/util/result.ts';
import type { HandlerServices, Handlers } from './handler.ts';

type ProviderOperation =
  | 'provider.types'
  | 'provider.list'
  | 'provider.add'
  | 'provider.test'
  | 'provider.remove'
  | 'provider.hold';

/** Providers: their settings lie with respond, their secrets in the host's vault. */
export function providerHandlers({ engine, host }: HandlerServices): Handlers<ProviderOperation> {
  const link = () => engine.respond(host.secrets);
  return {
    'provider.types': (input) => link().call('providerTypes', input),
    'provider.list': () => link().call('providerList', {}),
    'provider.add': async ({ name, type, settings, secrets }) => {
      const respond = link();
      const { secrets: fields, leadsThere } = await respond.call('providerCheck', { name, type, settings });
      const stranger = Object.keys(secrets).find((given) => !fields.some((field) => field.name === given));
      if (stranger !== undefined)
        throw new FailureError('invalid-input', `${type} has no secret “${stranger}”.`);
      for (const { name: field, required } of fields) {
        const isGiven = (secrets[field] ?? '') !== '';
        // SECURITY: a secret that is kept goes only to where it was given for, also when somebody else asks.
        const isKept = leadsThere && (await respond.hasSecret(name, field));
        if (required && !isGiven && !isKept) {
          throw new FailureError('invalid-input', `The secret “${field}” is missing.`);
        }
      }
      if (!leadsThere) {
        const left = fields.map((field) => field.name).filter((field) => (secrets[field] ?? '') === '');
        await respond.forgetSecrets(name, left);
      }
      await respond.keepSecrets(name, secrets);
      return respond.call('providerSave', { name, type, settings });
    },
    'provider.test': ({ name }) => link().call('providerTest', { name }),
    'provider.remove': async ({ name }) => {
      const { secrets } = await link().call('providerRemove', { name });
      await link().forgetSecrets(name, secrets);
      return null;
    },
    'provider.hold': async ({ name, credential }) => {
      const known = await link().call('providerList', {});
      if (!known.some((provider) => provider.name === name)) {
        throw new FailureError('not-found', `There is no provider “${name}”.`);
      }
      return { fingerprint: await link().hold(name, credential) };
    },
  };
}
