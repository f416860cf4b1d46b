import { generateKeyPairSync, verify } from 'node:crypto';
import { type DeployKey, type GithubWorld, type Person, makeWorld } from './github-world.ts';
import {
  type Call,
  type HttpStandIn,
  type Reply,
  type StandInTls,
  startHttpStandIn,
} from './http-stand-in.ts';

const pair = () => generateKeyPairSync('rsa', { modulusLength: 2048 });
const own = pair();
const managed = pair();
const pem = (keys: ReturnType<typeof pair>): string =>
  String(keys.privateKey.export({ type: 'pkcs8', format: 'pem' }));
export const githubKey = pem(own);
export const managedAppKey = pem(managed);
export const githubApp = '1001';
export const managedApp = '2002';
export const githubInstallation = '501';
export const installationToken = 'ghs_installationToken7731';

export interface FakeGithub extends HttpStandIn {
  readonly world: GithubWorld;
  /** Whether a token of the person reaches the organization’s private repositories. */
  reaches(id: number): boolean;
}

/** A stateful stand-in for GitHub’s REST API (2022-11-28), as its reference describes it. */
export async function startGithub(tls?: StandInTls): Promise<FakeGithub> {
  const world = makeWorld();
  let numbers = 9_000;
  const server = await startHttpStandIn(
    {
      perform: (call) => perform(call, world, server.url, () => ++numbers),
      // A primary limit: 403, and the second of the epoch at which it ends.
      throttled: () => ({
        status: 403,
        headers: {
          date: 'Thu, 01 Jan 2026 00:00:00 GMT',
          'x-ratelimit-remaining': '0',
          'x-ratelimit-reset': String(Date.parse('2026-01-01T00:00:09Z') / 1_000),
        },
        body: {
          message: 'API rate limit exceeded for installation ID 501.',
          documentation_url: 'https://docs.github.com',
        },
      }),
      refused: () => forbidden(),
    },
    tls,
  );
  return {
    ...server,
    world,
    reaches: (id) => world.memberships.get(id)?.state === 'active' || world.outside.has(id),
  };
}

const forbidden = (): Reply => ({
  status: 403,
  body: { message: 'Resource not accessible by integration', status: '403' },
});
const absent = (): Reply => ({ status: 404, body: { message: 'Not Found', status: '404' } });

function perform(call: Call, world: GithubWorld, url: string, number: () => number): Reply {
  const { method, path, authorization } = call;
  if (path === '/credentials/revoke') return revokeLeaked(call, world);
  if (path === '/user') {
    const token = authorization.replace(/^(?:bearer|token) /i, '');
    const id = world.tokens.get(token);
    const person = world.people.find((one) => one.id === id);
    return person === undefined
      ? { status: 401, body: { message: 'Bad credentials' } }
      : { status: 200, body: person };
  }
  if (path.startsWith('/app/')) return asApp(call, world);
  if (authorization !== `token ${installationToken}`)
    return { status: 401, body: { message: 'Bad credentials' } };
  const body = (call.body === '' ? {} : JSON.parse(call.body)) as Record<string, unknown>;
  const decoded = decodeURIComponent(path);
  const reply =
    method === 'GET' ? read(decoded, call.query, world) : write(method, decoded, body, world, number);
  return Array.isArray(reply.body) || (reply.body as { installations?: unknown[] } | undefined)?.installations
    ? paged(reply, decoded, call.query, url)
    : reply;
}

