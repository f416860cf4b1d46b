import { googleError, googleToken, grantToken, responder } from './google-token.ts';
import { type Call, type HttpStandIn, type Reply, startHttpStandIn } from './http-stand-in.ts';

export const projectId = 'example-project';
export const robot = `robot@${projectId}.iam.gserviceaccount.com`;
export const robotId = '110000000000000000001';
export const denyPolicy =
  'policies/cloudresourcemanager.googleapis.com%2Forganizations%2F99/denypolicies/quarantine';

interface Account {
  readonly name: string;
  readonly email: string;
  readonly uniqueId: string;
  disabled: boolean;
}
interface Key {
  readonly name: string;
  readonly validAfterTime: string;
  disabled: boolean;
}
interface Policy {
  version: number;
  etag: string;
  bindings: { role: string; members: string[]; condition?: { title: string; expression: string } }[];
}

export interface FakeCloud extends HttpStandIn {
  readonly accounts: Map<string, Account>;
  readonly keys: Map<string, Key[]>;
  readonly policies: Map<string, Policy>;
  readonly deny: {
    etag: string;
    rules: { denyRule: { deniedPrincipals: string[]; deniedPermissions: string[] } }[];
  };
  readonly held: Set<string>;
  /** What somebody else does between our reading of a policy and our writing; done once. */
  between: (() => void) | null;
  /** Whether a token of the account is accepted. */
  accepts(uniqueId: string): boolean;
}

export const rights = [
  'resourcemanager.projects.get',
  'resourcemanager.projects.getIamPolicy',
  'resourcemanager.projects.setIamPolicy',
  'resourcemanager.organizations.getIamPolicy',
  'resourcemanager.organizations.setIamPolicy',
  'iam.serviceAccounts.get',
  'iam.serviceAccounts.list',
  'iam.serviceAccounts.disable',
  'iam.serviceAccounts.enable',
  'iam.serviceAccountKeys.list',
  'iam.serviceAccountKeys.disable',
  'iam.serviceAccountKeys.enable',
  'iam.serviceAccountKeys.delete',
];

/** A stateful stand-in for the IAM API (v1, v2) and the Resource Manager API (v3), as their references describe them. */
export async function startCloud(): Promise<FakeCloud> {
  const account = (email: string, uniqueId: string): Account => ({
    name: `projects/${projectId}/serviceAccounts/${email}`,
    email,
    uniqueId,
    disabled: false,
  });
  const key = (email: string, id: string): Key => ({
    name: `projects/${projectId}/serviceAccounts/${email}/keys/${id}`,
    validAfterTime: '2025-01-01T00:00:00Z',
    disabled: false,
  });
  const other = `other@${projectId}.iam.gserviceaccount.com`;
  const night = { title: 'night', expression: 'request.time.getHours() < 6' };
  const world: FakeCloud = {
    ...({} as HttpStandIn),
    accounts: new Map([
      [robotId, account(robot, robotId)],
      ['110000000000000000002', account(other, '110000000000000000002')],
    ]),
    keys: new Map([
      [robotId, [key(robot, 'aaaa1111')]],
      ['110000000000000000002', [key(other, 'bbbb2222')]],
    ]),
    policies: new Map([
      [
        `projects/${projectId}`,
        {
          version: 3,
          etag: 'etag-1',
          bindings: [
            { role: 'roles/owner', members: ['user:owner@example.org', 'user:mallory@example.org'] },
            { role: 'roles/editor', members: [`serviceAccount:${robot}`, `serviceAccount:${other}`] },
            { role: 'roles/viewer', members: [`serviceAccount:${robot}`], condition: night },
          ],
        },
      ],
      ['organizations/99', { version: 1, etag: 'etag-1', bindings: [] }],
    ]),
    deny: {
      etag: 'deny-1',
      rules: [
        { denyRule: { deniedPrincipals: [], deniedPermissions: ['storage.googleapis.com/objects.get'] } },
      ],
    },
    held: new Set(rights),
    between: null,
    accepts: (uniqueId) => world.accounts.get(uniqueId)?.disabled === false,
  };
  const server = await startHttpStandIn({
    perform: (call) => perform(call, world),
    throttled: () => ({
      ...googleError(429, 'RESOURCE_EXHAUSTED', 'rateLimitExceeded', 'Quota exceeded.'),
      headers: { 'retry-after': '5' },
    }),
    refused: () => googleError(403, 'PERMISSION_DENIED', 'forbidden', 'Permission denied.'),
  });
  return Object.assign(world, server);
}

