import type { Detection, LogFormat, ReadResult, RecordShape } from '../../domain/format.ts';
import type { JsonObject } from '../../domain/json.ts';
import { readGkeEntry } from './gke.ts';
import { lineage } from './lineage.ts';
import { readAuditEvent } from './reader.ts';
import { eventOfColumns } from './table.ts';
import { unwrap, type Unwrapped } from './unwrap.ts';

/**
 * Kubernetes audit logs (audit.k8s.io/v1, v1beta1, v1alpha1), plain and in the wrappers of EKS, AKS, GKE and log
 * shippers. Source: https://kubernetes.io/docs/reference/config-api/apiserver-audit.v1/
 */
export const kubernetesAudit: LogFormat = {
  name: 'kubernetes-audit',
  title: 'Kubernetes audit',
  // EventList; Azure Diagnostics; CloudWatch subscription; CloudWatch filter-log-events; Cloud Logging.
  containerKeys: ['items', 'records', 'logEvents', 'events', 'entries', 'hits'],
  detect,
  createReader: () => ({ read }),
  native,
  lineage,
  sigma: { product: 'kubernetes', service: 'audit', operationField: 'verb' },
};

function native(record: JsonObject, shape: RecordShape): JsonObject {
  const found = find(record, shape);
  return found.kind === 'audit' || found.kind === 'gke' ? found.event : record;
}

/** By what a record turns out to hold. */
const confidences: Readonly<Record<Unwrapped['kind'], number>> = {
  audit: 0.95,
  gke: 0.95,
  broken: 0.8,
  other: 0.5,
  none: 0,
};

function detect(record: JsonObject, shape: RecordShape): Detection {
  const version = record['apiVersion'];
  if (typeof version === 'string' && version.startsWith('audit.k8s.io/')) return { confidence: 1 };
  return { confidence: confidences[find(record, shape).kind] };
}

function read(record: JsonObject, shape: RecordShape): ReadResult {
  const found = find(record, shape);
  if (found.kind === 'audit') return readAuditEvent(found.event, found.wrappers);
  if (found.kind === 'gke') return readGkeEntry(found.event);
  if (found.kind === 'other') return { kind: 'skip', reason: found.reason };
  const reason =
    found.kind === 'broken'
      ? found.reason
      : 'Expected a Kubernetes audit event (apiVersion audit.k8s.io/… or an auditID with a stage), found another record.';
  return { kind: 'problem', reason };
}

function find(record: JsonObject, shape: RecordShape): Unwrapped {
  // Rows hold nested values as text; Azure Monitor's own tables have the same columns as JSON.
  if (shape === 'row' || 'AuditId' in record) {
    const event = eventOfColumns(record);
    if (event !== null) return { kind: 'audit', event, wrappers: [record] };
  }
  return unwrap(record);
}
