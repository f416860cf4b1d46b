import { type Call, type HttpStandIn, type Reply, startHttpStandIn } from './http-stand-in.ts';

export const vaultToken = 'hvs.operator-0123456789';

interface Entity {
  readonly id: string;
  readonly name: string;
  disabled: boolean;
  readonly policies: readonly string[];
  readonly metadata: Readonly<Record<string, string>>;
  readonly creation_time: string;
  readonly aliases: {
    id: string;
    name: string;
    mount_path: string;
    mount_accessor: string;
    creation_time: string;
  }[];
}

export interface VaultTokenEntry {
  readonly accessor: string;
  readonly entity_id: string;
  readonly display_name: string;
  readonly path: string;
  readonly meta: Readonly<Record<string, string>> | null;
  readonly creation_time: number;
  readonly orphan: boolean;
  readonly parent: string | null;
  readonly leases: readonly string[];
}

export interface FakeVault extends HttpStandIn {
  readonly entities: Map<string, Entity>;
  /** By the token itself. */
  readonly tokens: Map<string, VaultTokenEntry>;
  readonly leases: Set<string>;
  /** Leases that their backend would not revoke. */
  readonly stuck: Set<string>;
  /** By path, e.g. `auth/approle/role/ci`. */
  readonly roles: Map<string, Record<string, unknown>>;
  /** Capabilities of the operator by the beginning of a path; the longest counts. */
  readonly policy: Map<string, readonly string[]>;
  /** Whether a token works, as any other client finds out. */
  works(token: string): Promise<boolean>;
}

const mounts = {
  'approle/': { type: 'approle', accessor: 'auth_approle_1' },
  'userpass/': { type: 'userpass', accessor: 'auth_userpass_1' },
  'token/': { type: 'token', accessor: 'auth_token_1' },
};

/**
 * A stateful stand-in for the HTTP API of Vault and OpenBao (their documentation: "Identity", "Token auth method",
 * "/sys/leases", "/sys/capabilities-self", "AppRole"): entities, tokens with children and leases, roles, a policy.
 */
export async function startVault(): Promise<FakeVault> {
  const all = ['read', 'create', 'update', 'delete', 'list', 'sudo'];
  const state = {
    entities: new Map<string, Entity>(),
    tokens: new Map<string, VaultTokenEntry>(),
    leases: new Set<string>(),
    stuck: new Set<string>(),
    roles: new Map<string, Record<string, unknown>>(),
    policy: new Map<string, readonly string[]>([['', all]]),
  };
  const made = { nextRoleId: 1 };
  state.tokens.set(vaultToken, {
    accessor: 'accessor-operator',
    entity_id: 'entity-operator',
    display_name: 'approle-responder',
    path: 'auth/approle/login',
    meta: null,
    creation_time: 1_700_000_000,
    orphan: true,
    parent: null,
    leases: [],
  });
  const server = await startHttpStandIn({
    perform: (call) => perform(call, state, made),
    throttled: () => ({
      status: 429,
      headers: { 'retry-after': '2' },
      body: { errors: ['request path "x": rate limit quota exceeded'] },
    }),
    refused: () => ({ status: 403, body: { errors: ['1 error occurred:\n\t* permission denied\n\n'] } }),
  });
  return {
    ...server,
    ...state,
    works: async (token) =>
      (await fetch(`${server.url}/v1/auth/token/lookup-self`, { headers: { 'x-vault-token': token } })).ok,
  };
}

type State = Pick<FakeVault, 'entities' | 'tokens' | 'leases' | 'stuck' | 'roles' | 'policy'>;
const permissionDenied: Reply = { status: 403, body: { errors: ['permission denied'] } };
const nothing: Reply = { status: 404, body: { errors: [] } };

