import { type Call, type HttpStandIn, type Reply, startHttpStandIn } from './http-stand-in.ts';

export const kubernetesToken = 'kubernetes-token-8264';

export interface Stored {
  metadata: Record<string, unknown> & {
    name: string;
    namespace?: string;
    uid: string;
    resourceVersion: string;
  };
  subjects?: { kind: string; name: string; namespace?: string }[];
  roleRef?: { kind: string; name: string };
  rules?: { verbs: string[]; apiGroups: string[]; resources: string[] }[];
  [key: string]: unknown;
}

export interface FakeKubernetes extends HttpStandIn {
  /** Objects by the path under which the API serves them. */
  readonly objects: Map<string, Stored>;
  /** Verbs and resources that the operator may not do, as `verb resource`. */
  readonly withheld: Set<string>;
  put(path: string, object: Record<string, unknown>): Stored;
  /** What RBAC says, worked out of the objects. */
  isAllowed(user: string, groups: readonly string[], asked: Asked): boolean;
}

interface Asked {
  readonly verb: string;
  readonly resource: string;
  readonly namespace?: string;
}

const rbac = '/apis/rbac.authorization.k8s.io/v1';

/**
 * A stateful stand-in for a Kubernetes API server: conventions of its API (uid, resourceVersion, preconditions,
 * dryRun, immutable roleRef), and RBAC over the bindings that it holds.
 */
export async function startKubernetes(): Promise<FakeKubernetes> {
  const objects = new Map<string, Stored>();
  const withheld = new Set<string>();
  let serial = 100;
  const put = (path: string, object: Record<string, unknown>): Stored => {
    const metadata = (object['metadata'] ?? {}) as Record<string, unknown>;
    const old = objects.get(path);
    const stored = {
      ...object,
      metadata: {
        creationTimestamp: '2026-01-01T00:00:00Z',
        ...metadata,
        name: path.split('/').at(-1) ?? '',
        uid: old?.metadata.uid ?? `uid-${++serial}`,
        resourceVersion: String(++serial),
      },
    } as Stored;
    objects.set(path, stored);
    return stored;
  };
  const isAllowed: FakeKubernetes['isAllowed'] = (user, groups, asked) =>
    [...objects].some(([path, { subjects, roleRef, metadata }]) => {
      const isOfCluster = path.startsWith(`${rbac}/clusterrolebindings/`);
      if (roleRef === undefined || (!isOfCluster && metadata.namespace !== asked.namespace)) return false;
      const isNamed = (subjects ?? []).some(({ kind, name, namespace }) =>
        kind === 'Group'
          ? groups.includes(name)
          : user === (kind === 'User' ? name : `system:serviceaccount:${namespace}:${name}`),
      );
      const role =
        roleRef.kind === 'ClusterRole'
          ? `${rbac}/clusterroles/${roleRef.name}`
          : `${rbac}/namespaces/${metadata.namespace}/roles/${roleRef.name}`;
      const rules = objects.get(role)?.rules ?? [];
      return (
        isNamed &&
        rules.some((rule) => rule.verbs.includes(asked.verb) && rule.resources.includes(asked.resource))
      );
    });
  const server = await startHttpStandIn({
    perform: (call) => perform(call, { objects, withheld, put, isAllowed }),
    throttled: () => ({
      status: 429,
      headers: { 'retry-after': '1' },
      body: failure(429, 'TooManyRequests', 'try again'),
    }),
    refused: () => ({
      status: 403,
      body: failure(403, 'Forbidden', 'user "responder" cannot update resource'),
    }),
  });
  return { ...server, objects, withheld, put, isAllowed };
}

function perform(
  { method, path, query, authorization, body }: Call,
  { objects, withheld, put, isAllowed }: Pick<FakeKubernetes, 'objects' | 'withheld' | 'put' | 'isAllowed'>,
): Reply {
  if (authorization !== `Bearer ${kubernetesToken}`)
    return { status: 401, body: failure(401, 'Unauthorized', 'Unauthorized') };
  const given = (body === '' ? {} : JSON.parse(body)) as Record<string, unknown>;
  const isDryRun = query.get('dryRun') === 'All';
  if (path.endsWith('/selfsubjectreviews')) {
    const userInfo = { username: 'system:serviceaccount:ops:responder', uid: 'uid-responder' };
    return { status: 201, body: { status: { userInfo } } };
  }
  if (path.endsWith('subjectaccessreviews')) {
    const spec = given['spec'] as { user?: string; groups?: string[]; resourceAttributes: Asked };
    const asked = spec.resourceAttributes;
    const allowed =
      spec.user === undefined
        ? !withheld.has(`${asked.verb} ${asked.resource}`)
        : isAllowed(spec.user, spec.groups ?? [], asked);
    return {
      status: 201,
      body: { status: { allowed, reason: allowed ? 'RBAC: allowed by a binding' : '' } },
    };
  }
  if (method === 'POST') {
    const name = String((given['metadata'] as { name?: string } | undefined)?.name);
    const own = `${path}/${name}`;
    if (objects.has(own))
      return { status: 409, body: failure(409, 'AlreadyExists', `"${name}" already exists`) };
    return { status: 201, body: isDryRun ? given : put(own, given) };
  }
  const stored = objects.get(path);
  if (stored === undefined) {
    return method === 'GET' && /\/(?:cluster)?rolebindings$/.test(path)
      ? listed(path, query, objects)
      : { status: 404, body: failure(404, 'NotFound', `${path} not found`) };
  }
  if (method === 'GET') return { status: 200, body: stored };
  if (method === 'DELETE') {
    const wanted = given['preconditions'] as { uid?: string; resourceVersion?: string } | undefined;
    const conflict = isOther(stored, wanted ?? {});
    if (conflict) return { status: 409, body: failure(409, 'Conflict', 'Precondition failed') };
    if (!isDryRun) objects.delete(path);
    return { status: 200, body: { kind: 'Status', status: 'Success' } };
  }
  if (isOther(stored, given['metadata'] as Stored['metadata'])) {
    return { status: 409, body: failure(409, 'Conflict', 'the object has been modified') };
  }
  if (JSON.stringify(given['roleRef']) !== JSON.stringify(stored.roleRef)) {
    return { status: 422, body: failure(422, 'Invalid', 'roleRef: Invalid value: cannot change roleRef') };
  }
  return { status: 200, body: isDryRun ? given : put(path, given) };
}

/** Lists over all namespaces, one object a page. */
function listed(path: string, query: URLSearchParams, objects: ReadonlyMap<string, Stored>): Reply {
  const resource = path.split('/').at(-1) ?? '';
  const found = [...objects]
    .filter(([own]) => own.split('/').at(-2) === resource)
    .map(([, object]) => object);
  const at = Number(query.get('continue') ?? 0);
  const next = at + 1 < found.length ? String(at + 1) : '';
  return { status: 200, body: { items: found.slice(at, at + 1), metadata: { continue: next } } };
}

function isOther({ metadata }: Stored, wanted: { uid?: string; resourceVersion?: string }): boolean {
  return (
    (wanted.uid !== undefined && wanted.uid !== metadata.uid) ||
    (wanted.resourceVersion !== undefined && wanted.resourceVersion !== metadata.resourceVersion)
  );
}

function failure(code: number, reason: string, message: string): Record<string, unknown> {
  return { kind: 'Status', apiVersion: 'v1', status: 'Failure', code, reason, message };
}