/** The app’s own token: RS256, at most ten minutes, issued by the app (GitHub documentation, “Generating a JWT”). */
function asApp({ method, path, authorization }: Call, world: GithubWorld): Reply {
  const [head = '', claims = '', signature = ''] = authorization.replace(/^bearer /i, '').split('.');
  const said = JSON.parse(Buffer.from(claims, 'base64url').toString('utf8') || '{}') as Record<
    string,
    unknown
  >;
  const [, id = '', rest = ''] = /^\/app\/installations\/(\d+)\/?(.*)$/.exec(path) ?? [];
  const installation = world.installations.find((one) => String(one.id) === id);
  const keys = String(said['iss']) === managedApp ? managed : own;
  const isSigned = verify(
    'sha256',
    Buffer.from(`${head}.${claims}`),
    keys.publicKey,
    Buffer.from(signature, 'base64url'),
  );
  const isFresh =
    Number(said['exp']) - Number(said['iat']) <= 660 && Number(said['exp']) > Date.now() / 1_000;
  if (!isSigned || !isFresh) {
    return { status: 401, body: { message: 'A JSON web token could not be decoded' } };
  }
  if (installation === undefined || String(installation.app_id) !== String(said['iss'])) return absent();
  if (method === 'GET' && rest === '') {
    const account = { id: 77, login: 'example-org' };
    return {
      status: 200,
      body: { ...installation, account, permissions: world.given, repository_selection: 'all' },
    };
  }
  if (method === 'POST' && rest === 'access_tokens') {
    const expires_at = new Date(Date.now() + 3_600_000).toISOString();
    return {
      status: 201,
      body: { token: installationToken, expires_at, permissions: world.given, repository_selection: 'all' },
    };
  }
  if (rest === 'suspended') {
    installation.suspended_at = method === 'PUT' ? new Date().toISOString() : null;
    return { status: 204 };
  }
  return absent();
}

/** With an authorization the call is refused. */
function revokeLeaked({ authorization, body }: Call, world: GithubWorld): Reply {
  if (authorization !== '') return { status: 403, body: { message: 'Forbidden' } };
  for (const credential of (JSON.parse(body) as { credentials: string[] }).credentials)
    world.tokens.delete(credential);
  return { status: 202, body: {} };
}

const list = (items: Iterable<unknown>): Reply => ({ status: 200, body: [...items] });

function read(path: string, query: URLSearchParams, world: GithubWorld): Reply {
  const person = (name: string): Person | undefined =>
    world.people.find(({ login, id }) => login.toLowerCase() === name.toLowerCase() || String(id) === name);
  const [, first = '', second = '', third = '', fourth = '', fifth = '', sixth = ''] = path.split('/');
  if (first === 'user' || first === 'users') {
    const found =
      first === 'user'
        ? world.people.find(({ id }) => String(id) === second)
        : world.people.find(({ login }) => login.toLowerCase() === second.toLowerCase());
    return found === undefined ? absent() : { status: 200, body: found };
  }
  if (first === 'repos') {
    const name = `${second}/${third}`;
    if (sixth === 'permission') {
      const id = person(fifth)?.id ?? 0;
      const isIn = world.memberships.get(id)?.state === 'active';
      const permission = world.outside.get(id)?.get(name) ?? (isIn ? 'read' : 'none');
      return { status: 200, body: { permission, role_name: permission } };
    }
    if (fourth === 'keys') return list(world.repositories.get(name) ?? []);
    const people = [...world.outside].filter(([, repositories]) => repositories.has(name));
    return list(
      people.map(([id, repositories]) => ({ ...person(String(id)), role_name: repositories.get(name) })),
    );
  }
  if (first !== 'orgs' || second !== 'example-org') return absent();
  switch (third) {
    case 'memberships': {
      const membership = world.memberships.get(person(fourth)?.id ?? 0);
      return membership === undefined ? absent() : { status: 200, body: membership };
    }
    case 'members':
      return list(
        world.people.filter(({ id }) => world.memberships.get(id)?.role === (query.get('role') ?? 'member')),
      );
    case 'outside_collaborators':
      return list(world.people.filter(({ id }) => world.outside.has(id)));
    case 'blocks':
      return list(world.people.filter(({ id }) => world.blocked.has(id)));
    case 'repos':
      return list([...world.repositories.keys()].map((full_name) => ({ full_name })));
    case 'teams': {
      if (fourth === '') return list([...world.teams.keys()].map((slug) => ({ slug })));
      const role = fifth === 'memberships' ? world.teams.get(fourth)?.get(person(sixth)?.id ?? 0) : undefined;
      return role === undefined ? absent() : { status: 200, body: { role, state: 'active' } };
    }
    case 'personal-access-tokens':
      if (world.given['organization_personal_access_tokens'] === undefined) return forbidden();
      return list(world.grants.filter(({ owner }) => (query.get('owner[]') ?? owner.login) === owner.login));
    case 'credential-authorizations':
      if (world.authorizations === null) return absent();
      return list(world.authorizations.filter(({ login }) => (query.get('login') ?? login) === login));
    case 'installations':
      return {
        status: 200,
        body: { total_count: world.installations.length, installations: world.installations },
      };
    default:
      return absent();
  }
}

