import { z } from 'zod';
import { type JsonObject, arrayAt, isObject, objectAt, textAt } from '#shared/domain/json.ts';
import type { MissingControl } from '#shared/domain/response.ts';
import { endpointUrl } from '../../endpoint.ts';
import {
  type CallContext,
  type FoundTarget,
  type Permission,
  type Provider,
  ProviderError,
  type ProviderIo,
  type ProviderType,
  type Resolution,
} from '../../provider.ts';
import { type Mount, deleteRoleAction, hasRoles, mountsOf, roleOf } from './auth-role.ts';
import { disableEntityAction } from './entity.ts';
import { isLeasePrefix, leasesUnder, revokeLeasesAction } from './leases.ts';
import { VaultServer } from './server.ts';
import { momentOf, revokeTokenAction, tokenTarget, tokensOf } from './token.ts';

const config = z.strictObject({
  url: endpointUrl('https').describe('the server, e.g. https://vault.example.org:8200'),
  namespace: z
    .string()
    .regex(/^[\w./-]*$/)
    .default('')
    .describe('namespace of Vault Enterprise, HCP or OpenBao; none for the root namespace'),
});
export type VaultConfig = z.output<typeof config>;

const permissions: readonly Permission[] = [
  { name: 'read identity/entity/id/*', neededFor: 'read', why: 'to read entities and their state back' },
  { name: 'read identity/entity/name/*', neededFor: 'read', why: 'to find an entity by its name' },
  { name: 'update identity/lookup/entity', neededFor: 'read', why: 'to find an entity by an alias' },
  { name: 'read sys/auth', neededFor: 'read', why: 'to know which sign-in methods there are' },
  { name: 'sudo,list auth/token/accessors', neededFor: 'read', why: 'to find the tokens of an entity' },
  { name: 'update auth/token/lookup-accessor', neededFor: 'read', why: 'to see whose a token is' },
  { name: 'update identity/entity/id/*', neededFor: 'entity.disable', why: 'to disable and enable entities' },
  { name: 'update auth/token/revoke-accessor', neededFor: 'token.revoke', why: 'to revoke tokens' },
  {
    name: 'read,create,update,delete auth/*/role/*',
    neededFor: 'role.delete',
    why: 'to delete roles and to make them again',
  },
  { name: 'sudo,list sys/leases/lookup/*', neededFor: 'leases.revoke', why: 'to see which leases there are' },
  {
    name: 'sudo,update sys/leases/revoke-prefix/*',
    neededFor: 'leases.revoke',
    why: 'to revoke leases by their prefix',
  },
];

/**
 * HashiCorp Vault and OpenBao: disables entities, revokes their tokens, deletes roles, revokes leases by prefix. There
 * is no official client for JavaScript; the HTTP API is called directly. The token should be one of its own (AppRole,
 * JWT) with a policy of exactly these paths.
 */
export const vault: ProviderType<VaultConfig> = {
  type: 'vault',
  title: 'HashiCorp Vault and OpenBao',
  config,
  secrets: [{ name: 'token', title: 'Vault token', required: true }],
  takesHeld: true,
  permissions,
  provedOn: 'contract-fake',
  origins: ({ url }) => [new URL(url).origin],
  open: (settings, io) => openVault(settings, io),
};

