import { noCorrelation, type NormalizedEvent } from '../../domain/event.ts';
import type { ReadResult } from '../../domain/format.ts';
import { objectAt, type JsonObject } from '../../domain/json.ts';
import { readGkeDecision } from './decision.ts';
import { readGkeIdentity } from './principal.ts';
import { readResourceName } from './resource.ts';
import { boundedText } from './text.ts';
import { firstTime } from './time.ts';

const verbs = new Set([
  'get',
  'list',
  'watch',
  'create',
  'update',
  'patch',
  'delete',
  'deletecollection',
  'impersonate',
  'bind',
  'escalate',
  'approve',
  'sign',
  'use',
  'post',
  'put',
  'head',
  'options',
]);

/**
 * Reads an entry that a GKE cluster's API server wrote to Cloud Audit Logs. The method
 * (`io.k8s.core.v1.pods.exec.create`) ends in the verb; the decision stands in a label.
 * Source: https://cloud.google.com/kubernetes-engine/docs/how-to/audit-logging
 */
export function readGkeEntry(entry: JsonObject): ReadResult {
  const payload = objectAt(entry, 'protoPayload') ?? {};
  const time = firstTime([entry['timestamp'], payload['timestamp'], entry['receiveTimestamp']]);
  if (time === null) {
    return { kind: 'problem', reason: 'Expected the time of the log entry in "timestamp", found none.' };
  }
  const labels = objectAt(objectAt(entry, 'resource'), 'labels');
  const request = objectAt(payload, 'requestMetadata');
  const method = boundedText(payload, 'methodName');
  const verb = method?.slice(method.lastIndexOf('.') + 1) ?? null;
  const resource = readResourceName(boundedText(payload, 'resourceName'));
  return {
    kind: 'event',
    event: {
      vendorId: vendorId(entry),
      time,
      class: 'API Activity',
      ...readGkeIdentity(payload, boundedText(labels, 'cluster_name')),
      action: verb !== null && verbs.has(verb) ? verb : null,
      operation: method,
      service: 'kubernetes',
      resource,
      resources: resource === null ? [] : [resource],
      ...readGkeDecision(entry, payload),
      ip: boundedText(request, 'callerIp') ?? boundedText(request, 'callerIP'),
      userAgent: boundedText(request, 'callerSuppliedUserAgent'),
      account: boundedText(labels, 'project_id'),
      region: boundedText(labels, 'location'),
      correlation: { ...noCorrelation, requestId: boundedText(objectAt(entry, 'operation'), 'id') },
    } satisfies NormalizedEvent,
  };
}

/** Cloud Logging identifies an entry by its insert id, time and log name together. */
function vendorId(entry: JsonObject): string | null {
  const insertId = boundedText(entry, 'insertId') ?? boundedText(entry, 'insertid');
  if (insertId === null) return null;
  const log = boundedText(entry, 'logName') ?? boundedText(entry, 'logname') ?? '';
  return `${insertId}/${boundedText(entry, 'timestamp') ?? ''}/${log}`;
}
