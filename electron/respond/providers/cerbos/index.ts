import type {
  CallContext,
  FoundTarget,
  Permission,
  Provider,
  ProviderIo,
  ProviderType,
} from '../../provider.ts';
import { type CerbosConfig, cerbosConfig } from './config.ts';
import { denyAction } from './deny.ts';
import { uncovered } from './places.ts';
import { CerbosServer } from './server.ts';

const permissions: readonly Permission[] = [
  { name: 'Admin API', neededFor: 'principal.deny', why: 'to add and take away principal policies' },
  { name: 'Check API', neededFor: 'read', why: 'to see what is decided' },
];

/** Cerbos with a mutable store and its Admin API: a principal policy that denies everything. */
export const cerbos: ProviderType<CerbosConfig> = {
  type: 'cerbos',
  title: 'Cerbos',
  config: cerbosConfig,
  secrets: [{ name: 'adminPassword', title: 'Password of the Admin API', required: true }],
  permissions,
  provedOn: 'real-server',
  origins: ({ url }) => [new URL(url).origin],
  open: (settings, io) => openCerbos(settings, io),
};

function openCerbos(settings: CerbosConfig, io: ProviderIo): Provider {
  const server = new CerbosServer(settings, io);
  const deny = denyAction(settings, server, io);
  const whoami = async (call: CallContext): ReturnType<Provider['whoami']> => {
    await server.policyIds(call);
    return {
      tenant: settings.url,
      tenantName: settings.url,
      operator: [settings.adminUser],
      operatorName: settings.adminUser,
    };
  };
  return {
    whoami,
    test: async (call) => ({
      identity: await whoami(call),
      missing: [],
      unchecked: [],
      notes: ['Every instance that has a store of its own needs the deny: configure each of them.'],
    }),
    // Cerbos keeps no principals: whatever name requests carry is one.
    resolve: ({ kind, id }) =>
      Promise.resolve({
        targets: kind === 'identity' ? [principal(id)] : [],
        ambiguous: [],
        notes: ['Cerbos does not know who exists: the id has to be the one that requests carry.'],
      }),
    descendants: () => Promise.resolve([]),
    actions: async (_, call) => ({
      actions: [deny],
      missing: uncovered(settings, await server.policyIds(call)),
    }),
    administrators: () => Promise.resolve(null),
    sweep: () => Promise.resolve([]),
    close: () => Promise.resolve(),
  };
}

function principal(id: string): FoundTarget {
  return {
    kind: 'principal',
    id,
    name: id,
    parent: null,
    createdAt: null,
    managedBy: null,
    attributes: {},
  };
}
