import type { AccessEvent } from '#shared/domain/event.ts';
import { type Json, type JsonObject, arrayAt, objectAt, textAt } from '#shared/domain/json.ts';
import type { AttributeSource } from '#shared/domain/trace.ts';
import { Attributes } from './attributes.ts';
import type { Mapping } from './mapping.ts';

const system = 'kubernetes-rbac';

/**
 * The request that the API server's authorizer judged. It is that of the impersonated user where there is one: the
 * recorded decision is about it. A request that creates an object names none, although the log adds its name later.
 * Sources: https://kubernetes.io/docs/reference/config-api/apiserver-audit.v1/ and `GetAuthorizerAttributes` of
 * `staging/src/k8s.io/apiserver/pkg/endpoints/filters/authorization.go`.
 */
export function mapKubernetes(event: AccessEvent, record: JsonObject): Mapping {
  if (event.subject.id === null) return unmapped('The event names no user.');
  if (event.action === null) return unmapped('The event names no verb.');
  // https://kubernetes.io/docs/reference/access-authn-authz/node/
  const saysRbac = event.reason?.text?.startsWith('RBAC') ?? false;
  if (event.subject.id.startsWith('system:node:') && !saysRbac) {
    return unmapped('Requests of kubelets are decided by the Node authorizer, which stands before RBAC.');
  }
  const sources: Record<string, AttributeSource> = { 'subject.id': 'log', 'action.name': 'log' };
  const subject = new Attributes('subject.properties', sources);
  // GKE's entries have no groups; the rest of an audit event is complete.
  const isAudit = record['protoPayload'] === undefined;
  const user = objectAt(record, 'impersonatedUser') ?? objectAt(record, 'user');
  if (isAudit) subject.add('groups', groupsOf(user), 'log');
  const resource = resourceOf(event, record, sources);
  if (typeof resource === 'string') return unmapped(resource);
  return {
    kind: 'mapped',
    system,
    request: {
      subject: { type: 'user', id: event.subject.id, properties: subject.values },
      action: { name: event.action },
      resource,
    },
    knowledge: { complete: isAudit },
    attributes: sources,
  };
}

function groupsOf(user: JsonObject | undefined): Json[] {
  return arrayAt(user, 'groups').filter((group) => typeof group === 'string');
}

function resourceOf(
  { action, resource }: AccessEvent,
  record: JsonObject,
  sources: Record<string, AttributeSource>,
): { type: string; id: string; properties?: JsonObject } | string {
  const reference = objectAt(record, 'objectRef');
  const target = textAt(reference, 'resource') === null ? pathTarget(resource) : referenceTarget(reference);
  if (target === null) return 'The event names neither an object nor a path.';
  sources['resource.type'] = 'log';
  sources['resource.id'] = 'log';
  if (target.type === 'nonResourceURL') return { type: target.type, id: target.name };
  const properties = new Attributes('resource.properties', sources);
  properties.add('apiGroup', target.apiGroup, 'log');
  properties.add('namespace', target.namespace, 'log');
  properties.add('subresource', target.subresource, 'log');
  const isCreated = action === 'create' && target.subresource === null;
  if (isCreated) sources['resource.id'] = 'derived';
  return { type: target.type, id: isCreated ? '' : target.name, properties: properties.values };
}

interface Target {
  readonly type: string;
  readonly name: string;
  readonly apiGroup: string;
  readonly namespace: string | null;
  readonly subresource: string | null;
}

function referenceTarget(reference: JsonObject | undefined): Target {
  const version = textAt(reference, 'apiVersion') ?? '';
  // v1alpha1 had no `apiGroup`: its `apiVersion` was `group/version`.
  const slash = version.indexOf('/');
  return {
    type: textAt(reference, 'resource') ?? '',
    name: textAt(reference, 'name') ?? '',
    apiGroup: textAt(reference, 'apiGroup') ?? (slash > 0 ? version.slice(0, slash) : ''),
    namespace: textAt(reference, 'namespace'),
    subresource: textAt(reference, 'subresource'),
  };
}

/** The target of a resource as the format names it: the canonical path of the API. */
function pathTarget(resource: AccessEvent['resource']): Target | null {
  const path = resource?.id ?? null;
  if (resource === null || path === null) return null;
  const whole = { apiGroup: '', namespace: null, subresource: null };
  if (resource.type === 'nonResourceURL') return { ...whole, type: 'nonResourceURL', name: path };
  const [, prefix, ...rest] = path.split('/');
  if (prefix !== 'api' && prefix !== 'apis') return null;
  const apiGroup = prefix === 'apis' ? (rest.shift() ?? '') : '';
  rest.shift();
  const isWithin =
    rest[0] === 'namespaces' && rest.length > 2 && rest[2] !== 'status' && rest[2] !== 'finalize';
  const namespace = isWithin ? (rest[1] ?? null) : null;
  const [type = '', name = '', ...subresource] = isWithin ? rest.slice(2) : rest;
  const named = subresource.length === 0 ? null : subresource.join('/');
  return { type, name, apiGroup, namespace, subresource: named };
}

function unmapped(reason: string): Mapping {
  return { kind: 'unmapped', system, reason };
}
