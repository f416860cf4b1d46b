import type { AccessEvent } from '#shared/domain/event.ts';
import { type JsonObject, arrayAt, isObject, objectAt, textAt } from '#shared/domain/json.ts';
import type { AttributeSource } from '#shared/domain/trace.ts';
import { Attributes } from './attributes.ts';
import type { Mapping } from './mapping.ts';

const system = 'gcp-iam';

/**
 * The request that IAM judged: the permission of the event and the resource that it was checked on. Groups of the caller
 * and tags are in no log. Of a call that needs several permissions it is the one that was refused, else the main one.
 * Source: https://cloud.google.com/logging/docs/reference/audit/auditlog/rest/Shared.Types/AuditLog
 */
export function mapGcp(event: AccessEvent, record: JsonObject): Mapping {
  const payload = objectAt(record, 'protoPayload');
  if (event.service === 'k8s.io') {
    return unmapped(
      'Requests to a cluster are decided by IAM or by its RBAC, and the log does not say by which.',
    );
  }
  if (event.reason?.class === 'policy' || event.reason?.class === 'dry-run') {
    return unmapped('VPC Service Controls or an organization policy decided, which stand beside IAM.');
  }
  if (event.action === null) return unmapped('The event is no exercise of an IAM permission.');
  if (event.subject.id === null)
    return unmapped('The event names no principal: it was anonymous, or Google left it out.');
  const check = arrayAt(payload, 'authorizationInfo')
    .filter(isObject)
    .find((info) => textAt(info, 'permission') === event.action);
  const attributes = objectAt(check, 'resourceAttributes');
  const id = textAt(check, 'resource') ?? textAt(attributes, 'name') ?? event.resource?.id ?? null;
  if (id === null) return unmapped('The event names no resource.');
  const sources: Record<string, AttributeSource> = {
    'subject.id': 'log',
    'action.name': 'log',
    'resource.id': 'log',
  };
  const properties = new Attributes('resource.properties', sources);
  properties.add('service', textAt(payload, 'serviceName'), 'log');
  properties.add('project', projectOf(event, record, id), 'log');
  return {
    kind: 'mapped',
    system,
    request: {
      subject: { type: typeOf(event), id: event.subject.id },
      action: { name: event.action },
      resource: {
        type: textAt(attributes, 'type') ?? event.resource?.type ?? '',
        id,
        properties: properties.values,
      },
      context: contextOf(event, payload, sources).values,
    },
    knowledge: { complete: false },
    attributes: sources,
  };
}

function typeOf({ subject }: AccessEvent): string {
  const isMail = subject.id?.includes('@') === true;
  return isMail && (subject.type === 'workload' || subject.type === 'service') ? 'serviceAccount' : 'user';
}

/** Where the resource's own name does not tell it (buckets, service accounts by their id). */
function projectOf(event: AccessEvent, record: JsonObject, id: string): string | null {
  if (/^(?:organizations|folders)\//.test(id) || /^projects\/[^_-][^/]*(?:\/|$)/.test(id)) return null;
  const named = textAt(objectAt(objectAt(record, 'resource'), 'labels'), 'project_id');
  return named ?? (event.account?.includes('/') === true ? null : event.account);
}

function contextOf(
  event: AccessEvent,
  payload: JsonObject | undefined,
  sources: Record<string, AttributeSource>,
): Attributes {
  const context = new Attributes('context', sources);
  const request = objectAt(objectAt(payload, 'requestMetadata'), 'requestAttributes');
  context.add('request.time', textAt(request, 'time') ?? event.time, 'log');
  const levels = objectAt(request, 'auth')?.['accessLevels'];
  if (Array.isArray(levels)) context.add('request.auth.access_levels', levels, 'log');
  return context;
}

function unmapped(reason: string): Mapping {
  return { kind: 'unmapped', system, reason };
}
