import { type KeycloakWorld, type Thing, keycloakClient, makeWorld } from './keycloak-world.ts';
import {
  type Call,
  type HttpStandIn,
  type Reply,
  type StandInTls,
  startHttpStandIn,
} from './http-stand-in.ts';

export const keycloakSecret = 'keycloak-client-secret-9931';
const serviceAccountId = 'a0000000-0000-4000-8000-000000000009';

export interface FakeKeycloak extends HttpStandIn {
  readonly world: KeycloakWorld;
  /** Whether a refresh or offline token of some time is taken: realm, client and user have a say. */
  refresh(user: string, client: string, issuedAt: number): boolean;
}

/** What each call needs (Keycloak documentation, “Dedicated realm admin consoles”). */
function needOf(method: string, path: string): string {
  const kind = /^\/(?:users|groups)/.test(path)
    ? 'users'
    : /^\/(?:clients|roles)/.test(path)
      ? 'clients'
      : 'realm';
  return `${method === 'GET' ? 'view' : 'manage'}-${kind}`;
}

/** A stateful stand-in for Keycloak’s admin REST API (26), as its reference describes it. */
export async function startKeycloak(tls?: StandInTls): Promise<FakeKeycloak> {
  const world = makeWorld();
  const server = await startHttpStandIn(
    {
      perform: (call) => perform(call, world),
      throttled: () => ({
        status: 429,
        headers: { 'retry-after': '2' },
        body: { error: 'too_many_requests' },
      }),
      refused: () => ({ status: 403, body: { error: 'HTTP 403 Forbidden' } }),
    },
    tls,
  );
  return {
    ...server,
    world,
    refresh(user, client, issuedAt) {
      const marks = [world.realm, world.users.get(user), world.clients.get(client)];
      const isStale = marks.some((one) => Number(one?.notBefore ?? 0) * 1_000 > issuedAt);
      return !isStale && marks.every((one) => one?.enabled === true);
    },
  };
}

const absent = (): Reply => ({ status: 404, body: { error: 'Not found' } });
const list = (items: Iterable<unknown>): Reply => ({ status: 200, body: [...items] });
const done = (): Reply => ({ status: 204 });

function perform(call: Call, world: KeycloakWorld): Reply {
  const { method, authorization } = call;
  const path = decodeURIComponent(call.path);
  if (path === '/realms/example/protocol/openid-connect/token') return token(call, world);
  if (!path.startsWith('/admin/realms/example')) return absent();
  if (!authorization.startsWith('Bearer ') || authorization.split('.').length !== 3) {
    return { status: 401, body: { error: 'HTTP 401 Unauthorized' } };
  }
  const place = path.slice('/admin/realms/example'.length);
  const need = needOf(method, place);
  const isGranted =
    world.granted.has(need) ||
    world.granted.has(need.replace('view-', 'manage-')) ||
    world.granted.has('realm-admin');
  if (!isGranted) return { status: 403, body: { error: 'HTTP 403 Forbidden' } };
  const body: unknown = call.body === '' ? null : JSON.parse(call.body);
  const [, kind = '', id = '', ...rest] = place.split('/');
  if (kind === 'users') return users(method, id, rest, body, call.query, world);
  if (kind === 'clients') return clients(method, id, rest, body, call.query, world);
  if (kind === 'groups') {
    const group = world.groups.find((one) => one.id === id);
    return paged(
      [...(group?.members ?? [])].map((member) => world.users.get(member)),
      call.query,
    );
  }
  if (kind === 'push-revocation') {
    world.pushed++;
    return { status: 200, body: { successRequests: [], failedRequests: [] } };
  }
  if (method === 'GET') return { status: 200, body: world.realm };
  Object.assign(world.realm, body);
  return done();
}

function token(call: Call, { granted }: KeycloakWorld): Reply {
  const given = new URLSearchParams(call.body);
  const basic = Buffer.from(call.authorization.replace('Basic ', ''), 'base64').toString('utf8');
  const isRight =
    given.get('grant_type') === 'client_credentials' &&
    (basic === `${keycloakClient}:${keycloakSecret}` ||
      (given.get('client_id') === keycloakClient && given.get('client_secret') === keycloakSecret));
  if (!isRight) {
    return {
      status: 401,
      body: { error: 'unauthorized_client', error_description: 'Invalid client credentials' },
    };
  }
  const claims = {
    sub: serviceAccountId,
    preferred_username: 'service-account-rescind',
    exp: Math.floor(Date.now() / 1_000) + 300,
    resource_access: { 'realm-management': { roles: [...granted] } },
  };
  const parts = [{ alg: 'RS256' }, claims].map((one) =>
    Buffer.from(JSON.stringify(one)).toString('base64url'),
  );
  return {
    status: 200,
    body: { access_token: `${parts.join('.')}.signature`, expires_in: 300, token_type: 'Bearer' },
  };
}

