import { isObject, type Json, type JsonObject } from '../../domain/json.ts';
import { objectOf, parseJson } from '../../util/record-fields.ts';

/** Content that belongs to the services and not to the log: its keys stay as they are. */
const foreign = new Set(['labels', 'request', 'response', 'metadata', 'serviceData']);

/** What BigQuery keeps as JSON text, since its form differs from service to service. */
const jsonFields: Readonly<Record<string, string>> = {
  requestJson: 'request',
  responseJson: 'response',
  metadataJson: 'metadata',
};

/**
 * A row of BigQuery's export or of Log Analytics as a log entry: `protopayload_auditlog` (or `proto_payload.audit_log`)
 * is the payload, names are in snake case, what services add stands as JSON text. Null for anything else.
 * Source: https://cloud.google.com/logging/docs/export/bigquery#audit-logs-schema
 */
export function entryOfColumns(row: JsonObject): JsonObject | null {
  const payload =
    objectOf(row['protopayload_auditlog']) ??
    objectOf(objectOf(row['proto_payload'])?.['audit_log']) ??
    objectOf(row['protoPayload']);
  if (payload === undefined) return null;
  const entry = camelKeys(row, 0) as Record<string, Json | undefined>;
  for (const name of ['protopayloadAuditlog', 'protoPayload']) delete entry[name];
  for (const name of ['resource', 'operation', 'labels']) {
    const nested = objectOf(entry[name]);
    if (nested !== undefined) entry[name] = nested;
  }
  // The names of monitored resources' labels are snake case already.
  return { ...entry, protoPayload: payloadOf(camelKeys(payload, 0)) };
}

function payloadOf(payload: JsonObject): JsonObject {
  const found = Object.create(null) as Record<string, Json | undefined>;
  for (const [key, value] of Object.entries(payload)) {
    const plain = Object.hasOwn(jsonFields, key) ? jsonFields[key] : undefined;
    if (plain !== undefined) {
      if (typeof value === 'string') found[plain] = parseJson(value) ?? value;
    } else if (key.startsWith('servicedata')) {
      // servicedata_v1_iam, servicedata_v1_bigquery
      if (isObject(value)) found['serviceData'] = value;
    } else if (value !== null) found[key] = key in found ? found[key] : value;
  }
  return found;
}

const deepest = 12;

function camelKeys(value: JsonObject, depth: number): JsonObject {
  const found = Object.create(null) as Record<string, Json | undefined>;
  for (const [key, member] of Object.entries(value)) {
    const name = key.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
    found[name] = foreign.has(name) || member === undefined ? member : camelValue(member, depth + 1);
  }
  return found;
}

function camelValue(value: Json, depth: number): Json {
  if (depth > deepest) return value;
  if (Array.isArray(value)) return (value as readonly Json[]).map((item) => camelValue(item, depth));
  return isObject(value) ? camelKeys(value, depth) : value;
}

const longestPath = 16;
const mostItems = 100;

/**
 * A row whose header names paths (`protoPayload.authorizationInfo[0].permission`), as consoles and scripts write them,
 * as the object that it was. Cells with JSON text are parsed; empty ones are not there.
 */
export function unflatten(row: JsonObject): JsonObject {
  const root: Branch = new Map();
  for (const [key, cell] of Object.entries(row)) {
    if (cell === undefined || cell === '' || cell === null) continue;
    const parts = key.replaceAll(/\[(\d+)\]/g, '.$1').split('.');
    if (parts.length > longestPath || parts.some((part) => part === '')) continue;
    place(root, parts, cellValue(cell));
  }
  return Object.fromEntries([...root].map(([key, member]) => [key, jsonOf(member)]));
}

/** Header names come from outside: a map has no prototype. */
type Branch = Map<string, Json | Branch>;

function place(root: Branch, parts: readonly string[], value: Json): void {
  let branch = root;
  for (const part of parts.slice(0, -1)) {
    const next = branch.get(part);
    const inner: Branch = next instanceof Map ? next : new Map();
    branch.set(part, inner);
    branch = inner;
  }
  const last = parts.at(-1) ?? '';
  if (!branch.has(last)) branch.set(last, value);
}

function cellValue(cell: Json): Json {
  if (typeof cell !== 'string') return cell;
  if (cell === 'true' || cell === 'TRUE') return true;
  if (cell === 'false' || cell === 'FALSE') return false;
  return cell.startsWith('{') || cell.startsWith('[') ? (parseJson(cell) ?? cell) : cell;
}

/** Branches whose keys are 0, 1, … are lists. */
function jsonOf(value: Json | Branch): Json {
  if (!(value instanceof Map)) return value;
  const members = [...value].map(([key, member]): [string, Json] => [key, jsonOf(member)]);
  const isList = members.length <= mostItems && members.every(([key], at) => key === String(at));
  return isList ? members.map(([, member]) => member) : Object.fromEntries(members);
}
