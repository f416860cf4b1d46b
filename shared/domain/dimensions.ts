import type { NormalizedEvent, Principal } from './event.ts';
import type { FormatName } from './format.ts';

/**
 * Events are stored as columns of dictionary ids. A dimension is one such column: a tuple of fields that vary
 * together. An entry of its dictionary is the JSON array of the fields' values in the order given here, each a
 * string or null (`mfa` as "true"/"false"; `resources` as the list of the ids beside the main resource's). Entry 0 of
 * every dictionary is the tuple of nulls.
 */
export const dimensions = {
  format: ['format'],
  operation: ['action', 'operation', 'service', 'class'],
  decision: ['outcome', 'reason.class', 'reason.text', 'reason.policy'],
  subject: ['subject.type', 'subject.id', 'subject.name', 'subject.account'],
  actor: ['actor.type', 'actor.id', 'actor.name', 'actor.account'],
  session: ['session.id', 'session.name', 'session.startedAt', 'session.mfa'],
  credential: ['credential.id', 'credential.type'],
  resource: ['resource.type', 'resource.id', 'resources'],
  ip: ['ip'],
  userAgent: ['userAgent'],
  account: ['account'],
  region: ['region'],
} as const;

export type DimensionName = keyof typeof dimensions;
export const dimensionNames = Object.keys(dimensions) as DimensionName[];

/** A field that lies in a dictionary: filter, facet, group and complete on it. */
export type DictionaryField = (typeof dimensions)[DimensionName][number];

/**
 * Ids of high cardinality: a column holds a 32-bit hash (0 = absent), the value itself is read back from the raw
 * record. Only exact match and existence can be asked.
 */
export const hashedFields = [
  'vendorId',
  'correlation.requestId',
  'correlation.traceId',
  'correlation.spanId',
  'correlation.sessionId',
  'correlation.sharedId',
] as const;
export type HashedField = (typeof hashedFields)[number];

export type FieldName = DictionaryField | HashedField | 'time' | 'id' | 'evidence.path' | 'evidence.sha256';

export type DimensionValue = string | null | readonly string[];
export type DimensionValues = readonly DimensionValue[];

/** The dimension tuples of one event, by dimension. */
export function dimensionValues(
  format: FormatName,
  event: NormalizedEvent,
): Record<DimensionName, DimensionValues> {
  const values = Object.entries(tuples).map(([name, tupleOf]) => [name, tupleOf(event)]);
  return { format: [format], ...Object.fromEntries(values) } as Record<DimensionName, DimensionValues>;
}

/** The dimensions that an event tells; the format is its file's. */
export type EventDimension = Exclude<DimensionName, 'format'>;

/** The entry of a dimension's dictionary that an event is, from the fields of that dimension alone. */
export function dimensionEntry(name: EventDimension, event: NormalizedEvent): string {
  return JSON.stringify(tuples[name](event));
}

/** The tuple of an event in a dimension without lists. */
export function dimensionTuple(
  name: Exclude<EventDimension, 'resource'>,
  event: NormalizedEvent,
): readonly (string | null)[] {
  return tuples[name](event);
}

const tuples = {
  operation: ({ action, operation, service, class: eventClass }: NormalizedEvent) => [
    action,
    operation,
    service,
    eventClass,
  ],
  decision: ({ outcome, reason }: NormalizedEvent) => [
    outcome,
    reason?.class ?? null,
    reason?.text ?? null,
    reason?.policy ?? null,
  ],
  subject: ({ subject }: NormalizedEvent) => principalValues(subject),
  actor: ({ actor }: NormalizedEvent) => principalValues(actor),
  session: ({ session }: NormalizedEvent) =>
    session === null
      ? [null, null, null, null]
      : [session.id, session.name, session.startedAt, session.mfa === null ? null : String(session.mfa)],
  credential: ({ credential }: NormalizedEvent) =>
    credential === null ? [null, null] : [credential.id, credential.type],
  resource: (event: NormalizedEvent) => {
    const further = furtherResources(event);
    return [event.resource?.type ?? null, event.resource?.id ?? null, further.length === 0 ? null : further];
  },
  ip: ({ ip }: NormalizedEvent) => [ip],
  userAgent: ({ userAgent }: NormalizedEvent) => [userAgent],
  account: ({ account }: NormalizedEvent) => [account],
  region: ({ region }: NormalizedEvent) => [region],
} satisfies Readonly<Record<EventDimension, (event: NormalizedEvent) => DimensionValues>>;

/** The ids of an event's resources beside the main one's. */
export function furtherResources({ resource, resources }: NormalizedEvent): readonly string[] {
  // Nearly always the main resource is the only one: no list is made for it.
  if (resources.length === 1 && resources[0]?.id === resource?.id) return noIds;
  const further: string[] = [];
  for (const { id } of resources) if (id !== resource?.id) further.push(id);
  return further;
}

const noIds: readonly string[] = [];

function principalValues(principal: Principal | null): readonly (string | null)[] {
  if (principal === null) return [null, null, null, null];
  return [principal.type, principal.id, principal.name, principal.account];
}

/** The hashed values of one event, in the order of `hashedFields`. */
export function hashedValues(event: NormalizedEvent): readonly (string | null)[] {
  const { requestId, traceId, spanId, sessionId, sharedId } = event.correlation;
  return [event.vendorId, requestId, traceId, spanId, sessionId, sharedId];
}
