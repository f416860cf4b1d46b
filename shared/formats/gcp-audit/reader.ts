import { noCorrelation, type NormalizedEvent } from '../../domain/event.ts';
import type { ReadResult } from '../../domain/format.ts';
import { type JsonObject, objectAt } from '../../domain/json.ts';
import { formatInstant, type Instant } from '../../util/instant.ts';
import { boundedText } from '../../util/record-fields.ts';
import { readAction, readDecision } from './decision.ts';
import { readIdentity } from './principal.ts';
import { readAccount, readRegion, readResources } from './resource.ts';
import { eventInstant, microseconds } from './time.ts';
import { logNameOf } from './unwrap.ts';

/** Reads an entry of Cloud Audit Logs that was taken out of its wrappers. */
export function readEntry(entry: JsonObject, wrappers: readonly JsonObject[]): ReadResult {
  const instant = eventInstant(entry, wrappers);
  if (instant === null) {
    return { kind: 'problem', reason: 'Expected the time of the log entry in "timestamp", found none.' };
  }
  return { kind: 'event', event: eventOf(entry, instant) };
}

function eventOf(entry: JsonObject, instant: Instant): NormalizedEvent {
  const payload = objectAt(entry, 'protoPayload') ?? {};
  const logName = logNameOf(entry);
  const request = objectAt(payload, 'requestMetadata');
  const identity = readIdentity(payload);
  const { outcome, reason } = readDecision(entry, payload, logName);
  const resources = readResources(entry, payload);
  return {
    vendorId: vendorId(entry, instant, logName),
    time: formatInstant(instant),
    class: 'API Activity',
    subject: identity.subject,
    actor: identity.actor,
    session: null,
    credential: identity.credential,
    action: readAction(payload, outcome),
    operation: boundedText(payload, 'methodName'),
    service: boundedText(payload, 'serviceName')?.replace(/\.googleapis\.com$/, '') ?? null,
    resource: resources[0] ?? null,
    resources,
    outcome,
    reason,
    // Not always an address: `private`, `gce-internal-ip`.
    ip: boundedText(request, 'callerIp') ?? boundedText(request, 'callerIP'),
    userAgent: boundedText(request, 'callerSuppliedUserAgent'),
    account: readAccount(entry, logName),
    region: readRegion(entry, payload),
    correlation: {
      ...noCorrelation,
      requestId: boundedText(objectAt(entry, 'operation'), 'id'),
      traceId: boundedText(entry, 'trace')?.replace(/^.*\/traces\//, '') ?? null,
      spanId: boundedText(entry, 'spanId'),
      sharedId: boundedText(objectAt(payload, 'metadata'), 'vpcServiceControlsUniqueId'),
    },
  };
}

/** Cloud Logging takes entries of one log with the same insert id and time for copies of one. */
function vendorId(entry: JsonObject, instant: Instant, logName: string | null): string | null {
  const insertId = boundedText(entry, 'insertId') ?? boundedText(entry, 'insertid');
  if (insertId === null) return null;
  return `${insertId}/${microseconds(instant)}/${(logName ?? '').replaceAll('%2F', '/')}`;
}
