import type { RecordShape } from '../../domain/format.ts';
import { isObject, type Json, type JsonObject } from '../../domain/json.ts';
import { parseExactJson } from '../../util/exact-json.ts';
import { boundedText } from '../../util/record-fields.ts';
import { searchWithin, shipperKeys } from '../../util/wrapped-record.ts';

/** What a record holds, once the wrappers that log shippers put around it are taken off. */
export type Unwrapped =
  | {
      readonly kind: 'decision';
      readonly decision: JsonObject;
      /** The wrappers, outermost first. */
      readonly wrappers: readonly JsonObject[];
    }
  /** Another line of a log: of OPA's own server (`isOpa`), or of what writes beside it. */
  | { readonly kind: 'other'; readonly reason: string; readonly isOpa: boolean }
  | { readonly kind: 'broken'; readonly reason: string }
  | { readonly kind: 'none' };

/** Keys under which shippers put the line, beside those that all formats know. */
const innerKeys = [
  ...shipperKeys,
  'textPayload', // Cloud Logging
  'LogEntry', // Azure Container Insights
  'LogMessage',
  'opa',
] as const;

const deepest = 5;
const longestPrefix = 200;
const decisionType = 'openpolicyagent.org/decision_logs';

/** Takes off wrappers, at most five deep. */
export function unwrap(record: JsonObject, shape: RecordShape): Unwrapped {
  return search(shape === 'row' ? withNested(record) : record, []);
}

function search(value: JsonObject, wrappers: readonly JsonObject[]): Unwrapped {
  if (isDecision(value)) return { kind: 'decision', decision: value, wrappers };
  const found: Unwrapped =
    wrappers.length >= deepest
      ? { kind: 'none' }
      : searchWithin({ value, keys: innerKeys, innerOf, expected: 'decision' }, (inner) =>
          search(inner, [...wrappers, value]),
        );
  return found.kind === 'none' ? otherLine(value) : found;
}

/**
 * An event of a decision log. OPA's answers to its callers carry a `decision_id` and a `result` too, and are none:
 * they have neither labels nor a time. The debug line “Returning policy decision.” writes `decision-id`.
 * Source: https://www.openpolicyagent.org/docs/management-decision-logs
 */
function isDecision(value: JsonObject): boolean {
  if (value['type'] === decisionType || value['msg'] === 'Decision Log') return !('decision-id' in value);
  const isAsked = 'path' in value || 'query' in value || 'input' in value;
  const isAnswered = 'result' in value || 'error' in value || 'path' in value;
  if (!isAsked || !isAnswered) return false;
  if (typeof value['decision_id'] === 'string') return 'labels' in value || 'timestamp' in value;
  // Programs that embed OPA may leave the id out.
  const { labels } = value;
  return isObject(labels) && typeof labels['id'] === 'string' && 'version' in labels && 'timestamp' in value;
}

/** Messages of OPA's server, without the values in them. */
const serverMessage =
  /^(?:Received request|Sent response|Returning policy decision|Executing policy query|Initializing server|Server initialized|Server shutdown|Shutting down|Starting (?:bundle|decision|status|discovery|gRPC)|Bundle (?:loaded|download|load|activat)|Logs? (?:uploaded|dropped|upload)|Status (?:Log|update)|Download (?:complete|starting|in progress)|Plugin |Termination signal|Processed file watch|OPA is (?:up to date|running)|Decision log|no content-type header)/i;

/** Another line of a log: an object with a message, or with a level. */
function otherLine(value: JsonObject): Unwrapped {
  const message = boundedText(value, 'msg') ?? boundedText(value, 'message');
  const level = boundedText(value, 'level') ?? boundedText(value, 'severity');
  if (message === null && level === null) return { kind: 'none' };
  const known = serverMessage.exec(message ?? '')?.[0];
  const isOpa =
    level !== null &&
    (known !== undefined || boundedText(value, 'type')?.startsWith('openpolicyagent.org/') === true);
  const what = known === undefined ? '' : ` (“${known.toLowerCase()} …”)`;
  return {
    kind: 'other',
    isOpa,
    reason: isOpa ? `Line of OPA's own log, no decision${what}` : 'Line of another log, no decision',
  };
}

/** The object in a wrapper's value; `broken` for text that looks like a decision and does not parse. */
function innerOf(value: Json | undefined): JsonObject | 'broken' | undefined {
  if (isObject(value)) return value;
  if (typeof value !== 'string') return undefined;
  // Container runtimes put a time, a stream and a flag before the line.
  const start = value.slice(0, longestPrefix).indexOf('{');
  if (start === -1) return undefined;
  const parsed = parsedOf(value.slice(start));
  if (isObject(parsed)) return parsed;
  return value.includes('"decision_id"') ? 'broken' : undefined;
}

const nestedColumns = new Set([
  'labels',
  'bundles',
  'input',
  'result',
  'mapped_result',
  'error',
  'erased',
  'masked',
  'metrics',
  'nd_builtin_cache',
  'request_context',
]);

/** A row as a decision: tables hold nested values as JSON text, and nothing in a cell is a member that is not there. */
function withNested(row: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(row).flatMap(([key, value]) => {
      if (value === '' || value === undefined) return [];
      const isNested = typeof value === 'string' && nestedColumns.has(key);
      return [[key, isNested ? (parsedOf(value) ?? value) : value] as const];
    }),
  );
}

function parsedOf(text: string): Json | undefined {
  try {
    return parseExactJson(text);
  } catch {
    return undefined;
  }
}
