import { noCorrelation, type NormalizedEvent, type Outcome, type Principal } from '../../domain/event.ts';
import type { ReadResult } from '../../domain/format.ts';
import { arrayAt, type JsonObject, objectAt } from '../../domain/json.ts';
import { formatInstant, parseInstant } from '../../util/instant.ts';
import { bounded, boundedText } from '../../util/record-fields.ts';
import { checkOf, type Decision, decisionsOf, recordedOf } from './decisions.ts';
import type { EntryKind } from './unwrap.ts';

const nobody: Principal = { type: 'unknown', id: null, name: null, account: null };

/** Reads an entry that was taken out of its wrappers. */
export function readEntry(entry: JsonObject, kind: EntryKind): ReadResult {
  const instant = parseInstant((boundedText(entry, 'timestamp') ?? '').slice(0, 64));
  if (instant === null) {
    return { kind: 'problem', reason: 'Expected the time of the entry in "timestamp", found none.' };
  }
  const common = commonOf(entry, formatInstant(instant));
  if (kind === 'access') return { kind: 'event', event: accessEvent(entry, common) };
  const plan = objectAt(entry, 'planResources');
  if (plan !== undefined) return { kind: 'event', event: planEvent(plan, common) };
  const error = boundedText(checkOf(entry), 'error') ?? boundedText(entry, 'error');
  const decisions = decisionsOf(entry);
  // The call failed before anything was asked, or the entry was too large to be logged whole.
  if (decisions.length === 0) return { kind: 'event', event: undecided(entry, common, error) };
  return { kind: 'events', events: decisions.map((decision) => decisionEvent(decision, common, error)) };
}

/** What all events of an entry have. */
function commonOf(entry: JsonObject, time: string): NormalizedEvent {
  const peer = objectAt(entry, 'peer');
  const [, traceId = null, spanId = null] =
    /^[\da-f]{2}-([\da-f]{32})-([\da-f]{16})-[\da-f]{2}/.exec(metadata(entry, 'traceparent') ?? '') ?? [];
  return {
    vendorId: boundedText(entry, 'callId'),
    time,
    class: 'API Activity',
    subject: nobody,
    actor: null,
    session: null,
    credential: null,
    action: null,
    operation: 'CheckResources',
    service: 'cerbos',
    resource: null,
    resources: [],
    outcome: 'unknown',
    reason: null,
    ip: withoutPort(boundedText(peer, 'address')),
    userAgent: boundedText(peer, 'userAgent'),
    account: null,
    region: null,
    correlation: { ...noCorrelation, traceId, spanId, sharedId: boundedText(entry, 'callId') },
  };
}

/** The first value of a key of the call's metadata (W3C Trace Context among them, where it is logged). */
function metadata(entry: JsonObject, key: string): string | null {
  const [first] = arrayAt(objectAt(objectAt(entry, 'metadata'), key), 'values');
  return bounded(first);
}

function partId({ vendorId }: NormalizedEvent, part: string): string | null {
  return vendorId === null ? null : `${vendorId}/${part}`;
}

function principalOf(input: JsonObject | undefined): Principal {
  const id = boundedText(objectAt(input, 'principal'), 'id');
  if (id === null) return nobody;
  return { type: id.startsWith('spiffe://') ? 'workload' : 'user', id, name: id, account: null };
}

function withRequestId(
  common: NormalizedEvent,
  input: JsonObject | undefined,
): NormalizedEvent['correlation'] {
  return { ...common.correlation, requestId: boundedText(input, 'requestId') };
}

function decisionEvent(decision: Decision, common: NormalizedEvent, error: string | null): NormalizedEvent {
  const { at, input, action } = decision;
  const asked = objectAt(input, 'resource');
  const id = boundedText(asked, 'id');
  const resource = id === null ? null : { type: boundedText(asked, 'kind'), id };
  return {
    ...common,
    vendorId: partId(common, `${at}/${action}`),
    subject: principalOf(input),
    action: bounded(action),
    resource,
    resources: resource === null ? [] : [resource],
    ...recordedOf(decision, error),
    correlation: withRequestId(common, input),
  };
}

/** A plan is a filter for a query: who may do what with which resource is not decided by it. */
function planEvent(plan: JsonObject, common: NormalizedEvent): NormalizedEvent {
  const input = objectAt(plan, 'input');
  const error = boundedText(plan, 'error');
  const kind = boundedText(objectAt(objectAt(plan, 'output'), 'filter'), 'kind');
  const text = error ?? kind;
  const actions = arrayAt(input, 'actions').filter((action) => typeof action === 'string');
  const resource = objectAt(input, 'resource');
  const asked = boundedText(resource, 'kind');
  const found = asked === null ? null : { type: asked, id: '*' };
  return {
    ...common,
    vendorId: partId(common, 'plan'),
    subject: principalOf(input),
    action: boundedText(input, 'action') ?? bounded(actions.join(',')),
    operation: 'PlanResources',
    resource: found,
    resources: found === null ? [] : [found],
    outcome: error === null ? 'unknown' : 'error',
    reason: text === null ? null : { class: null, text, policy: null },
    correlation: withRequestId(common, input),
  };
}

function undecided(entry: JsonObject, common: NormalizedEvent, error: string | null): NormalizedEvent {
  const text =
    error ?? (entry['oversized'] === true ? 'oversized: the entry was logged without content' : null);
  return {
    ...common,
    vendorId: partId(common, 'check'),
    outcome: error === null ? 'unknown' : 'error',
    reason: text === null ? null : { class: null, text, policy: null },
  };
}

/** Codes of gRPC that say something of who calls; https://grpc.io/docs/guides/status-codes/ */
const refusals: Readonly<Record<number, NonNullable<NormalizedEvent['reason']>['class']>> = {
  7: 'unspecified', // PERMISSION_DENIED
  16: 'authentication', // UNAUTHENTICATED
};

/** A call of Cerbos' own API: that it succeeded says nothing of what was decided in it. */
function accessEvent(entry: JsonObject, common: NormalizedEvent): NormalizedEvent {
  const code = Number(entry['statusCode'] ?? 0);
  const refused = refusals[code];
  const outcome: Outcome = code === 0 ? 'unknown' : refused === undefined ? 'error' : 'deny';
  return {
    ...common,
    vendorId: partId(common, 'access'),
    operation: boundedText(entry, 'method'),
    outcome,
    reason: code === 0 ? null : { class: refused ?? null, text: `gRPC status ${code}`, policy: null },
  };
}

/** `[::1]:59943`, `192.0.2.1:59943`: the address of who asked Cerbos. Anything else stays as it is. */
function withoutPort(address: string | null): string | null {
  return /^\[([^\]]+)\]:\d+$/.exec(address ?? '')?.[1] ?? /^([^:]+):\d+$/.exec(address ?? '')?.[1] ?? address;
}
