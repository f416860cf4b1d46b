import type { JsonObject } from '../../domain/json.ts';
import { namespaces } from '../names.ts';
import { controllers } from './activity.ts';

const group = 'rbac.authorization.k8s.io';

/** The clusters' RBAC objects; `changed`: with the binding that the incident adds. */
export function clusterManifests(changed: boolean): JsonObject {
  const items: JsonObject[] = [
    clusterRole('cluster-admin', [{ apiGroups: ['*'], resources: ['*'], verbs: ['*'] }]),
    clusterRole('edit', [
      {
        apiGroups: ['', 'apps', 'batch'],
        resources: ['configmaps', 'deployments', 'deployments/scale', 'jobs', 'pods', 'pods/log', 'services'],
        verbs: ['get', 'list', 'watch', 'create', 'update', 'patch'],
      },
    ]),
    ...namespaces.map((namespace) => ({
      apiVersion: `${group}/v1`,
      kind: 'RoleBinding',
      metadata: { name: 'developers', namespace },
      subjects: [{ kind: 'Group', apiGroup: group, name: 'halden:developers' }],
      roleRef: { apiGroup: group, kind: 'ClusterRole', name: 'edit' },
    })),
    ...controllers.flatMap(([namespace, name]) => [
      clusterRole(name, name === deployer ? [...controllerRules, ...deployerRules] : controllerRules),
      clusterBinding(name, name, { kind: 'ServiceAccount', name, namespace }),
    ]),
    ...['kube-controller-manager', 'kube-scheduler'].flatMap((name) => [
      clusterRole(`system:${name}`, componentRules),
      clusterBinding(`system:${name}`, `system:${name}`, {
        kind: 'User',
        apiGroup: group,
        name: `system:${name}`,
      }),
    ]),
    ...['pdf-export', 'reporting-sync'].flatMap(readsItsSettings),
    clusterBinding('deployers', 'cluster-admin', {
      kind: 'Group',
      apiGroup: group,
      name: 'halden:deployers',
    }),
  ];
  if (changed) {
    const woken = { kind: 'ServiceAccount', name: 'reporting-sync', namespace: 'legacy' };
    items.push(clusterBinding('legacy-reporting', 'cluster-admin', woken));
  }
  return { apiVersion: 'v1', kind: 'List', items };
}

/** It brings what the company runs into the clusters, and so can run anything there. */
const deployer = 'argocd-application-controller';
const deployerRules: readonly JsonObject[] = [
  { apiGroups: ['apps'], resources: ['deployments'], verbs: ['create', 'patch', 'delete'] },
  { apiGroups: [''], resources: ['configmaps', 'services'], verbs: ['create', 'patch', 'delete'] },
];

const controllerRules: readonly JsonObject[] = [
  {
    apiGroups: [''],
    resources: ['configmaps', 'pods', 'services'],
    verbs: ['get', 'list', 'watch'],
  },
  { apiGroups: [''], resources: ['events'], verbs: ['create', 'patch'] },
  { apiGroups: ['apps'], resources: ['deployments', 'replicasets'], verbs: ['get', 'list', 'watch'] },
  { apiGroups: ['discovery.k8s.io'], resources: ['endpointslices'], verbs: ['get', 'list', 'watch'] },
  { apiGroups: ['coordination.k8s.io'], resources: ['leases'], verbs: ['get', 'create', 'update'] },
];

const componentRules: readonly JsonObject[] = [
  { apiGroups: ['coordination.k8s.io'], resources: ['leases'], verbs: ['get', 'create', 'update'] },
  { apiGroups: ['apps'], resources: ['replicasets/status'], verbs: ['update', 'patch'] },
  { apiGroups: [''], resources: ['pods/binding'], verbs: ['create'] },
];

function clusterRole(name: string, rules: readonly JsonObject[]): JsonObject {
  return { apiVersion: `${group}/v1`, kind: 'ClusterRole', metadata: { name }, rules: [...rules] };
}

function clusterBinding(name: string, role: string, subject: JsonObject): JsonObject {
  return {
    apiVersion: `${group}/v1`,
    kind: 'ClusterRoleBinding',
    metadata: { name },
    subjects: [subject],
    roleRef: { apiGroup: group, kind: 'ClusterRole', name: role },
  };
}

/** A quiet service account of the namespace `legacy` reads the one thing that it needs. */
function readsItsSettings(name: string): JsonObject[] {
  const metadata = { name, namespace: 'legacy' };
  const rule = {
    apiGroups: [''],
    resources: ['configmaps'],
    resourceNames: [`${name}-settings`],
    verbs: ['get'],
  };
  return [
    { apiVersion: `${group}/v1`, kind: 'Role', metadata, rules: [rule] },
    {
      apiVersion: `${group}/v1`,
      kind: 'RoleBinding',
      metadata,
      subjects: [{ kind: 'ServiceAccount', ...metadata }],
      roleRef: { apiGroup: group, kind: 'Role', name },
    },
  ];
}
