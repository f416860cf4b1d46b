import type { Detection, LogFormat, ReadResult, RecordShape } from '../../domain/format.ts';
import { isObject, type JsonObject, objectAt } from '../../domain/json.ts';
import { lineage } from './lineage.ts';
import { readEntry } from './reader.ts';
import { unwrap, type Unwrapped } from './unwrap.ts';

/**
 * Google Cloud audit logs (Admin Activity, Data Access, System Event, Policy Denied) as Cloud Logging gives them: API and
 * `gcloud logging read --format=json`, files of log sinks, Pub/Sub, BigQuery, Log Analytics, and tables of them.
 * Source: https://cloud.google.com/logging/docs/audit/understanding-audit-logs
 */
export const gcpAudit: LogFormat = {
  name: 'gcp-audit',
  title: 'Google Cloud audit',
  // entries.list; Pub/Sub pull.
  containerKeys: ['entries', 'receivedMessages', 'hits'],
  detect,
  createReader: () => ({ read }),
  native,
  lineage,
};

function native(record: JsonObject, shape: RecordShape): JsonObject {
  const found = unwrap(record, shape);
  return found.kind === 'entry' ? found.entry : record;
}

/** By what a record turns out to hold. */
const confidences: Readonly<Record<Unwrapped['kind'], number>> = {
  entry: 1,
  broken: 0.8,
  other: 0.3,
  none: 0,
};

function detect(record: JsonObject, shape: RecordShape): Detection {
  const found = unwrap(record, shape);
  // A little less than the format of Kubernetes is of them, which reads more out of a file that holds no others.
  if (found.kind === 'entry' && isOfCluster(found.entry)) return { confidence: 0.92 };
  return { confidence: confidences[found.kind] };
}

/** Entries of a GKE cluster's API server. */
function isOfCluster(entry: JsonObject): boolean {
  const payload = objectAt(entry, 'protoPayload');
  const method = payload?.['methodName'];
  const labels = entry['labels'];
  return (
    payload?.['serviceName'] === 'k8s.io' ||
    (typeof method === 'string' && method.startsWith('io.k8s.')) ||
    (isObject(labels) && 'authorization.k8s.io/decision' in labels)
  );
}

function read(record: JsonObject, shape: RecordShape): ReadResult {
  const found = unwrap(record, shape);
  if (found.kind === 'entry') return readEntry(found.entry, found.wrappers);
  if (found.kind === 'other') return { kind: 'skip', reason: found.reason };
  const reason =
    found.kind === 'broken'
      ? found.reason
      : 'Expected an entry of Cloud Audit Logs (protoPayload with an AuditLog), found another record.';
  return { kind: 'problem', reason };
}
