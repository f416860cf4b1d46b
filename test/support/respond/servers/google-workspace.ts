import { googleError, googleToken, grantToken } from './google-token.ts';
import {
  type Call,
  type HttpStandIn,
  type Reply,
  type StandInTls,
  startHttpStandIn,
} from './http-stand-in.ts';

export const adminEmail = 'admin@example.org';
const scope = (name: string): string => `https://www.googleapis.com/auth/${name}`;

interface WorkspaceUser {
  readonly id: string;
  readonly primaryEmail: string;
  readonly aliases: string[];
  suspended: boolean;
  isAdmin: boolean;
  creationTime: string;
}

export interface FakeWorkspace extends HttpStandIn {
  readonly users: Map<string, WorkspaceUser>;
  readonly delegated: Set<string>;
  readonly tokens: Map<string, { clientId: string; displayText: string; scopes: string[] }[]>;
  readonly appPasswords: Map<string, { codeId: number; name: string; creationTime: string }[]>;
  readonly codes: Map<string, { verificationCode: string }[]>;
  /** Web and device sessions that are alive. */
  readonly sessions: Map<string, number>;
}

export const malloryId = '100000000000000000001';
export const adminId = '100000000000000000002';
export const backupCode = '48151623';

const user = (id: string, primaryEmail: string, isAdmin: boolean): WorkspaceUser => ({
  id,
  primaryEmail,
  aliases: [primaryEmail.replace('@', '.alias@')],
  suspended: false,
  isAdmin,
  creationTime: '2025-01-01T00:00:00.000Z',
});

/** A stateful stand-in for the Admin SDK's Directory API, as its reference describes it. */
export async function startWorkspace(tls?: StandInTls): Promise<FakeWorkspace> {
  const world = {
    users: new Map([
      [malloryId, user(malloryId, 'mallory@example.org', false)],
      [adminId, user(adminId, adminEmail, true)],
    ]),
    delegated: new Set([
      scope('admin.directory.user'),
      scope('admin.directory.user.security'),
      scope('admin.directory.customer.readonly'),
    ]),
    tokens: new Map([
      [malloryId, [{ clientId: '77.apps.example.com', displayText: 'Mail reader', scopes: ['mail'] }]],
    ]),
    appPasswords: new Map([[malloryId, [{ codeId: 3, name: 'old phone', creationTime: '1735689600000' }]]]),
    codes: new Map([[malloryId, [{ verificationCode: backupCode }, { verificationCode: '23421080' }]]]),
    sessions: new Map([[malloryId, 2]]),
  };
  const server = await startHttpStandIn(
    {
      perform: (call) => perform(call, { ...server, ...world }),
      throttled: () => googleError(403, 'PERMISSION_DENIED', 'rateLimitExceeded', 'Quota exceeded.'),
      refused: () =>
        googleError(403, 'PERMISSION_DENIED', 'forbidden', 'Not Authorized to access this resource/api'),
    },
    tls,
  );
  return { ...server, ...world };
}

function perform(call: Call, world: FakeWorkspace): Reply {
  const { method, path, authorization, query } = call;
  if (path === '/token') return grantToken(call, adminEmail, world.delegated);
  if (authorization !== `Bearer ${googleToken}`) {
    return googleError(401, 'UNAUTHENTICATED', 'authError', 'Invalid Credentials');
  }
  const [, kind = '', key = '', third = '', last = ''] =
    /^\/admin\/directory\/v1\/([^/]+)\/?([^/]*)\/?([^/]*)\/?([^/]*)$/.exec(decodeURIComponent(path)) ?? [];
  if (kind === 'customers') return { status: 200, body: { id: 'C01abc', customerDomain: 'example.org' } };
  if (kind === 'users' && key === '') return listed(query, world);
  const user = [...world.users.values()].find(
    ({ id, primaryEmail, aliases }) => id === key || primaryEmail === key || aliases.includes(key),
  );
  if (kind !== 'users' || user === undefined) {
    return googleError(404, 'NOT_FOUND', 'notFound', 'Resource Not Found: userKey');
  }
  const body = (call.body === '' ? {} : JSON.parse(call.body)) as Record<string, unknown>;
  if (third === '' && method === 'GET') return { status: 200, body: user };
  if (third === '' && method === 'PATCH') return { status: 200, body: Object.assign(user, body) };
  if (third === 'makeAdmin') {
    user.isAdmin = body['status'] === true;
    return { status: 204 };
  }
  if (third === 'signOut') {
    world.sessions.set(user.id, 0);
    return { status: 204 };
  }
  if (third === 'verificationCodes') {
    if (last === 'invalidate') {
      world.codes.delete(user.id);
      return { status: 204 };
    }
    return { status: 200, body: { items: world.codes.get(user.id) ?? [] } };
  }
  const lists = { tokens: [world.tokens, 'clientId'], asps: [world.appPasswords, 'codeId'] } as const;
  if (third !== 'tokens' && third !== 'asps') return googleError(404, 'NOT_FOUND', 'notFound', 'Not Found');
  const [list, member] = lists[third];
  const items = (list.get(user.id) ?? []) as Record<string, unknown>[];
  if (method === 'GET') return { status: 200, body: { items } };
  const at = items.findIndex((item) => String(item[member]) === last);
  if (at < 0) return googleError(404, 'NOT_FOUND', 'notFound', 'Resource Not Found');
  items.splice(at, 1);
  return { status: 204 };
}

/** Lists come in pages of one, so that following the token is seen. */
function listed(query: URLSearchParams, { users }: FakeWorkspace): Reply {
  const all = [...users.values()].filter(({ isAdmin }) => query.get('query') !== 'isAdmin=true' || isAdmin);
  const at = Number(query.get('pageToken') ?? 0);
  const more = at + 1 < all.length ? { nextPageToken: String(at + 1) } : {};
  return { status: 200, body: { users: all.slice(at, at + 1), ...more } };
}