function perform(call: Call, world: FakeCloud): Reply {
  const { method, authorization } = call;
  if (call.path === '/token') {
    return grantToken(call, null, new Set(['https://www.googleapis.com/auth/cloud-platform']));
  }
  if (authorization !== `Bearer ${googleToken}`) {
    return googleError(
      401,
      'UNAUTHENTICATED',
      'authError',
      'Request had invalid authentication credentials.',
    );
  }
  const body = (call.body === '' ? {} : JSON.parse(call.body)) as Record<string, unknown>;
  if (call.path.startsWith('/v2/')) return denied(method, call.path, body, world);
  const path = decodeURIComponent(call.path);
  if (path.startsWith('/v3/')) return resource(path.slice(4), body, world);
  const [, project = '', name = '', rest = '', verb = ''] =
    /^\/v1\/projects\/([^/]+)\/serviceAccounts\/?([^/:]*)\/?(keys\/?[^/:]*)?:?(\w*)$/.exec(path) ?? [];
  if (project === 'home-project') {
    return { status: 200, body: { email: responder, uniqueId: '119999999999999999999' } };
  }
  if (project !== projectId) return googleError(403, 'PERMISSION_DENIED', 'forbidden', 'Permission denied.');
  if (name === '') return listed(call.query, world);
  const account = [...world.accounts.values()].find(
    ({ email, uniqueId }) => email === name || uniqueId === name,
  );
  if (account === undefined) return googleError(404, 'NOT_FOUND', 'notFound', 'Unknown service account');
  if (rest === '') return method === 'GET' ? { status: 200, body: account } : flag(account, verb);
  const keys = world.keys.get(account.uniqueId) ?? [];
  if (rest === 'keys') return { status: 200, body: { keys } };
  const at = keys.findIndex((key) => key.name.endsWith(`/${rest.slice(5)}`));
  const key = keys[at];
  if (key === undefined)
    return googleError(404, 'NOT_FOUND', 'notFound', 'Service account key does not exist.');
  if (method === 'DELETE') {
    keys.splice(at, 1);
    return { status: 200, body: {} };
  }
  return flag(key, verb);
}

function flag(object: { disabled: boolean }, verb: string): Reply {
  object.disabled = verb === 'disable';
  return { status: 200, body: {} };
}

/** Lists come in pages of one, so that following the token is seen. */
function listed(query: URLSearchParams, { accounts }: FakeCloud): Reply {
  const all = [...accounts.values()];
  const at = Number(query.get('pageToken') ?? 0);
  const more = at + 1 < all.length ? { nextPageToken: String(at + 1) } : {};
  return { status: 200, body: { accounts: all.slice(at, at + 1), ...more } };
}

function resource(path: string, body: Record<string, unknown>, world: FakeCloud): Reply {
  const [name = '', verb = ''] = path.split(':');
  const policy = world.policies.get(name);
  if (policy === undefined)
    return googleError(403, 'PERMISSION_DENIED', 'forbidden', 'The caller does not have permission');
  if (verb === '')
    return { status: 200, body: { name: 'projects/424242', projectId, displayName: 'Example' } };
  if (verb === 'testIamPermissions') {
    return {
      status: 200,
      body: { permissions: (body['permissions'] as string[]).filter((one) => world.held.has(one)) },
    };
  }
  if (verb === 'getIamPolicy') {
    const answer = structuredClone(policy);
    const { between } = world;
    world.between = null;
    between?.();
    // Below version 3 conditions are not shown, and a write of it would lose them.
    const { requestedPolicyVersion: version } = body['options'] as { requestedPolicyVersion: number };
    return version === 3
      ? { status: 200, body: answer }
      : googleError(400, 'INVALID_ARGUMENT', 'badRequest', 'version');
  }
  const given = body['policy'] as Policy;
  if (given.etag !== policy.etag) {
    return googleError(409, 'ABORTED', 'aborted', 'There were concurrent policy changes.');
  }
  Object.assign(policy, { bindings: given.bindings, etag: `${policy.etag}+` });
  return { status: 200, body: policy };
}

function denied(method: string, path: string, body: Record<string, unknown>, world: FakeCloud): Reply {
  if (path !== `/v2/${denyPolicy}`) return googleError(404, 'NOT_FOUND', 'notFound', 'Not Found');
  if (method === 'GET') return { status: 200, body: { name: denyPolicy, ...world.deny } };
  if (body['etag'] !== world.deny.etag) return googleError(409, 'ABORTED', 'aborted', 'etag');
  Object.assign(world.deny, { rules: body['rules'], etag: `${world.deny.etag}+` });
  return { status: 200, body: { name: 'operations/1', done: false } };
}