function users(
  method: string,
  id: string,
  rest: readonly string[],
  body: unknown,
  query: URLSearchParams,
  world: KeycloakWorld,
): Reply {
  const [what = '', key = '', further = ''] = rest;
  if (id === '') return paged(matching(world, query), query);
  const user = world.users.get(id);
  if (user === undefined) return { status: 404, body: { error: 'User not found' } };
  if (what === '') {
    if (method === 'GET') return { status: 200, body: user };
    // What is not given is taken as removed.
    const given = body as Thing;
    if (given['username'] === undefined)
      return { status: 400, body: { errorMessage: 'User name is missing' } };
    world.users.set(id, { ...given, id, notBefore: user['notBefore'] });
    return done();
  }
  switch (what) {
    case 'logout':
      world.sessions.set(id, []);
      user['notBefore'] = Math.floor(Date.now() / 1_000);
      return done();
    case 'sessions':
      return list(world.sessions.get(id) ?? []);
    case 'groups':
      return userGroups(method, id, key, query, world);
    case 'consents':
      return method === 'GET'
        ? list(world.consents.get(id) ?? [])
        : without(world.consents.get(id) ?? [], ({ clientId }) => clientId === key);
    case 'credentials':
      return method === 'GET'
        ? list(world.credentials.get(id) ?? [])
        : without(world.credentials.get(id) ?? [], (credential) => credential.id === key);
    case 'role-mappings':
      return rest.at(-1) === 'composite'
        ? effective(id, key === 'realm' ? null : further, world)
        : mappings(method, id, key, further, body, world);
    default:
      return absent();
  }
}

/** Roles that are in force for a user, by groups too. */
function effective(user: string, client: string | null, { roles, groups }: KeycloakWorld): Reply {
  const mine = groups.filter(({ members }) => members.has(user)).map(({ id }) => id);
  const found = roles.filter(
    (role) =>
      role.client === client && (role.users.has(user) || mine.some((group) => role.groups.has(group))),
  );
  return list(found.map(named));
}

function matching({ users: all }: KeycloakWorld, query: URLSearchParams): Thing[] {
  return [...all.values()].filter((user) =>
    (['username', 'email'] as const).every(
      (member) => !query.has(member) || user[member] === query.get(member)?.toLowerCase(),
    ),
  );
}

function userGroups(
  method: string,
  user: string,
  key: string,
  query: URLSearchParams,
  { groups }: KeycloakWorld,
): Reply {
  if (method === 'GET')
    return paged(
      groups.filter(({ members }) => members.has(user)),
      query,
    );
  const group = groups.find((one) => one.id === key);
  if (group === undefined) return absent();
  if (method === 'PUT') group.members.add(user);
  else group.members.delete(user);
  return done();
}

const named = ({ id, name }: { id: string; name: string }) => ({ id, name });

function mappings(
  method: string,
  user: string,
  place: string,
  client: string,
  body: unknown,
  { roles, clients: all }: KeycloakWorld,
): Reply {
  if (method === 'GET') {
    const mine = roles.filter((role) => role.users.has(user));
    const clientMappings = Object.fromEntries(
      [...new Set(mine.flatMap((role) => role.client ?? []))].map((uuid) => {
        const name = String(all.get(uuid)?.['clientId']);
        const own = mine.filter((role) => role.client === uuid).map(named);
        return [name, { id: uuid, client: name, mappings: own }];
      }),
    );
    return {
      status: 200,
      body: { realmMappings: mine.filter((role) => role.client === null).map(named), clientMappings },
    };
  }
  const wanted = place === 'realm' ? null : client;
  for (const { id, name } of body as { id: string; name: string }[]) {
    const role = roles.find((one) => one.id === id && one.name === name && one.client === wanted);
    if (role === undefined) return { status: 404, body: { error: 'Role not found' } };
    if (method === 'POST') role.users.add(user);
    else role.users.delete(user);
  }
  return done();
}

function clients(
  method: string,
  id: string,
  [what = '', ...rest]: readonly string[],
  body: unknown,
  query: URLSearchParams,
  world: KeycloakWorld,
): Reply {
  if (id === '')
    return list([...world.clients.values()].filter((one) => one['clientId'] === query.get('clientId')));
  const client = world.clients.get(id);
  if (client === undefined) return { status: 404, body: { error: 'Could not find client' } };
  if (what === 'client-secret') {
    if (rest[0] === 'rotated') {
      if (world.rotated === null)
        return { status: 404, body: { error: 'Client does not have a rotated secret' } };
      world.rotated.delete(id);
      return done();
    }
    if (method === 'POST') {
      world.rotated?.set(id, String(client['secret']));
      client['secret'] = `made-secret-${Math.random().toString(36).slice(2)}`;
    }
    return { status: 200, body: { type: 'secret', value: client['secret'] } };
  }
  if (what === 'push-revocation') {
    world.pushed++;
    return { status: 200, body: {} };
  }
  if (what === 'roles') {
    const role = world.roles.find((one) => one.client === id && one.name === rest[0]);
    if (role === undefined) return absent();
    const found =
      rest[1] === 'users'
        ? [...role.users].map((one) => world.users.get(one))
        : world.groups.filter((group) => role.groups.has(group.id));
    return paged(found, query);
  }
  if (method === 'GET') return { status: 200, body: client };
  Object.assign(client, body);
  return done();
}

function without<T>(items: T[], isMeant: (item: T) => boolean): Reply {
  const at = items.findIndex(isMeant);
  if (at < 0) return absent();
  items.splice(at, 1);
  return done();
}

function paged(all: readonly unknown[], query: URLSearchParams): Reply {
  const first = Number(query.get('first') ?? 0);
  return list(all.slice(first, first + Number(query.get('max') ?? 100)));
}
