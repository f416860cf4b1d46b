import { arrayAt, isObject, type Json, type JsonObject, objectAt, textAt } from '../../../domain/json.ts';
import type { BundleSource } from '../../../domain/policy-system.ts';
import { readObjects } from '../documents.ts';

const kinds = new Set(['Role', 'ClusterRole', 'RoleBinding', 'ClusterRoleBinding']);
const apiVersion = 'rbac.authorization.k8s.io/v1';

/** `ClusterRole view`, `RoleBinding shop/readers`; null for other objects. */
export function elementName(object: JsonObject): string | null {
  const kind = textAt(object, 'kind');
  const metadata = objectAt(object, 'metadata');
  const name = textAt(metadata, 'name');
  if (kind === null || name === null || !kinds.has(kind)) return null;
  if (kind.startsWith('Cluster')) return `${kind} ${name}`;
  return `${kind} ${textAt(metadata, 'namespace') ?? 'default'}/${name}`;
}

/** What decides of an object: who wrote it when, and how it is annotated, makes no difference. */
export function essence(object: JsonObject): JsonObject {
  const kind = textAt(object, 'kind') ?? '';
  const metadata = objectAt(object, 'metadata');
  const labels = objectAt(metadata, 'labels');
  const namespace = kind.startsWith('Cluster') ? null : (textAt(metadata, 'namespace') ?? 'default');
  const isAggregated = object['aggregationRule'] !== undefined && object['aggregationRule'] !== null;
  const isFromServer = metadata?.['uid'] !== undefined || metadata?.['resourceVersion'] !== undefined;
  const found: Record<string, Json> = {
    apiVersion,
    kind,
    metadata: {
      name: textAt(metadata, 'name'),
      ...(namespace === null ? {} : { namespace }),
      ...(labels === undefined || Object.keys(labels).length === 0 ? {} : { labels }),
      // The rules of an aggregated role are the union where a server wrote them.
      ...(isAggregated && isFromServer ? { resourceVersion: 'written-by-a-server' } : {}),
    },
  };
  if (kind.endsWith('Binding')) {
    found['roleRef'] = referenceOf(objectAt(object, 'roleRef'));
    found['subjects'] = arrayAt(object, 'subjects').filter(isObject).map(subjectOf);
  } else {
    if (isAggregated) found['aggregationRule'] = object['aggregationRule'] ?? null;
    found['rules'] = arrayAt(object, 'rules').map((rule) => (isObject(rule) ? withoutEmpty(rule) : rule));
  }
  return found;
}

function referenceOf(reference: JsonObject | undefined): Json {
  if (reference === undefined) return null;
  return { apiGroup: 'rbac.authorization.k8s.io', ...withoutEmpty(reference) };
}

function subjectOf(subject: JsonObject): JsonObject {
  const { kind, name, namespace } = withoutEmpty(subject);
  return {
    ...(kind === undefined ? {} : { kind }),
    ...(name === undefined ? {} : { name }),
    ...(namespace === undefined ? {} : { namespace }),
  };
}

function withoutEmpty(object: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(object).filter(
      ([, value]) => value !== null && value !== undefined && !(Array.isArray(value) && value.length === 0),
    ),
  );
}

/** Roles and bindings of a bundle. */
export function elementsOf(source: BundleSource): ReadonlyMap<string, Json> {
  const elements = new Map<string, Json>();
  for (const { value } of readObjects(source, [])) {
    const version = textAt(value, 'apiVersion');
    if (version !== null && !version.startsWith('rbac.authorization.k8s.io/')) continue;
    const name = elementName(value);
    if (name !== null) elements.set(name, essence(value));
  }
  return elements;
}
