import type { Detection, LogFormat, ReadResult, RecordShape } from '../../domain/format.ts';
import type { JsonObject } from '../../domain/json.ts';
import { DecisionReads, questionKey } from '../../util/opa-decision.ts';
import { readEvent } from './reader.ts';
import { unwrap, type Unwrapped } from './unwrap.ts';

/**
 * Decision logs of Open Policy Agent: bodies of its uploads (arrays, gzip), and lines of its console among others.
 * Source: https://www.openpolicyagent.org/docs/management-decision-logs
 */
export const opaDecisionLog: LogFormat = {
  name: 'opa-decision-log',
  title: 'OPA decision log',
  // CloudWatch subscription and filter-log-events; Cloud Logging; Azure Monitor; Elasticsearch search.
  containerKeys: ['logEvents', 'events', 'entries', 'records', 'hits'],
  exactIntegers: true,
  detect,
  createReader: () => ({ read }),
  native,
  requestKey: (reads) => {
    const known = new DecisionReads(reads);
    return (decision) => questionKey(decision, known);
  },
};

function native(record: JsonObject, shape: RecordShape): JsonObject {
  const found = unwrap(record, shape);
  return found.kind === 'decision' ? found.decision : record;
}

function detect(record: JsonObject, shape: RecordShape): Detection {
  return { confidence: confidenceOf(unwrap(record, shape)) };
}

function confidenceOf(found: Unwrapped): number {
  if (found.kind === 'decision') return 'decision_id' in found.decision ? 1 : 0.9;
  if (found.kind === 'broken') return 0.8;
  // A console may begin with many lines of the server itself.
  return found.kind === 'other' && found.isOpa ? 0.6 : 0;
}

function read(record: JsonObject, shape: RecordShape): ReadResult {
  const found = unwrap(record, shape);
  if (found.kind === 'decision') return readEvent(found.decision, found.wrappers);
  if (found.kind === 'other') return { kind: 'skip', reason: found.reason };
  const reason =
    found.kind === 'broken'
      ? found.reason
      : 'Expected a decision of Open Policy Agent (decision_id with path or query), found another record.';
  return { kind: 'problem', reason };
}
