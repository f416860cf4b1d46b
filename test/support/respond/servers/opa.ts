import { type Call, type HttpStandIn, type Reply, startHttpStandIn } from './http-stand-in.ts';

export const opaToken = 'opa-token-7731';

export interface FakeOpa extends HttpStandIn {
  /** `data`, as the instance holds it. */
  readonly data: Record<string, unknown>;
  readonly policies: { id: string; raw: string }[];
  /** First segment of the paths that a bundle owns. */
  readonly owned: Set<string>;
}

/**
 * A stateful stand-in for OPA's REST API (OPA documentation, "REST API"): data, policies, and one decision,
 * `app/authz/allow`, that is true for analysts unless `data.emergency.deny` names them.
 */
export async function startOpa(): Promise<FakeOpa> {
  const data: Record<string, unknown> = {};
  const owned = new Set<string>();
  const policies = [
    { id: 'authz.rego', raw: 'package app.authz\nallow if not data.emergency.deny[input.user]' },
  ];
  const server = await startHttpStandIn({
    perform: (call) => perform(call, data, policies, owned),
    throttled: () => ({ status: 429, headers: { 'retry-after': '2' } }),
    refused: () => ({
      status: 401,
      body: { code: 'unauthorized', message: 'request rejected by administrative policy' },
    }),
  });
  return { ...server, data, policies, owned };
}

function perform(
  { method, path, authorization, body }: Call,
  data: Record<string, unknown>,
  policies: readonly unknown[],
  owned: ReadonlySet<string>,
): Reply {
  if (authorization !== `Bearer ${opaToken}`) return { status: 401, body: { code: 'unauthorized' } };
  if (path === '/v1/policies') return { status: 200, body: { result: policies } };
  const keys = path.split('/').slice(3).map(decodeURIComponent);
  if (method === 'POST') {
    const { input } = JSON.parse(body) as { input: { user: string } };
    const denied = at(data, ['emergency', 'deny', input.user]);
    return { status: 200, body: keys.join('/') === 'app/authz/allow' ? { result: denied !== true } : {} };
  }
  if (method === 'GET') {
    const result = at(data, keys);
    return { status: 200, body: result === undefined ? {} : { result } };
  }
  if (owned.has(keys[0] ?? '')) {
    const message = `path ${keys.join('/')} is owned by bundle "main"`;
    return { status: 400, body: { code: 'invalid_parameter', message } };
  }
  const last = keys.pop() ?? '';
  if (method === 'DELETE') {
    const parent = at(data, keys) as Record<string, unknown> | undefined;
    if (parent?.[last] === undefined) return { status: 404, body: { code: 'resource_not_found' } };
    delete parent[last];
    return { status: 204 };
  }
  let parent = data;
  for (const key of keys) parent = (parent[key] ??= {}) as Record<string, unknown>;
  parent[last] = JSON.parse(body);
  return { status: 204 };
}

function at(data: unknown, keys: readonly string[]): unknown {
  return keys.reduce((value, key) => (value as Record<string, unknown> | undefined)?.[key], data);
}
