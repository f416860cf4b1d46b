import { type JsonObject, isObject } from '../../domain/json.ts';
import type {
  BundleProblem,
  BundleSource,
  CompiledBundle,
  PolicySystem,
  PolicyText,
} from '../../domain/policy-system.ts';
import { Cluster } from './cluster.ts';
import { decodeManifests } from './decode.ts';
import { readObjects } from './documents.ts';
import { entitlementsOf } from './entitlements.ts';
import { Evaluator } from './evaluate.ts';
import { whoCan } from './who.ts';

/**
 * Kubernetes RBAC from manifests and dumps, judged as the API server's own authorizer does.
 * Source: https://kubernetes.io/docs/reference/access-authn-authz/rbac/ and Kubernetes' `plugin/pkg/auth/authorizer/rbac`.
 */
export const kubernetesRbac: PolicySystem = {
  name: 'kubernetes-rbac',
  title: 'Kubernetes RBAC',
  detect,
  load: (source) => Promise.resolve(load(source)),
};

const group = 'rbac.authorization.k8s.io';
const kinds = /(?:^|\n|[{,\s])["']?kind["']?\s*:\s*["']?(?:Cluster)?Role(?:Binding)?(?:List)?\b/;

function detect(source: BundleSource): number {
  if (source.kind === 'inline') return detectInline(source.document);
  let best = 0;
  for (const { path, text } of source.files) {
    if (text === null || !/\.(?:ya?ml|json)$/i.test(path)) continue;
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

function load(source: BundleSource): CompiledBundle {
  const problems: BundleProblem[] = [];
  const manifests = decodeManifests(readObjects(source, problems), problems);
  const cluster = new Cluster(manifests);
  const evaluator = new Evaluator(cluster);
  for (const { role, binding, roleLabel, label } of cluster.grants) {
    if (role !== null) continue;
    const message = `${label} binds ${roleLabel}, which is not in the bundle.`;
    problems.push({ severity: 'error', path: binding.ref.path, locator: binding.ref.locator, message });
  }
  const subjects = new Set(
    cluster.grants.flatMap(({ binding }) =>
      binding.subjects.map(
        ({ kind, name, namespace }) => `${kind} ${namespace ?? binding.namespace ?? ''} ${name}`,
      ),
    ),
  );
  return {
    system: 'kubernetes-rbac',
    engine: { name: 'rescind', version: '1', mode: 'own' },
    revision: null,
    policies: manifests.roles.length + manifests.bindings.length,
    subjects: subjects.size,
    problems,
    texts: textsOf(source),
    // Everything that rules read is in subject, action and resource.
    contextKeys: new Set(),
    evaluate: (request) => ({ evaluation: evaluator.evaluate(request) }),
    who: (question) => whoCan(cluster, question),
    entitlements: (subject) => entitlementsOf(cluster, subject),
  };
}

function textsOf(source: BundleSource): PolicyText[] {
  if (source.kind === 'inline') {
    const text = JSON.stringify(source.document, null, 2);
    return [{ policyId: 'document', title: 'Manifests', path: '', language: 'json', text }];
  }
  return source.files.flatMap(({ path, text }): PolicyText[] => {
    if (text === null || !/\.(?:ya?ml|json)$/i.test(path)) return [];
    const language = /\.json$/i.test(path) ? 'json' : 'yaml';
    return [{ policyId: path, title: path, path, language, text }];
  });
}
