import { type FieldName, dimensions, hashedFields } from '../domain/dimensions.ts';
import { outcomes, principalTypes, reasonClasses } from '../domain/event.ts';

/**
 * `text`: patterns and ranges in text order. `choice`: a closed list. `address`: also networks and ranges of addresses.
 * `time`: spans and ranges. `exact`: whole value and existence only, since the store holds a hash of it.
 * `id`: one event.
 */
export type FieldKind = 'text' | 'choice' | 'address' | 'time' | 'exact' | 'id';

export interface QueryField {
  readonly name: FieldName;
  readonly kind: FieldKind;
  readonly description: string;
  /** All values of a `choice`. */
  readonly values?: readonly string[];
}

function field(
  name: FieldName,
  kind: FieldKind,
  description: string,
  values?: readonly string[],
): QueryField {
  return values === undefined ? { name, kind, description } : { name, kind, description, values };
}

const principal = principalTypes;

/** Every field that can be asked for, in the order in which completion offers them. */
export const queryFields: readonly QueryField[] = [
  field('outcome', 'choice', 'What became of the request', outcomes),
  field('subject.id', 'text', 'Durable identity that acted'),
  field('subject.name', 'text', 'Name of the identity'),
  field('subject.type', 'choice', 'Kind of identity', principal),
  field('subject.account', 'text', 'Account the identity belongs to'),
  field('action', 'text', 'Permission that was exercised, e.g. s3:GetObject'),
  field('operation', 'text', 'Operation as the log names it'),
  field('service', 'text', 'Service that was called'),
  field('class', 'text', 'OCSF class of the event'),
  field('resource.id', 'text', 'Main resource'),
  field('resource.type', 'text', 'Type of the main resource'),
  field('resources', 'text', 'Id of any resource of the request'),
  field('reason.class', 'choice', 'Why the outcome fell, in normal form', reasonClasses),
  field('reason.text', 'text', 'Why the outcome fell, in the words of the log'),
  field('reason.policy', 'text', 'Policy or rule that the log names'),
  field('actor.id', 'text', 'Who is behind the subject'),
  field('actor.name', 'text', 'Name of who is behind the subject'),
  field('actor.type', 'choice', 'Kind of identity behind the subject', principal),
  field('actor.account', 'text', 'Account of who is behind the subject'),
  field('session.id', 'text', 'Temporary identity'),
  field('session.name', 'text', 'Name given to the session'),
  field('session.startedAt', 'time', 'Start of the session'),
  field('session.mfa', 'choice', 'Whether the session used MFA', ['true', 'false']),
  field('credential.id', 'text', 'Key, token or certificate that was used'),
  field('credential.type', 'text', 'Kind of credential'),
  field('ip', 'address', 'Source address; also networks such as 10.0.0.0/8'),
  field('userAgent', 'text', 'Client software'),
  field('account', 'text', 'Account in whose log the event lies'),
  field('region', 'text', 'Region'),
  field('format', 'text', 'Log format'),
  field('time', 'time', 'Time of the event, UTC'),
  field('id', 'id', 'Event id'),
  field('vendorId', 'exact', "The vendor's event id"),
  field('correlation.requestId', 'exact', 'Request id'),
  field('correlation.traceId', 'exact', 'Trace id'),
  field('correlation.spanId', 'exact', 'Span id'),
  field('correlation.sessionId', 'exact', 'Session id for correlation'),
  field('correlation.sharedId', 'exact', 'Id shared by related events'),
  field('evidence.path', 'text', 'File the event came from'),
  field('evidence.sha256', 'text', 'Hash of the file the event came from'),
];

const byName = new Map<string, QueryField>(queryFields.map((entry) => [entry.name, entry]));

export function fieldNamed(name: string): QueryField | undefined {
  return byName.get(name);
}

/** The dictionary fields and the dimension of each. */
export const dictionaryFields = Object.values(dimensions).flat();

export function isHashedField(name: FieldName): name is (typeof hashedFields)[number] {
  return hashedFields.some((field) => field === name);
}

/** The word among `known` that `word` most likely stands for: same letters in another case, a part, or a slip or two. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  const wanted = word.toLowerCase();
  const limit = Math.max(1, Math.floor(wanted.length / 3));
  const start = wanted.slice(0, 3);
  let best: { readonly name: string; readonly distance: number } | undefined;
  for (const name of known) {
    const candidate = name.toLowerCase();
    const isPart = wanted.length >= 2 && candidate.split('.').includes(wanted);
    const likeness = Math.min(editDistance(wanted, candidate), candidate.startsWith(start) ? limit : 64);
    const distance = candidate === wanted ? 0 : isPart ? 0.5 : likeness;
    if (distance <= limit && distance < (best?.distance ?? Number.POSITIVE_INFINITY))
      best = { name, distance };
  }
  return best?.name;
}

/** Insertions, deletions and replacements between two short words (Wagner and Fischer, 1974). */
function editDistance(first: string, second: string): number {
  if (Math.max(first.length, second.length) > 64) return Number.POSITIVE_INFINITY;
  let previous = Array.from({ length: second.length + 1 }, (_, index) => index);
  for (let row = 1; row <= first.length; row++) {
    const current = [row];
    for (let column = 1; column <= second.length; column++) {
      const replaced = (previous[column - 1] ?? 0) + (first[row - 1] === second[column - 1] ? 0 : 1);
      current.push(Math.min(replaced, (previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1));
    }
    previous = current;
  }
  return previous[second.length] ?? 0;
}
