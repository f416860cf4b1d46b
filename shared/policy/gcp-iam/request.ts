import type { EvaluationRequest } from '../../domain/evaluation-request.ts';
import { isObject, type Json, type JsonObject } from '../../domain/json.ts';
import type { Estate } from './model.ts';
import { canonicalName, readName, serviceOf } from './names.ts';

export interface Principal {
  /** `set`: everybody of a domain, a pool or a role, asked about as such. */
  readonly kind: 'user' | 'service-account' | 'group' | 'federated' | 'anonymous' | 'set' | 'unknown';
  /** Mail, or `principal://…`; empty for nobody. */
  readonly id: string;
  /** Null where they are not known. */
  readonly groups: readonly string[] | null;
  readonly attributes: JsonObject;
}

export interface GcpRequest {
  readonly principal: Principal;
  readonly permission: string;
  /** The resource, in the one spelling of the bundle. */
  readonly node: string;
  /** The project that it lies in, where the request tells it; buckets do not name theirs. */
  readonly project: string | null;
  readonly service: string;
  /** As conditions read them; null where the request does not tell. */
  readonly resourceName: string | null;
  readonly resourceType: string | null;
  readonly properties: JsonObject;
  readonly context: JsonObject;
}

const permissionName = /^[a-z0-9-]+(?:\.[A-Za-z0-9_-]+)+$/;

/**
 * A request in the terms of IAM: `subject.id` is a mail or `principal://…` (`user:` and `serviceAccount:` may stand before
 * it), `action.name` a permission, `resource.id` a full resource name or one within its service. A text says why it is none.
 */
export function readRequest(request: EvaluationRequest, { aliases }: Estate): GcpRequest | string {
  const { subject, action, resource, context = {} } = request;
  if (!permissionName.test(action.name)) {
    return `“${action.name}” is no permission: a permission is SERVICE.RESOURCE.VERB, such as storage.objects.get.`;
  }
  const properties = resource.properties ?? {};
  const service = textOf(properties['service']) ?? serviceOf(action.name);
  const { name, service: named } = readName(resource.id, service);
  const project = textOf(properties['project']);
  // Conditions see projects by their numbers, which the request may not name.
  const isHierarchy = /^(?:projects|folders|organizations)\/[^/]+$/.test(name);
  return {
    principal: readPrincipal(subject.type, subject.id, subject.properties ?? {}),
    permission: action.name,
    node: canonicalName(resource.id, named ?? service, aliases),
    project:
      project === null
        ? null
        : canonicalName(project.includes('/') ? project : `projects/${project}`, null, aliases),
    service: named ?? service,
    resourceName: textOf(properties['name']) ?? (isHierarchy && name.startsWith('projects/') ? null : name),
    resourceType:
      textOf(properties['type']) ?? (resource.type.includes('googleapis.com/') ? resource.type : null),
    properties,
    context,
  };
}

function readPrincipal(type: string, given: string, properties: JsonObject): Principal {
  const [, prefix, rest] = /^(user|serviceAccount|group):(.+)$/.exec(given) ?? [];
  const id = rest ?? given;
  const groups = properties['groups'];
  return {
    kind: kindOf(prefix ?? type.replaceAll(/[^A-Za-z]/g, ''), id),
    id,
    groups: Array.isArray(groups)
      ? (groups as readonly Json[]).filter((each) => typeof each === 'string')
      : null,
    attributes: isObject(properties['attributes']) ? properties['attributes'] : {},
  };
}

function kindOf(type: string, id: string): Principal['kind'] {
  const word = type.toLowerCase();
  if (id.startsWith('principal://')) return 'federated';
  if (word === 'group') return 'group';
  if (word === 'set') return 'set';
  if (word === 'serviceaccount' || id.endsWith('gserviceaccount.com') || /\.svc\.id\.goog\[/.test(id))
    return 'service-account';
  if (word === 'anonymous' || id === 'allUsers') return 'anonymous';
  return id.includes('@') ? 'user' : 'unknown';
}

export function textOf(value: Json | undefined): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}