function perform(call: Call, state: State, made: { nextRoleId: number }): Reply {
  const { method, query } = call;
  const path = decodeURIComponent(call.path.replace(/^\/v1\//, ''));
  if (path === 'sys/health') {
    return { status: 200, body: { initialized: true, sealed: false, cluster_id: 'cluster-1' } };
  }
  const token = call.headers['x-vault-token'];
  const entry = typeof token === 'string' ? state.tokens.get(token) : undefined;
  if (entry === undefined || state.entities.get(entry.entity_id)?.disabled === true) return permissionDenied;
  if (path === 'auth/token/lookup-self') return data(entry);
  const body = call.body === '' ? {} : (JSON.parse(call.body) as Record<string, unknown>);
  if (path === 'sys/capabilities-self') {
    const asked = body['paths'] as readonly string[];
    return data(Object.fromEntries(asked.map((each) => [each, capabilitiesOf(state, each)])));
  }
  const isList = query.get('list') === 'true';
  const wanted = isList ? 'list' : method === 'GET' ? 'read' : method === 'DELETE' ? 'delete' : 'update';
  if (!capabilitiesOf(state, path).includes(wanted)) return permissionDenied;
  const isGuarded = /^(?:auth\/token\/accessors|sys\/leases\/(?:lookup|revoke-prefix)\/)/.test(path);
  if (isGuarded && !capabilitiesOf(state, path).includes('sudo')) return permissionDenied;
  return answer(path, isList ? 'LIST' : method, body, state, made);
}

function capabilitiesOf({ policy }: State, path: string): readonly string[] {
  const rules = [...policy].filter(([prefix]) => path.startsWith(prefix));
  return rules.toSorted(([first], [second]) => second.length - first.length)[0]?.[1] ?? ['deny'];
}

function answer(
  path: string,
  method: string,
  body: Readonly<Record<string, unknown>>,
  state: State,
  made: { nextRoleId: number },
): Reply {
  const { entities, tokens, leases, stuck, roles } = state;
  const isUpdate = method === 'POST' || method === 'PUT';
  if (path === 'sys/auth') return data(mounts);
  if (path.startsWith('identity/entity/id/')) {
    const entity = entities.get(path.slice('identity/entity/id/'.length));
    if (entity === undefined) return nothing;
    if (!isUpdate) return data(entity);
    if (typeof body['disabled'] === 'boolean') entity.disabled = body['disabled'];
    return { status: 204 };
  }
  if (path.startsWith('identity/entity/name/')) {
    const name = path.slice('identity/entity/name/'.length);
    const entity = [...entities.values()].find((each) => each.name === name);
    return entity === undefined ? nothing : data(entity);
  }
  if (path === 'identity/lookup/entity') {
    const entity = [...entities.values()].find(({ aliases }) =>
      aliases.some(
        ({ name, mount_accessor: accessor }) =>
          name === body['alias_name'] && accessor === body['alias_mount_accessor'],
      ),
    );
    return entity === undefined ? { status: 204 } : data(entity);
  }
  if (path === 'auth/token/accessors')
    return data({ keys: [...tokens.values()].map((each) => each.accessor) });
  if (path === 'auth/token/lookup-accessor' || path === 'auth/token/revoke-accessor') {
    const held = [...tokens].find(([, { accessor }]) => accessor === body['accessor']);
    if (held === undefined) return { status: 403, body: { errors: ['invalid accessor'] } };
    if (path.endsWith('lookup-accessor')) return data(held[1]);
    revoke(held[0], state);
    return { status: 204 };
  }
  if (path.startsWith('sys/leases/lookup/')) {
    const prefix = `${path.slice('sys/leases/lookup/'.length).replace(/\/$/, '')}/`;
    const below = [...leases].filter((lease) => lease.startsWith(prefix));
    const keys = below.map((lease) => lease.slice(prefix.length).replace(/\/.*$/, '/'));
    return keys.length === 0 ? nothing : data({ keys: [...new Set(keys)] });
  }
  if (path === 'sys/leases') {
    return data({ lease_count: stuck.size, leases: [...stuck].map((lease_id) => ({ lease_id })) });
  }
  if (path.startsWith('sys/leases/revoke-prefix/')) {
    const prefix = `${path.slice('sys/leases/revoke-prefix/'.length)}/`;
    for (const lease of leases) if (lease.startsWith(prefix) && !stuck.has(lease)) leases.delete(lease);
    return { status: 204 };
  }
  return answerRole(path, method, body, roles, made);
}

function answerRole(
  path: string,
  method: string,
  body: Readonly<Record<string, unknown>>,
  roles: Map<string, Record<string, unknown>>,
  made: { nextRoleId: number },
): Reply {
  const [, owner = path, isId] = /^(auth\/.+?\/role\/[^/]+)(\/role-id)?$/.exec(path) ?? [];
  const role = roles.get(owner);
  if (isId !== undefined) {
    if (role === undefined) return nothing;
    if (method === 'GET') return data({ role_id: role['role_id'] });
    role['role_id'] = body['role_id'];
    return { status: 204 };
  }
  if (method === 'DELETE') {
    roles.delete(owner);
    return { status: 204 };
  }
  if (method === 'GET') {
    if (role === undefined) return nothing;
    const { role_id: _, ...shown } = role;
    return data(shown);
  }
  roles.set(owner, { role_id: `role-id-${made.nextRoleId++}`, ...role, ...body });
  return { status: 204 };
}

/** A token, what it has leased, and its children; its orphans go on. */
function revoke(token: string, state: State): void {
  const entry = state.tokens.get(token);
  state.tokens.delete(token);
  for (const lease of entry?.leases ?? []) state.leases.delete(lease);
  for (const [child, { parent }] of state.tokens) if (parent === entry?.accessor) revoke(child, state);
}

function data(value: unknown): Reply {
  return { status: 200, body: { data: structuredClone(value) } };
}