function write(
  method: string,
  path: string,
  body: Record<string, unknown>,
  world: GithubWorld,
  number: () => number,
): Reply {
  const [, first = '', second = '', third = '', fourth = '', fifth = '', sixth = ''] = path.split('/');
  const person = (login: string): Person | undefined => world.people.find((one) => one.login === login);
  if (first === 'repos') {
    const name = `${second}/${third}`;
    if (fourth === 'collaborators') {
      const id = person(fifth)?.id ?? 0;
      const repositories = world.outside.get(id) ?? new Map<string, string>();
      world.outside.set(id, repositories.set(name, String(body['permission'])));
      return { status: 201, body: {} };
    }
    const keys = world.repositories.get(name) ?? [];
    if (method === 'POST') {
      const made = {
        ...body,
        id: number(),
        added_by: 'responder[bot]',
        created_at: new Date().toISOString(),
      };
      keys.push(made as unknown as DeployKey);
      return { status: 201, body: made };
    }
    const at = keys.findIndex(({ id }) => String(id) === fifth);
    if (at < 0) return absent();
    keys.splice(at, 1);
    return { status: 204 };
  }
  if (third === 'memberships') {
    const id = person(fourth)?.id ?? 0;
    const was = world.memberships.get(id);
    if (method === 'PUT') {
      world.memberships.set(id, {
        role: String(body['role']),
        state: was === undefined ? 'pending' : was.state,
      });
      return { status: 200, body: world.memberships.get(id) };
    }
    if (was === undefined) return absent();
    world.memberships.delete(id);
    for (const team of world.teams.values()) team.delete(id);
    return { status: 204 };
  }
  if (third === 'teams') {
    world.teams.get(fourth)?.set(person(sixth)?.id ?? 0, String(body['role']));
    return { status: 200, body: { role: body['role'], state: 'pending' } };
  }
  if (third === 'outside_collaborators')
    return world.outside.delete(person(fourth)?.id ?? 0) ? { status: 204 } : absent();
  if (third === 'blocks') {
    const id = person(fourth)?.id ?? 0;
    if (method === 'DELETE') world.blocked.delete(id);
    else world.blocked.add(id);
    return { status: 204 };
  }
  if (third === 'personal-access-tokens') return without(world.grants, ({ id }) => String(id) === fourth);
  if (third === 'credential-authorizations') {
    return without(world.authorizations ?? [], ({ credential_id: id }) => String(id) === fourth);
  }
  return absent();
}

function without<T>(list: T[], isMeant: (item: T) => boolean): Reply {
  const at = list.findIndex(isMeant);
  if (at < 0) return absent();
  list.splice(at, 1);
  return { status: 204 };
}

/** Lists come in pages of two, whatever was asked for, so that following `next` is seen. */
function paged(reply: Reply, path: string, query: URLSearchParams, url: string): Reply {
  const page = Number(query.get('page') ?? 1);
  const wrapped = reply.body as { total_count: number; installations: unknown[] } | unknown[];
  const all = Array.isArray(wrapped) ? wrapped : wrapped.installations;
  const items = all.slice((page - 1) * 2, page * 2);
  const further = new URLSearchParams(query);
  further.set('page', String(page + 1));
  const link = `<${url}${path}?${further.toString()}>; rel="next"`;
  return {
    status: 200,
    body: Array.isArray(wrapped) ? items : { ...wrapped, installations: items },
    ...(page * 2 < all.length ? { headers: { link } } : {}),
  };
}