function openVault(settings: VaultConfig, io: ProviderIo): Provider {
  const server = new VaultServer(settings, io);
  const whoami = async (call: CallContext): ReturnType<Provider['whoami']> => {
    const cluster = await server.clusterId(call);
    const self = await server.self(await io.secret('token'), call);
    if (self === null)
      throw new ProviderError('forbidden', 'Vault refuses the token: it has ended or is wrong.');
    const operator = [textAt(self, 'accessor'), textAt(self, 'entity_id')].filter((id) => id !== null);
    return {
      tenant: settings.namespace === '' ? cluster : `${cluster}/${settings.namespace}`,
      tenantName: `${settings.url}${settings.namespace === '' ? '' : ` (${settings.namespace})`}`,
      operator,
      operatorName: textAt(self, 'display_name') ?? 'token',
    };
  };
  return {
    whoami,
    async test(call) {
      const identity = await whoami(call);
      const { missing, unchecked } = await capabilities(server, call);
      return {
        identity,
        missing,
        unchecked,
        notes: ['Batch tokens have no accessor: they are not listed and cannot be revoked, only disabled.'],
      };
    },
    resolve: (reference, call) => resolve(server, io, reference, call),
    async descendants(target, call) {
      if (target.kind !== 'entity') return [];
      try {
        const tokens = await tokensOf(server, target.id, call);
        const mounts = typesOf(await mountsOrNone(server, call));
        const found = tokens.flatMap((token) => [
          tokenTarget(token, target.id),
          roleOf(token, mounts, target.id),
        ]);
        return found.filter((each) => each !== null);
      } catch (thrown) {
        // Said by `actions`: the entity itself can be disabled all the same.
        if (isForbidden(thrown)) return [];
        throw thrown;
      }
    },
    async actions(target, call) {
      switch (target.kind) {
        case 'entity':
          return { actions: [disableEntityAction(server, io)], missing: await unlisted(server, call) };
        case 'token':
          return { actions: [revokeTokenAction(server, io)], missing: [] };
        case 'auth-role':
          return { actions: [deleteRoleAction(server, io)], missing: [] };
        case 'lease-prefix':
          return { actions: [revokeLeasesAction(server, io)], missing: [] };
        default:
          return { actions: [], missing: [] };
      }
    },
    administrators: () => Promise.resolve(null),
    async sweep(since, targets, call) {
      const entities = targets.filter(({ kind }) => kind === 'entity');
      const found = await Promise.all(entities.map(({ id }) => madeSince(server, id, since, call)));
      return found.flat();
    },
    close: () => Promise.resolve(),
  };
}

async function resolve(
  server: VaultServer,
  io: ProviderIo,
  { kind, id, aliases }: Parameters<Provider['resolve']>[0],
  call: CallContext,
): Promise<Resolution> {
  if (kind === 'credential' || kind === 'session') {
    if (isLeasePrefix(id)) {
      const leases = await leasesUnder(server, id, call);
      return found(leases.length === 0 ? [] : [leaseTarget(id, leases.length)]);
    }
    const held = id.startsWith('fp_') ? await io.held(id) : null;
    const token =
      held === null
        ? await server.lookup('auth/token/lookup-accessor', { accessor: id }, call)
        : await server.self(held, call);
    const target = token === null ? null : tokenTarget(token, null, held === null ? null : id);
    return found(target === null ? [] : [target]);
  }
  const entities = new Map<string, FoundTarget>();
  const mounts = await mountsOrNone(server, call);
  for (const name of new Set([id, ...aliases])) {
    for (const entity of await entitiesNamed(server, name, mounts, call)) {
      const target = entityTarget(entity);
      entities.set(target.id, target);
    }
  }
  const targets = [...entities.values()];
  return targets.length > 1 ? { targets: [], ambiguous: targets, notes: [] } : found(targets);
}

function found(targets: readonly FoundTarget[]): Resolution {
  return { targets, ambiguous: [], notes: [] };
}

/** By id, by name, or by the name of an alias at any sign-in method. */
async function entitiesNamed(
  server: VaultServer,
  name: string,
  mounts: ReadonlyMap<string, Mount>,
  call: CallContext,
): Promise<JsonObject[]> {
  const encoded = encodeURIComponent(name);
  const isId = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i.test(name);
  const exact = await server.read(
    isId ? `identity/entity/id/${encoded}` : `identity/entity/name/${encoded}`,
    call,
  );
  if (exact !== null) return [exact];
  const byAlias = await Promise.all(
    [...mounts.values()].map(({ accessor }) =>
      server.lookup('identity/lookup/entity', { alias_name: name, alias_mount_accessor: accessor }, call),
    ),
  );
  return byAlias.filter((entity) => entity !== null);
}

function entityTarget(entity: JsonObject): FoundTarget {
  const id = textAt(entity, 'id');
  if (id === null) throw new ProviderError('protocol', 'Vault answered an entity without an id.');
  const names = arrayAt(entity, 'aliases')
    .filter(isObject)
    .map((alias) => `${textAt(alias, 'mount_path') ?? ''}${textAt(alias, 'name') ?? ''}`);
  return {
    kind: 'entity',
    id,
    name: textAt(entity, 'name') ?? id,
    parent: null,
    createdAt: textAt(entity, 'creation_time'),
    managedBy: null,
    attributes: { disabled: entity['disabled'] === true, aliases: names.join(', ') },
  };
}

