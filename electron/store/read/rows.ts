import type { DimensionName } from '#shared/domain/dimensions.ts';
import {
  type Outcome,
  type Principal,
  type PrincipalType,
  type ReasonClass,
  outcomes,
  principalTypes,
  reasonClasses,
} from '#shared/domain/event.ts';
import type { EventRow } from '#shared/ipc/views.ts';
import { eventIdOf } from '#shared/util/event-id.ts';
import { formatInstant } from '#shared/util/instant.ts';
import type { EventTable } from './event-table.ts';

type Tuple = readonly (string | null)[];

/** The event id of a row. */
export function idOf(table: EventTable, row: number): string {
  return eventIdOf((['key0', 'key1', 'key2', 'key3'] as const).map((name) => table.wordAt(name, row)));
}

/** The time of a row with the source's own precision. */
export function timeOf(table: EventTable, row: number): string {
  return formatInstant({
    micros: table.micros[row] as number,
    nanos: table.nanos?.[row] ?? 0,
    digits: table.wordAt('timeDigits', row),
  });
}

/** What the columns hold of a row. */
export function eventRow(table: EventTable, row: number): EventRow {
  const tuple = (name: DimensionName): Tuple => table.dictionary(name).tuple(table.idAt(name, row));
  const [action = null, operation = null, service = null] = tuple('operation');
  const [outcome = null, reasonClass = null, text = null, policy = null] = tuple('decision');
  const [sessionId = null, sessionName = null, startedAt = null, mfa = null] = tuple('session');
  const [credentialId = null, credentialType = null] = tuple('credential');
  const [resourceType = null, resourceId = null] = tuple('resource');
  const only = (name: DimensionName): string | null => tuple(name)[0] ?? null;
  return {
    id: idOf(table, row),
    time: timeOf(table, row),
    format: only('format') ?? '',
    outcome: outcomeOf(outcome),
    reason:
      reasonClass === null && text === null && policy === null
        ? null
        : { class: reasonClassOf(reasonClass), text, policy },
    subject: principalOf(tuple('subject')) ?? { type: 'unknown', id: null, name: null, account: null },
    actor: principalOf(tuple('actor')),
    session:
      sessionId === null && sessionName === null && startedAt === null && mfa === null
        ? null
        : { id: sessionId, name: sessionName, startedAt, mfa: mfa === null ? null : mfa === 'true' },
    credential: credentialId === null ? null : { id: credentialId, type: credentialType ?? '' },
    action,
    operation,
    service,
    resource: resourceId === null ? null : { type: resourceType, id: resourceId },
    ip: only('ip'),
    account: only('account'),
    region: only('region'),
  };
}

/** The principal of a subject's or actor's tuple; null where the event has none. */
export function principalOf([type = null, id = null, name = null, account = null]: Tuple): Principal | null {
  if (type === null) return null;
  const known: PrincipalType = principalTypes.find((candidate) => candidate === type) ?? 'unknown';
  return { type: known, id, name, account };
}

export function outcomeOf(text: string | null): Outcome {
  return outcomes.find((outcome) => outcome === text) ?? 'unknown';
}

function reasonClassOf(text: string | null): ReasonClass | null {
  return reasonClasses.find((reason) => reason === text) ?? null;
}
