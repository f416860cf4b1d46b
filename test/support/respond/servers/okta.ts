import { generateKeyPairSync, verify } from 'node:crypto';
import { type Call, type HttpStandIn, type Reply, startHttpStandIn } from './http-stand-in.ts';

const keys = generateKeyPairSync('rsa', { modulusLength: 2048 });
export const oktaKey = keys.privateKey.export({ type: 'pkcs8', format: 'pem' });
export const oktaClient = '0oaRESPONDER00000000';
export const oktaAccessToken = 'okta-access-token-3391';

interface OktaUser {
  readonly id: string;
  status: string;
  statusChanged: string;
  transitioningToStatus: string | null;
  created: string;
  readonly profile: { readonly login: string; readonly email: string };
  readonly credentials: { readonly provider: { readonly type: string; readonly name: string } };
}

export interface FakeOkta extends HttpStandIn {
  readonly users: Map<string, OktaUser>;
  /** Scopes that the service app was granted. */
  readonly granted: Set<string>;
  /** Sessions and tokens that are alive, by the user’s id. */
  readonly sessions: Map<string, { web: number; tokens: number }>;
  /** API tokens by their id. */
  readonly apiTokens: Map<string, OktaApiToken>;
}

interface OktaApiToken {
  readonly id: string;
  readonly name: string;
  readonly userId: string;
  readonly created: string;
}

interface Org {
  readonly apiTokens: Map<string, OktaApiToken>;
  readonly url: () => string;
  readonly users: Map<string, OktaUser>;
  readonly granted: Set<string>;
  readonly sessions: Map<string, { web: number; tokens: number }>;
  readonly log: { uuid: string; eventType: string; published: string; target: { id: string }[] }[];
}

/** A stateful stand-in for an Okta organization (Okta API reference): tokens, users, their lifecycle, the log. */
export async function startOkta(): Promise<FakeOkta> {
  const users = new Map<string, OktaUser>();
  for (const [id, login, type] of [
    ['00uMALLORY0000000001', 'mallory@example.org', 'OKTA'],
    ['00uALICE000000000002', 'alice@example.org', 'ACTIVE_DIRECTORY'],
  ] as const) {
    users.set(id, {
      id,
      status: 'ACTIVE',
      statusChanged: '2026-01-01T00:00:00.000Z',
      transitioningToStatus: null,
      created: '2026-01-01T00:00:00.000Z',
      profile: { login, email: login.replace('@', '+mail@') },
      credentials: { provider: { type, name: type === 'OKTA' ? 'OKTA' : 'corp.example.org' } },
    });
  }
  const org: Org = {
    url: () => server.url,
    users,
    granted: new Set([
      'okta.users.read',
      'okta.users.manage',
      'okta.logs.read',
      'okta.universalLogout.manage',
      'okta.apiTokens.read',
      'okta.apiTokens.manage',
    ]),
    apiTokens: new Map(
      [...users.keys()].map((userId, index) => {
        const id = `00T${index}`;
        return [id, { id, name: `script ${index}`, userId, created: '2026-01-02T00:00:00.000Z' }];
      }),
    ),
    sessions: new Map([...users.keys()].map((id) => [id, { web: 2, tokens: 3 }])),
    log: [],
  };
  const server = await startHttpStandIn({
    perform: (call) => perform(call, org),
    throttled: () => ({
      status: 429,
      headers: {
        date: 'Thu, 01 Jan 2026 00:00:00 GMT',
        'x-rate-limit-limit': '600',
        'x-rate-limit-remaining': '0',
        'x-rate-limit-reset': String(Date.parse('2026-01-01T00:00:07Z') / 1_000),
      },
      body: fault('E0000047', 'API call exceeded rate limit due to too many requests.'),
    }),
    refused: () => ({
      status: 403,
      body: fault('E0000006', 'You do not have permission to perform the requested action'),
    }),
  });
  return { ...server, users, granted: org.granted, sessions: org.sessions, apiTokens: org.apiTokens };
}

function perform(call: Call, org: Org): Reply {
  const { method, path, query } = call;
  if (path === '/.well-known/okta-organization') {
    return { status: 200, body: { id: '00oEXAMPLE0000000001', pipeline: 'idx' } };
  }
  if (path === '/oauth2/v1/token') return token(call, org);
  if (call.authorization !== `Bearer ${oktaAccessToken}`) {
    return { status: 401, body: fault('E0000011', 'Invalid token provided') };
  }
  if (path === '/api/v1/logs') {
    const [, type, id] =
      /^eventType eq "(.+)" and target\.id eq "(.+)"$/.exec(query.get('filter') ?? '') ?? [];
    const since = query.get('since') ?? '';
    const events = org.log.filter(
      (event) => event.eventType === type && event.target[0]?.id === id && event.published >= since,
    );
    return { status: 200, body: events };
  }
  if (path === '/oauth2/v1/global-token-revocation') return logOut(call, org);
  if (path.startsWith('/api/v1/api-tokens')) return apiToken(call, org);
  if (path === '/api/v1/users') return listed(query, org);
  const [, name = '', rest = ''] = /^\/api\/v1\/users\/([^/]+)\/?(.*)$/.exec(path) ?? [];
  const wanted = decodeURIComponent(name);
  const user = [...org.users.values()].find(({ id, profile }) => id === wanted || profile.login === wanted);
  if (user === undefined) return { status: 404, body: fault('E0000007', 'Not found: Resource not found') };
  if (method === 'GET' && rest === '') return { status: 200, body: user };
  if (method === 'POST' && rest === 'lifecycle/suspend') return change(user, 'ACTIVE', 'SUSPENDED');
  if (method === 'POST' && rest === 'lifecycle/unsuspend') return change(user, 'SUSPENDED', 'ACTIVE');
  if (method === 'DELETE' && rest === 'sessions') {
    const alive = org.sessions.get(user.id);
    org.sessions.set(user.id, {
      web: 0,
      tokens: query.get('oauthTokens') === 'true' ? 0 : (alive?.tokens ?? 0),
    });
    org.log.push({
      uuid: `event-${org.log.length + 1}`,
      eventType: 'user.session.clear',
      published: new Date().toISOString(),
      target: [{ id: user.id }],
    });
    return { status: 204 };
  }
  return { status: 405, body: fault('E0000022', 'The endpoint does not support the provided HTTP method') };
}

