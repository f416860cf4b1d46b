import type { Detection, LogFormat, ReadResult, RecordShape } from '../../domain/format.ts';
import { arrayAt, isObject, type JsonObject, objectAt } from '../../domain/json.ts';
import { stableJson } from '../../util/stable-json.ts';
import { checkOf, decisionsOf } from './decisions.ts';
import { readEntry } from './reader.ts';
import { unwrap, type Unwrapped } from './unwrap.ts';

/**
 * Audit logs of Cerbos: access entries (calls of its API) and decision entries, of which one holds the answers to all
 * actions on all resources of a call. Its numbers are doubles from the start: no digits are lost by reading them so.
 * Sources: https://docs.cerbos.dev/cerbos/latest/configuration/audit, `cerbos/audit/v1/audit.proto`.
 */
export const cerbosAudit: LogFormat = {
  name: 'cerbos-audit',
  title: 'Cerbos audit log',
  // Cerbos Hub; CloudWatch subscription and filter-log-events; Cloud Logging; Elasticsearch search.
  containerKeys: ['entries', 'logEvents', 'events', 'hits'],
  detect,
  createReader: () => ({ read }),
  native,
  parts,
  requestKey: (reads) => (entry) => questionKey(entry, reads.includes('now')),
};

function native(record: JsonObject, shape: RecordShape): JsonObject {
  const found = unwrap(record, shape);
  return found.kind === 'entry' ? found.entry : record;
}

/** An entry with one question and its answer alone. */
function parts(entry: JsonObject): (number: number) => JsonObject {
  const decisions = decisionsOf(entry);
  const { inputs: _inputs, outputs: _outputs, checkResources, ...rest } = entry;
  return (number) => {
    const decision = decisions[number];
    if (decision === undefined) return entry;
    const { input, output, action } = decision;
    const effect = objectAt(output, 'actions')?.[action];
    const actions = effect === undefined ? {} : { [action]: effect };
    return {
      ...rest,
      checkResources: {
        ...(isObject(checkResources) ? checkResources : {}),
        inputs: [{ ...input, actions: [action] }],
        outputs: output === undefined ? [] : [{ ...output, actions }],
      },
    };
  };
}

/** Attributes, roles, versions and scopes stand in no column; the id of the request says nothing. */
function questionKey(entry: JsonObject, readsClock: boolean): string {
  const [input] = arrayAt(checkOf(entry), 'inputs');
  if (!isObject(input)) return '';
  const { requestId: _id, ...question } = input;
  return stableJson([question, readsClock ? (entry['timestamp'] ?? null) : null]);
}

function detect(record: JsonObject, shape: RecordShape): Detection {
  return { confidence: confidenceOf(unwrap(record, shape)) };
}

function confidenceOf(found: Unwrapped): number {
  if (found.kind === 'entry') return 1;
  if (found.kind === 'broken') return 0.8;
  // The server's own log may begin with many lines of other loggers.
  return found.kind === 'other' && found.isCerbos ? 0.6 : 0;
}

function read(record: JsonObject, shape: RecordShape): ReadResult {
  const found = unwrap(record, shape);
  if (found.kind === 'entry') return readEntry(found.entry, found.entryKind);
  if (found.kind === 'other') return { kind: 'skip', reason: found.reason };
  const reason =
    found.kind === 'broken'
      ? found.reason
      : "Expected an entry of Cerbos' audit log (callId with inputs or a method), found another record.";
  return { kind: 'problem', reason };
}
