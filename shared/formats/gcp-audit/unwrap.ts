import type { RecordShape } from '../../domain/format.ts';
import { isObject, type Json, type JsonObject, objectAt } from '../../domain/json.ts';
import { looseBase64Bytes, utf8Text } from '../../util/base64.ts';
import { boundedText, parseJson } from '../../util/record-fields.ts';
import { entryOfColumns, unflatten } from './columns.ts';
import { searchWithin, shipperKeys } from '../../util/wrapped-record.ts';

/** What a record holds, once the wrappers around it are taken off. */
export type Unwrapped =
  | {
      readonly kind: 'entry';
      readonly entry: JsonObject;
      /** The wrappers, outermost first. */
      readonly wrappers: readonly JsonObject[];
    }
  /** An entry of Cloud Logging that is no audit log. */
  | { readonly kind: 'other'; readonly reason: string }
  | { readonly kind: 'broken'; readonly reason: string }
  | { readonly kind: 'none' };

const deepest = 5;
const longestPrefix = 200;

/** Takes off wrappers, at most five deep. */
export function unwrap(record: JsonObject, shape: RecordShape): Unwrapped {
  return search(shape === 'row' ? unflatten(record) : record, []);
}

function search(value: JsonObject, wrappers: readonly JsonObject[]): Unwrapped {
  const entry = entryOf(value);
  if (entry !== null) return { kind: 'entry', entry, wrappers };
  const other = otherReason(value);
  if (other !== null) return { kind: 'other', reason: other };
  if (wrappers.length >= deepest) return { kind: 'none' };
  return searchWithin({ value, keys: shipperKeys, innerOf: innerObject, expected: 'log entry' }, (inner) =>
    search(inner, [...wrappers, value]),
  );
}

/** The entry with the names that the API gives it; null where it is none of Cloud Audit Logs. */
function entryOf(value: JsonObject): JsonObject | null {
  const payload = value['protoPayload'];
  const lower = payload === undefined ? value['protopayload'] : undefined;
  if (isObject(lower) && isAuditLog(lower, value)) return { ...value, protoPayload: lower };
  if (isObject(payload)) return isAuditLog(payload, value) ? value : null;
  if (!('protopayload_auditlog' in value || 'proto_payload' in value || typeof payload === 'string'))
    return null;
  const entry = entryOfColumns(value);
  return entry !== null && isAuditLog(objectAt(entry, 'protoPayload') ?? {}, entry) ? entry : null;
}

const auditType = /\bgoogle\.cloud\.audit\.AuditLog$/;

/** App Engine's request logs and others are protocol buffers too. */
function isAuditLog(payload: JsonObject, entry: JsonObject): boolean {
  const type = payload['@type'] ?? payload['at_sign_type'] ?? payload['type'];
  if (typeof type === 'string' && type.includes('googleapis.com/')) return auditType.test(type);
  const names = [payload['methodName'], payload['serviceName']];
  return (
    names.some((name) => typeof name === 'string') ||
    isObject(payload['authenticationInfo']) ||
    (logNameOf(entry)?.includes('cloudaudit.googleapis.com') ?? false)
  );
}

/** The log's name, also as exporters write the key that do not keep upper case. */
export function logNameOf(entry: JsonObject): string | null {
  return boundedText(entry, 'logName') ?? boundedText(entry, 'logname');
}

/** Other entries that a sink writes beside those of the audit logs. */
function otherReason(value: JsonObject): string | null {
  const log = logNameOf(value);
  if (log === null || !/^(?:projects|folders|organizations|billingAccounts)\/[^/]+\/logs\//.test(log))
    return null;
  // Without its payload it is an audit log that something has taken apart.
  if (log.includes('cloudaudit.googleapis.com')) return null;
  if (!('insertId' in value || 'insertid' in value || 'insert_id' in value)) return null;
  return `Log entry of ${log.slice(log.indexOf('/logs/') + 6).replaceAll('%2F', '/')}, no audit log`;
}

/** The object in a wrapper's value, also base64 as Pub/Sub carries it; `broken` for an entry that does not parse. */
function innerObject(value: Json | undefined): JsonObject | 'broken' | undefined {
  if (isObject(value)) return value;
  if (typeof value !== 'string') return undefined;
  const text = value.startsWith('ey') ? (decoded(value) ?? value) : value;
  const start = text.slice(0, longestPrefix).indexOf('{');
  if (start === -1) return undefined;
  const parsed = parseJson(start === 0 ? text : text.slice(start));
  if (isObject(parsed)) return parsed;
  return text.includes('"protoPayload"') ? 'broken' : undefined;
}

/** `{"` in base64 begins with `ey`. */
function decoded(value: string): string | undefined {
  const bytes = looseBase64Bytes(value.replaceAll('-', '+').replaceAll('_', '/'));
  return bytes && utf8Text(bytes);
}
