import { type JsonObject, isObject } from '../../domain/json.ts';
import type { BundleSource, PolicySystem } from '../../domain/policy-system.ts';

/**
 * Kubernetes RBAC from manifests and dumps, judged as the API server's own authorizer does.
 * Source: https://kubernetes.io/docs/reference/access-authn-authz/rbac/ and Kubernetes' `plugin/pkg/auth/authorizer/rbac`.
 */
export const kubernetesRbac: PolicySystem = {
  name: 'kubernetes-rbac',
  title: 'Kubernetes RBAC',
  detect,
  // What reads YAML is loaded when there is some: other systems start without it.
  load: async (source) => (await import('./bundle.ts')).compileManifests(source),
  history: async () => (await import('./history/index.ts')).history,
};

const group = 'rbac.authorization.k8s.io';
const kinds = /(?:^|\n|[{,\s])["']?kind["']?\s*:\s*["']?(?:Cluster)?Role(?:Binding)?(?:List)?\b/;

function detect(source: BundleSource): number {
  if (source.kind === 'inline') return detectInline(source.document);
  let best = 0;
  for (const { path, text } of source.files) {
    if (text === null || !/\.(?:ya?ml|json)$|(?:^|\/)[^./]+$/i.test(path)) continue;
    if (text.includes(group)) return 0.9;
    if (kinds.test(text)) best = 0.4;
  }
  return best;
}

function detectInline(document: JsonObject): number {
  const { kind, items, manifests, clusterRoles, roleBindings, clusterRoleBindings } = document;
  if ([manifests, clusterRoles, roleBindings, clusterRoleBindings].some((part) => part !== undefined))
    return 0.8;
  const first = Array.isArray(items) ? (items as readonly unknown[]).find(isObject) : undefined;
  for (const version of [document['apiVersion'], first?.['apiVersion']]) {
    if (typeof version === 'string' && version.startsWith(group)) return 0.9;
  }
  return typeof kind === 'string' && /^(?:Cluster)?Role(?:Binding)?(?:List)?$/.test(kind) ? 0.6 : 0;
}
