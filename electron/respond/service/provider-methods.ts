import { z } from 'zod';
import type { RespondService } from '#electron/platform/respond-service.ts';
import type { ProviderTestView, ProviderTypeView, ProviderView } from '#shared/ipc/respond-views.ts';
import { read } from '../calls.ts';
import { ProviderError, type ProviderType } from '../provider.ts';
import { type ProviderEntry, commonSettings, configDigest } from '../registry/entry.ts';
import { reasonOf } from '../run/observe.ts';
import type { Workplace } from './workplace.ts';

type ProviderMethod =
  | 'providerTypes'
  | 'providerList'
  | 'providerCheck'
  | 'providerSave'
  | 'providerTest'
  | 'providerRemove';

export function providerMethods(workplace: () => Workplace): Pick<RespondService, ProviderMethod> {
  return {
    providerTypes: async ({ type }) => {
      const { registry } = workplace();
      const types = type === null ? await registry.types() : [await registry.typeOf(type)];
      return types.map(typeView);
    },
    providerList: () => {
      const { registry } = workplace();
      return Promise.all(
        registry.list().map(async (entry) => providerView(entry, await registry.typeOf(entry.type))),
      );
    },
    providerCheck: async ({ name, type, settings }) => {
      const { registry } = workplace();
      const entry = await registry.check(name, type, settings);
      const before = registry.list().find((known) => known.name === name);
      const { secrets } = await registry.typeOf(type);
      return {
        secrets: secrets.map(({ name: field, required }) => ({ name: field, required })),
        leadsThere: before !== undefined && configDigest(before) === configDigest(entry),
      };
    },
    providerSave: async ({ name, type, settings }) => {
      const { registry } = workplace();
      const entry = await registry.check(name, type, settings);
      registry.save(entry);
      return providerView(entry, await registry.typeOf(type));
    },
    providerTest: ({ name }) => testProvider(workplace(), name),
    providerRemove: async ({ name }) => {
      const { registry } = workplace();
      const { secrets } = await registry.typeOf(registry.get(name).type);
      registry.remove(name);
      return { secrets: secrets.map((field) => field.name) };
    },
  };
}

function typeView(type: ProviderType): ProviderTypeView {
  return {
    type: type.type,
    title: type.title,
    secrets: type.secrets,
    permissions: type.permissions,
    provedOn: type.provedOn,
    settings: settingsOf(type),
  };
}

/** The names of a type's settings, out of its schema, and those that every provider has. */
function settingsOf(type: ProviderType): ProviderTypeView['settings'] {
  const schema = z.toJSONSchema(type.config, { io: 'input', unrepresentable: 'any' }) as {
    properties?: Record<string, { description?: string }>;
    required?: string[];
  };
  const own = Object.entries(schema.properties ?? {}).map(([name, { description }]) => ({
    name,
    required: schema.required?.includes(name) ?? false,
    help: description ?? '',
  }));
  const common = Object.entries(commonSettings).map(([name, help]) => ({ name, required: false, help }));
  return [...own, ...common];
}

function providerView(entry: ProviderEntry, type: ProviderType): ProviderView {
  const { name, settings, sourcedFrom, breakGlass, certificateAuthority, logs } = entry;
  return {
    name,
    type: entry.type,
    title: type.title,
    provedOn: type.provedOn,
    takesHeld: type.takesHeld === true,
    settings,
    sourcedFrom,
    breakGlass,
    hasCertificateAuthority: certificateAuthority !== null,
    logs,
  };
}

const testTimeout = 20_000;

function testProvider(workplace: Workplace, name: string): Promise<ProviderTestView> {
  workplace.registry.get(name);
  return workplace.withPool(async (pool) => {
    const none = { tenant: null, tenantName: null, operator: null, missing: [], unchecked: [], notes: [] };
    try {
      const { provider } = await pool.get(name);
      const limits = { clock: workplace.clock, signal: new AbortController().signal, timeoutMs: testTimeout };
      const { identity, missing, unchecked, notes } = await read(limits, (call) => provider.test(call));
      return {
        name,
        ok: missing.length === 0,
        tenant: identity.tenant,
        tenantName: identity.tenantName,
        operator: identity.operatorName,
        missing,
        unchecked,
        notes: workplace.redactor.data(notes),
        failed: null,
      };
    } catch (thrown) {
      return { name, ok: false, ...none, failed: workplace.redactor.text(failureText(thrown)) };
    }
  });
}

/** What an operator who has just set a provider up is to do about each kind of failure. */
const remedies: Partial<Record<ProviderError['kind'], string>> = {
  forbidden:
    'It was reached and did not accept who is asking: check the account and its secret, then add the provider again under the same name.',
  absent:
    'It was reached, and what was asked for is not there: check the address and the names in the settings.',
  protocol: 'Something answers there, but not as this kind of provider does: check the address.',
  rejected: 'It was reached and refused the request: check the settings.',
  interrupted:
    'The connection came about and broke, or stayed silent: check port, VPN and firewall, and that the service is well.',
  throttled: 'It asks to be left alone for a while: test again later.',
};

function failureText(thrown: unknown): string {
  const reason = reasonOf(thrown).replace(/\.$/, '');
  const remedy = thrown instanceof ProviderError ? remedies[thrown.kind] : undefined;
  return remedy === undefined ? `${reason}.` : `${reason}. ${remedy}`;
}