/** Ends sessions and tokens of every kind, API tokens too. */
function logOut({ method, body }: Call, { users, sessions, apiTokens, log }: Org): Reply {
  const { sub_id: subject } = JSON.parse(body) as { readonly sub_id?: { format: string; id: string } };
  const user = users.get(subject?.id ?? '');
  if (method !== 'POST' || subject?.format !== 'opaque' || user === undefined) {
    return { status: 400, body: fault('E0000001', 'Api validation failed: sub_id') };
  }
  sessions.set(user.id, { web: 0, tokens: 0 });
  for (const { id, userId } of apiTokens.values()) if (userId === user.id) apiTokens.delete(id);
  log.push({
    uuid: `event-${log.length + 1}`,
    eventType: 'user.authentication.universal_logout',
    published: new Date().toISOString(),
    target: [{ id: user.id }],
  });
  return { status: 204 };
}

function apiToken({ method, path }: Call, { apiTokens }: Org): Reply {
  const id = path.slice('/api/v1/api-tokens/'.length);
  if (id === '') return { status: 200, body: [...apiTokens.values()] };
  const known = apiTokens.get(id);
  if (known === undefined) return { status: 404, body: fault('E0000007', 'Not found: Resource not found') };
  if (method === 'GET') return { status: 200, body: known };
  apiTokens.delete(id);
  return { status: 204 };
}

/** A change from any other status is refused: lifecycle operations are not idempotent. */
function change(user: OktaUser, from: string, to: string): Reply {
  if (user.status !== from) {
    return { status: 400, body: fault('E0000001', `Api validation failed: ${to.toLowerCase()}`) };
  }
  user.status = to;
  user.statusChanged = new Date().toISOString();
  return { status: 200, body: {} };
}

/** Lists come in pages of one, so that following `next` is seen. */
function listed(query: URLSearchParams, { url, users }: Org): Reply {
  const [, email] = /^profile\.email eq "(.+)"$/.exec(query.get('filter') ?? '') ?? [];
  const [, since] = /^created ge "(.+)"$/.exec(query.get('search') ?? '') ?? [];
  const found = [...users.values()].filter(({ profile, created }) =>
    email === undefined ? since !== undefined && created >= since : profile.email === email,
  );
  const at = Number(query.get('after') ?? 0);
  const further = new URLSearchParams(query);
  further.set('after', String(at + 1));
  const next = at + 1 < found.length ? `, <${url()}/api/v1/users?${further.toString()}>; rel="next"` : '';
  return {
    status: 200,
    body: found.slice(at, at + 1),
    headers: { link: `<${url()}/api/v1/users>; rel="self"${next}` },
  };
}

function token({ body }: Call, { url, granted }: Org): Reply {
  const given = new URLSearchParams(body);
  const [head = '', claims = '', signature = ''] = (given.get('client_assertion') ?? '').split('.');
  const isSigned = verify(
    'sha256',
    Buffer.from(`${head}.${claims}`),
    keys.publicKey,
    Buffer.from(signature, 'base64url'),
  );
  const said = JSON.parse(Buffer.from(claims, 'base64url').toString('utf8')) as Record<string, unknown>;
  const seconds = Date.now() / 1_000;
  const isAbout =
    said['iss'] === oktaClient && said['sub'] === oktaClient && said['aud'] === `${url()}/oauth2/v1/token`;
  const isFresh = Number(said['exp']) > seconds && Number(said['exp']) <= seconds + 3_600;
  if (!isSigned || !isAbout || !isFresh) return { status: 401, body: { error: 'invalid_client' } };
  const scopes = (given.get('scope') ?? '').split(' ');
  if (scopes.some((scope) => !granted.has(scope))) return { status: 400, body: { error: 'invalid_scope' } };
  return {
    status: 200,
    body: { token_type: 'Bearer', expires_in: 3_600, access_token: oktaAccessToken, scope: scopes.join(' ') },
  };
}

function fault(errorCode: string, errorSummary: string): Record<string, unknown> {
  return { errorCode, errorSummary, errorLink: errorCode, errorId: 'oae-1', errorCauses: [] };
}
