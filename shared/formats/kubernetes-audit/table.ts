import type { Json, JsonObject } from '../../domain/json.ts';
import { parseJson } from './text.ts';

/** Fields of an audit event by their column names in tables, in lower case. */
const columns: ReadonlyMap<string, string> = new Map([
  ['apiversion', 'apiVersion'],
  ['kind', 'kind'],
  ['level', 'level'],
  ['auditid', 'auditID'],
  ['stage', 'stage'],
  ['requesturi', 'requestURI'],
  ['verb', 'verb'],
  ['user', 'user'],
  ['impersonateduser', 'impersonatedUser'],
  ['sourceips', 'sourceIPs'],
  ['useragent', 'userAgent'],
  ['objectref', 'objectRef'],
  ['responsestatus', 'responseStatus'],
  ['annotations', 'annotations'],
  ['requestreceivedtimestamp', 'requestReceivedTimestamp'],
  ['stagetimestamp', 'stageTimestamp'],
  // Names of the resource-specific tables of Azure Monitor (AKSAudit, AKSAuditAdmin).
  ['requestreceivedtime', 'requestReceivedTimestamp'],
  ['stagereceivedtime', 'stageTimestamp'],
]);

/**
 * A row (or an object with column names, as Azure Monitor's AKSAudit exports) as an audit event: names in the API's
 * case, nested values parsed from their JSON text. Null where the columns are not those of an audit event.
 */
export function eventOfColumns(record: JsonObject): JsonObject | null {
  const event: Record<string, Json> = {};
  for (const [key, value] of Object.entries(record)) {
    const name = columns.get(key.toLowerCase().replaceAll('_', ''));
    if (name !== undefined && value !== undefined && value !== '') event[name] = nested(value);
  }
  const complete = 'auditID' in event && ('verb' in event || 'requestURI' in event) && 'stage' in event;
  return complete ? event : null;
}

function nested(value: Json): Json {
  if (typeof value !== 'string') return value;
  const first = value[0];
  return first === '{' || first === '[' ? (parseJson(value) ?? value) : value;
}