function leaseTarget(prefix: string, leases: number): FoundTarget {
  return {
    kind: 'lease-prefix',
    id: prefix,
    name: prefix,
    parent: null,
    createdAt: null,
    managedBy: null,
    attributes: { leases },
  };
}

/** Tokens and aliases of an entity since the moment. */
async function madeSince(server: VaultServer, id: string, since: number, call: CallContext) {
  const tokens = await tokensOf(server, id, call);
  const entity = await server.read(`identity/entity/id/${encodeURIComponent(id)}`, call);
  const fresh = tokens.filter((token) => Date.parse(momentOf(token) ?? '') >= since);
  const aliases = arrayAt(entity ?? {}, 'aliases')
    .filter(isObject)
    .filter((alias) => Date.parse(textAt(alias, 'creation_time') ?? '') >= since);
  return [
    ...fresh.flatMap((token) => {
      const target = tokenTarget(token, id);
      return target === null ? [] : [{ target, why: 'A token issued since the incident began.' }];
    }),
    ...aliases.map((alias) => ({
      target: {
        kind: 'entity-alias',
        id: textAt(alias, 'id') ?? '',
        name: textAt(alias, 'name') ?? '',
        parent: id,
        createdAt: textAt(alias, 'creation_time'),
        managedBy: null,
        attributes: { mount: textAt(alias, 'mount_path') },
      },
      why: 'A way to sign in that was added since the incident began.',
    })),
  ];
}

/** What cannot be found where tokens may not be listed. */
async function unlisted(server: VaultServer, call: CallContext): Promise<MissingControl[]> {
  try {
    await server.list('auth/token/accessors', call);
    return [];
  } catch (thrown) {
    if (!isForbidden(thrown)) throw thrown;
    return [
      {
        control: 'sudo and list on auth/token/accessors',
        consequence:
          'The tokens of the entity are not found: they cannot be revoked, and their leases go on.',
        advice: 'Give the operator’s policy capabilities ["list", "sudo"] on "auth/token/accessors".',
      },
    ];
  }
}

async function mountsOrNone(server: VaultServer, call: CallContext): Promise<ReadonlyMap<string, Mount>> {
  try {
    return await mountsOf(server, call);
  } catch (thrown) {
    if (isForbidden(thrown)) return new Map();
    throw thrown;
  }
}

function typesOf(mounts: ReadonlyMap<string, Mount>): ReadonlyMap<string, string> {
  return new Map([...mounts].map(([path, { type }]) => [path, type]));
}

/** `sys/capabilities-self` for a path of each kind; roles are asked at every method that has them. */
async function capabilities(
  server: VaultServer,
  call: CallContext,
): Promise<{ missing: string[]; unchecked: string[] }> {
  const some = '00000000-0000-4000-8000-000000000000';
  const mounts = [...(await mountsOrNone(server, call))].filter(([, mount]) => hasRoles(mount));
  const pathsOf = (pattern: string): string[] =>
    pattern.startsWith('auth/*/')
      ? mounts.map(([mount]) => `auth/${mount}/role/${some}`)
      : [pattern.replace('*', some)];
  const asked = permissions.map(({ name }) => {
    const [wanted = '', pattern = ''] = name.split(' ');
    return { name, wanted: wanted.split(','), paths: pathsOf(pattern) };
  });
  const paths = [...new Set(asked.flatMap((each) => each.paths))];
  const answer = (await server.lookup('sys/capabilities-self', { paths }, call)) ?? {};
  const data = objectAt(answer, 'data') ?? answer;
  const holds = (path: string, capability: string): boolean => {
    const has = arrayAt(data, path);
    return has.includes(capability) || has.includes('root');
  };
  return {
    missing: asked
      .filter(({ wanted, paths: of }) => !of.every((path) => wanted.every((each) => holds(path, each))))
      .map(({ name }) => name),
    unchecked: asked.filter(({ paths: of }) => of.length === 0).map(({ name }) => name),
  };
}

function isForbidden(thrown: unknown): boolean {
  return thrown instanceof ProviderError && thrown.kind === 'forbidden';
}
