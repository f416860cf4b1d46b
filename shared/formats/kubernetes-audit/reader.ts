import { noCorrelation, type NormalizedEvent } from '../../domain/event.ts';
import type { ReadResult } from '../../domain/format.ts';
import { objectAt, type Json, type JsonObject } from '../../domain/json.ts';
import { readDecision } from './decision.ts';
import { readIdentity } from './principal.ts';
import { readResource } from './resource.ts';
import { foundText } from '../../util/found-text.ts';
import { boundedText, firstText, objectOf } from './text.ts';
import { eventTime } from './time.ts';

/** The permission's system: RBAC's verbs are the actions, so they need no prefix. */
const service = 'kubernetes';
const apiActivity = 'API Activity';

/** What the wrappers tell about the place of the cluster. */
interface Place {
  readonly account: string | null;
  readonly region: string | null;
  readonly cluster: string | null;
}

/** Reads an event of audit.k8s.io (v1, v1beta1, v1alpha1) that was taken out of its wrappers. */
export function readAuditEvent(event: JsonObject, wrappers: readonly JsonObject[]): ReadResult {
  const time = eventTime(event, shippedTimes(wrappers));
  if (time === null) {
    return {
      kind: 'problem',
      reason: `Expected a time in requestReceivedTimestamp, stageTimestamp or timestamp of the audit event, found ${foundText(event['requestReceivedTimestamp'] ?? event['stageTimestamp'] ?? event['timestamp'])}.`,
    };
  }
  const place = readPlace(wrappers);
  const identity = readIdentity(event, place.cluster);
  const resource = readResource(objectOf(event['objectRef']), boundedText(event, 'requestURI'));
  const auditId = boundedText(event, 'auditID');
  const verb = boundedText(event, 'verb');
  return {
    kind: 'event',
    event: {
      vendorId: vendorId(auditId, boundedText(event, 'stage')),
      time,
      class: apiActivity,
      ...identity,
      action: verb,
      operation: verb,
      service,
      resource,
      resources: resource === null ? [] : [resource],
      ...readDecision(event),
      // The first is the address that the client claims (X-Forwarded-For), the last the proxy.
      ip: firstText(event['sourceIPs']),
      userAgent: boundedText(event, 'userAgent'),
      account: place.account,
      region: place.region,
      correlation: { ...noCorrelation, requestId: auditId },
    } satisfies NormalizedEvent,
  };
}

/** All stages of a request share its audit id, so the stage belongs to the event's identity. */
function vendorId(auditId: string | null, stage: string | null): string | null {
  if (auditId === null) return null;
  return stage === null ? auditId : `${auditId}/${stage}`;
}

function shippedTimes(wrappers: readonly JsonObject[]): readonly Json[] {
  const times: Json[] = [];
  for (const wrapper of wrappers.toReversed()) {
    for (const key of ['time', '@timestamp', 'timestamp', 'TimeGenerated', 'TimeGenerated [UTC]']) {
      const value = wrapper[key];
      if (value !== undefined) times.push(value);
    }
  }
  return times;
}

const azureCluster = /\/subscriptions\/([^/]+)\/.*\/managedclusters\/([^/]+)/i;
const eksLogGroup = /\/aws\/eks\/([^/]+)\/cluster/;

function readPlace(wrappers: readonly JsonObject[]): Place {
  for (const wrapper of wrappers) {
    const resourceId =
      boundedText(wrapper, 'resourceId') ??
      boundedText(wrapper, '_ResourceId') ??
      boundedText(wrapper, 'ResourceId');
    const azure = resourceId === null ? null : azureCluster.exec(resourceId);
    if (azure !== null) {
      return {
        account: azure[1]?.toLowerCase() ?? null,
        region: boundedText(wrapper, 'location'),
        cluster: azure[2]?.toLowerCase() ?? null,
      };
    }
    const group =
      boundedText(wrapper, 'logGroup') ??
      boundedText(wrapper, '@log') ??
      boundedText(wrapper, 'logGroupName');
    const eks = group === null ? null : eksLogGroup.exec(group);
    if (group !== null && eks !== null) {
      // Logs Insights writes `@log` as `ACCOUNT:GROUP`.
      const account = boundedText(wrapper, 'owner') ?? /^(\d{12}):/.exec(group)?.[1] ?? null;
      return { account, region: boundedText(wrapper, 'awsRegion'), cluster: eks[1] ?? null };
    }
    const name = boundedText(objectAt(objectAt(wrapper, 'orchestrator'), 'cluster'), 'name');
    if (name !== null) return { account: null, region: null, cluster: name };
  }
  return { account: null, region: null, cluster: null };
}
