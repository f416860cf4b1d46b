import type { RecordShape } from '../../domain/format.ts';
import { isObject, type Json, type JsonObject } from '../../domain/json.ts';
import { boundedText, parseJson } from '../../util/record-fields.ts';
import { searchWithin, shipperKeys } from '../../util/wrapped-record.ts';

/** What a record holds, once the wrappers around it are taken off. */
export type Unwrapped =
  | { readonly kind: 'entry'; readonly entry: JsonObject; readonly entryKind: EntryKind }
  /** Another line of a log: of Cerbos' own server (`isCerbos`), or of what writes beside it. */
  | { readonly kind: 'other'; readonly reason: string; readonly isCerbos: boolean }
  | { readonly kind: 'broken'; readonly reason: string }
  | { readonly kind: 'none' };

export type EntryKind = 'access' | 'decision';

/** The Admin API's stream (`result`), and Cerbos Hub's batches, name what an entry is by its key. */
const innerKeys = ['decisionLogEntry', 'accessLogEntry', ...shipperKeys, 'textPayload', 'value'] as const;

const deepest = 5;
const longestPrefix = 200;

/** Takes off wrappers, at most five deep. */
export function unwrap(record: JsonObject, shape: RecordShape): Unwrapped {
  return search(shape === 'row' ? withNested(record) : record, 0);
}

function search(value: JsonObject, depth: number): Unwrapped {
  const entryKind = kindOf(value);
  if (entryKind !== null) return { kind: 'entry', entry: value, entryKind };
  const found: Unwrapped =
    depth >= deepest
      ? { kind: 'none' }
      : searchWithin({ value, keys: innerKeys, innerOf, expected: 'audit entry' }, (inner) =>
          search(inner, depth + 1),
        );
  return found.kind === 'none' ? otherLine(value) : found;
}

/**
 * Files of the server name the kind; in Kafka, the local store and Cerbos Hub an entry stands alone.
 * A method is `/cerbos.svc.v1.CerbosService/CheckResources`.
 */
function kindOf(value: JsonObject): EntryKind | null {
  const named = value['log.kind'];
  if (value['log.logger'] === 'cerbos.audit' && (named === 'access' || named === 'decision')) return named;
  if (typeof value['callId'] !== 'string' || typeof value['timestamp'] !== 'string') return null;
  if (isObject(value['checkResources']) || isObject(value['planResources'])) return 'decision';
  if (Array.isArray(value['inputs']) && ('outputs' in value || 'error' in value)) return 'decision';
  const { method } = value;
  return typeof method === 'string' && /^\/(?:cerbos|authzen)\.[\w.]+\/\w+$/.test(method) ? 'access' : null;
}

function otherLine(value: JsonObject): Unwrapped {
  const logger = boundedText(value, 'log.logger');
  const message = boundedText(value, 'message') ?? boundedText(value, 'msg');
  if (logger !== null && /^cerbos(?:\.|$)/.test(logger)) {
    return { kind: 'other', isCerbos: true, reason: `Line of Cerbos' own log (${logger}), no audit entry` };
  }
  const level = boundedText(value, 'log.level') ?? boundedText(value, 'level');
  if (message === null && level === null) return { kind: 'none' };
  return { kind: 'other', isCerbos: false, reason: 'Line of another log, no audit entry' };
}

/** The object in a wrapper's value; `broken` for text that looks like an entry and does not parse. */
function innerOf(value: Json | undefined): JsonObject | 'broken' | undefined {
  if (isObject(value)) return value;
  if (typeof value !== 'string') return undefined;
  // Container runtimes put a time, a stream and a flag before the line.
  const start = value.slice(0, longestPrefix).indexOf('{');
  if (start === -1) return undefined;
  const parsed = parseJson(value.slice(start));
  if (isObject(parsed)) return parsed;
  return value.includes('"cerbos.audit"') ? 'broken' : undefined;
}

/** A row as an entry: tables hold nested values as JSON text, and an empty cell is a member that is not there. */
function withNested(row: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(row).flatMap(([key, value]) => {
      if (value === '' || value === undefined) return [];
      const isNested = typeof value === 'string' && /^\s*[[{]/.test(value);
      return [[key, isNested ? (parseJson(value) ?? value) : value] as const];
    }),
  );
}
