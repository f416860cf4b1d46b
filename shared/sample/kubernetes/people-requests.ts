import { namespaces, services } from '../names.ts';
import type { Random } from '../random.ts';
import { apps, core, page, podName, type Draw } from './requests.ts';

/** Requests of people with kubectl, granted to a group of theirs. */
export function peopleRequests(group: string): readonly (readonly [Draw, number])[] {
  const inNamespace = (random: Random) => {
    const namespace = random.pick(namespaces);
    return {
      namespace,
      status: 200,
      grant: `RoleBinding "${group}/${namespace}" of ClusterRole "edit" to Group "halden:${group}"`,
    };
  };
  return [
    [
      (random) => ({
        ...core,
        ...inNamespace(random),
        verb: 'list',
        resource: 'pods',
        name: null,
        query: 'limit=500',
      }),
      30,
    ],
    [
      (random) => ({ ...core, ...inNamespace(random), verb: 'get', resource: 'pods', name: podName(random) }),
      14,
    ],
    [
      (random) => ({
        ...core,
        ...inNamespace(random),
        verb: 'get',
        resource: 'pods',
        name: podName(random),
        subresource: 'log',
        query: `container=app&tailLines=${100 * (1 + random.below(9))}`,
      }),
      18,
    ],
    [
      (random) => ({
        ...apps,
        ...inNamespace(random),
        verb: 'list',
        resource: 'deployments',
        name: null,
        query: 'limit=500',
      }),
      14,
    ],
    [
      (random) => ({
        ...apps,
        ...inNamespace(random),
        verb: 'patch',
        resource: 'deployments',
        name: random.pick(services),
        query: 'fieldManager=kubectl-rollout',
        body: '{"spec":{"template":{"metadata":{"annotations":{"kubectl.kubernetes.io/restartedAt":"2026-09-01T09:00:00Z"}}}}}',
      }),
      4,
    ],
  ];
}

/** What callers try now and then without the permission. */
export const refusedRequests: readonly Draw[] = [
  (random) => ({
    ...core,
    verb: 'list',
    resource: 'secrets',
    namespace: random.pick(namespaces),
    name: null,
    grant: null,
    status: 200,
    query: page,
  }),
  (random) => ({
    ...core,
    verb: 'delete',
    resource: 'pods',
    namespace: random.pick(namespaces),
    name: podName(random),
    grant: null,
    status: 200,
  }),
  () => ({
    ...core,
    verb: 'list',
    resource: 'nodes',
    namespace: null,
    name: null,
    grant: null,
    status: 200,
    query: page,
  }),
];
