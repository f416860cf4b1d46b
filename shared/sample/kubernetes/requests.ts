import { namespaces, services } from '../names.ts';
import type { Random } from '../random.ts';
import type { ClusterRequest } from './record.ts';

/** Draws a request of the kind that a caller makes. */
export type Draw = (random: Random) => ClusterRequest;

export const core = { group: null, version: 'v1' } as const;
export const apps = { group: 'apps', version: 'v1' } as const;
const leases = { group: 'coordination.k8s.io', version: 'v1', resource: 'leases' } as const;
export const page = 'limit=500&resourceVersion=0';

export function podName(random: Random): string {
  return `${random.pick(services)}-${random.hex8()}-${random.hex8().slice(0, 5)}`;
}

function leaseBody(namespace: string, name: string, version: number): string {
  return `{"kind":"Lease","apiVersion":"coordination.k8s.io/v1","metadata":{"name":"${name}","namespace":"${namespace}","resourceVersion":"${version}"},"spec":{"holderIdentity":"${name}","leaseDurationSeconds":40,"renewTime":null}}`;
}

/** Requests of a kubelet; the Node authorizer allows them without a reason. */
export function nodeRequests(node: string): readonly (readonly [Draw, number])[] {
  const bare = { grant: null, status: 200 };
  return [
    [
      (random) => ({
        ...leases,
        ...bare,
        verb: 'update',
        namespace: 'kube-node-lease',
        name: node,
        query: 'timeout=10s',
        body: leaseBody('kube-node-lease', node, random.below(90_000_000)),
      }),
      40,
    ],
    [
      (random) => ({
        ...core,
        ...bare,
        verb: 'patch',
        resource: 'nodes',
        namespace: null,
        name: node,
        subresource: 'status',
        query: 'timeout=10s',
        body: `{"status":{"$setElementOrder/conditions":[{"type":"MemoryPressure"},{"type":"DiskPressure"},{"type":"PIDPressure"},{"type":"Ready"}],"conditions":[{"type":"Ready","status":"True","reason":"KubeletReady","message":"kubelet is posting ready status"}],"images":${random.below(60)}}}`,
      }),
      14,
    ],
    [
      (random) => ({
        ...core,
        ...bare,
        verb: 'get',
        resource: 'pods',
        namespace: random.pick(namespaces),
        name: podName(random),
      }),
      16,
    ],
    [
      (random) => ({
        ...core,
        ...bare,
        status: 201,
        verb: 'create',
        resource: 'serviceaccounts',
        namespace: random.pick(namespaces),
        name: random.pick(services),
        subresource: 'token',
      }),
      8,
    ],
    [
      (random) => ({
        ...core,
        ...bare,
        verb: 'get',
        resource: 'configmaps',
        namespace: random.pick(namespaces),
        name: `${random.pick(services)}-config`,
      }),
      8,
    ],
  ];
}

/** Requests of a controller that runs under a service account of its own ClusterRole. */
export function controllerRequests(namespace: string, name: string): readonly (readonly [Draw, number])[] {
  const grant = `ClusterRoleBinding "${name}" of ClusterRole "${name}" to ServiceAccount "${name}/${namespace}"`;
  const allowed = { grant, status: 200 };
  return [
    [
      (random) => ({
        ...core,
        ...allowed,
        verb: 'list',
        resource: 'pods',
        namespace: random.pick(namespaces),
        name: null,
        query: page,
      }),
      10,
    ],
    [
      (random) => ({
        ...core,
        ...allowed,
        verb: 'watch',
        resource: 'services',
        namespace: null,
        name: null,
        query: `allowWatchBookmarks=true&resourceVersion=${random.below(90_000_000)}&timeoutSeconds=${300 + random.below(300)}&watch=true`,
      }),
      8,
    ],
    [
      (random) => ({
        ...core,
        ...allowed,
        verb: 'get',
        resource: 'services',
        namespace: random.pick(namespaces),
        name: random.pick(services),
      }),
      12,
    ],
    [
      (random) => ({
        group: 'discovery.k8s.io',
        version: 'v1',
        ...allowed,
        verb: 'list',
        resource: 'endpointslices',
        namespace: random.pick(namespaces),
        name: null,
        query: page,
      }),
      8,
    ],
    [
      (random) => ({
        ...apps,
        ...allowed,
        verb: 'get',
        resource: 'deployments',
        namespace: random.pick(namespaces),
        name: random.pick(services),
      }),
      10,
    ],
    [
      (random) => ({
        ...leases,
        ...allowed,
        verb: 'update',
        namespace,
        name: `${name}-leader`,
        body: leaseBody(namespace, `${name}-leader`, random.below(90_000_000)),
      }),
      16,
    ],
  ];
}

/** Requests of a component of the control plane. */
export function componentRequests(name: string): readonly (readonly [Draw, number])[] {
  const grant = `ClusterRoleBinding "system:${name}" of ClusterRole "system:${name}" to User "system:${name}"`;
  const allowed = { grant, status: 200 };
  return [
    [
      (random) => ({
        ...leases,
        ...allowed,
        verb: 'update',
        namespace: 'kube-system',
        name,
        query: 'timeout=5s',
        body: leaseBody('kube-system', name, random.below(90_000_000)),
      }),
      30,
    ],
    [
      (random) => ({
        ...apps,
        ...allowed,
        verb: 'update',
        resource: 'replicasets',
        namespace: random.pick(namespaces),
        name: `${random.pick(services)}-${random.hex8()}`,
        subresource: 'status',
      }),
      10,
    ],
    [
      (random) => ({
        ...core,
        ...allowed,
        status: 201,
        verb: 'create',
        resource: 'pods',
        namespace: random.pick(namespaces),
        name: podName(random),
        subresource: 'binding',
      }),
      5,
    ],
  ];
}
