import { noCorrelation, type NormalizedEvent } from '../../domain/event.ts';
import type { ReadResult } from '../../domain/format.ts';
import { arrayAt, type Json, type JsonObject, objectAt } from '../../domain/json.ts';
import { formatInstant, type Instant, parseInstant } from '../../util/instant.ts';
import { decisionPath, hiddenParts, knownPart } from '../../util/opa-decision.ts';
import { bounded, boundedText } from '../../util/record-fields.ts';
import { readDecision } from './decision.ts';
import { objectIn, textIn } from './field.ts';
import { readIdentity } from './principal.ts';
import { readTarget } from './target.ts';

/** Reads a decision that was taken out of its wrappers. */
export function readEvent(decision: JsonObject, wrappers: readonly JsonObject[]): ReadResult {
  const instant = instantOf(decision, wrappers);
  if (instant === null) {
    return { kind: 'problem', reason: 'Expected the time of the decision in "timestamp", found none.' };
  }
  return { kind: 'event', event: eventOf(decision, instant) };
}

function eventOf(decision: JsonObject, instant: Instant): NormalizedEvent {
  const hidden = hiddenParts(decision);
  const input = knownPart(decision, hidden, 'input');
  const { subject, actor } = readIdentity(input);
  const { action, resource } = readTarget(input);
  const path = decisionPath(decision);
  return {
    vendorId: boundedText(decision, 'decision_id'),
    time: formatInstant(instant),
    class: 'API Activity',
    subject,
    actor,
    session: null,
    credential: null,
    action,
    operation: path === null ? boundedText(decision, 'query') : bounded(path.join('/')),
    service: 'opa',
    resource,
    resources: resource === null ? [] : [resource],
    ...readDecision(decision, path, hidden),
    ip: envoySource(input) ?? withoutPort(boundedText(decision, 'requested_by')),
    userAgent: userAgentOf(decision, input),
    account: textIn(decision, 'labels', 'app'),
    region: textIn(decision, 'labels', 'region'),
    correlation: {
      ...noCorrelation,
      // The id of Envoy's request joins with its access log; that of an admission review with the API server's.
      requestId:
        textIn(input, 'attributes', 'request', 'http', 'headers', 'x-request-id') ??
        (objectIn(input, 'request', 'userInfo') === undefined ? null : textIn(input, 'request', 'uid')) ??
        boundedText(decision, 'req_id'),
      traceId: boundedText(decision, 'trace_id'),
      spanId: boundedText(decision, 'span_id'),
      sharedId: boundedText(decision, 'batch_decision_id'),
    },
  };
}

/** OPA writes UTC with nanoseconds; the time of the console's line has seconds, and the shippers' come last. */
function instantOf(decision: JsonObject, wrappers: readonly JsonObject[]): Instant | null {
  const candidates: (Json | undefined)[] = [
    decision['timestamp'],
    decision['time'],
    ...wrappers.toReversed().flatMap((each) => [each['@timestamp'], each['time'], each['timestamp']]),
  ];
  for (const candidate of candidates) {
    const instant = typeof candidate === 'string' && candidate.length <= 64 ? parseInstant(candidate) : null;
    if (instant !== null) return instant;
  }
  return null;
}

function envoySource(input: Json | undefined): string | null {
  return textIn(input, 'attributes', 'source', 'address', 'socketAddress', 'address');
}

/** `[::1]:59943`, `192.0.2.1:59943`: the address of who asked OPA. Anything else stays as it is. */
function withoutPort(address: string | null): string | null {
  return /^\[([^\]]+)\]:\d+$/.exec(address ?? '')?.[1] ?? /^([^:]+):\d+$/.exec(address ?? '')?.[1] ?? address;
}

function userAgentOf(decision: JsonObject, input: Json | undefined): string | null {
  const logged = objectAt(objectAt(objectAt(decision, 'request_context'), 'http'), 'headers');
  const [name] = Object.keys(logged ?? {}).filter((key) => key.toLowerCase() === 'user-agent');
  const [first] = name === undefined ? [] : arrayAt(logged, name);
  return bounded(first) ?? textIn(input, 'attributes', 'request', 'http', 'headers', 'user-agent');
}
