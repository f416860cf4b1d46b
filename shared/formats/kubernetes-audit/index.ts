import type { Detection, LogFormat, ReadResult, RecordShape } from '../../domain/format.ts';
import type { JsonObject } from '../../domain/json.ts';
import { readGkeEntry } from './gke.ts';
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
  containerKeys: ['items', 'records', 'logEvents', 'events', 'entries'],
  detect,
  createReader: () => ({ read }),
};

function detect(record: JsonObject, shape: RecordShape): Detection {
  const version = record['apiVersion'];
  if (typeof version === 'string' && version.startsWith('audit.k8s.io/')) return { confidence: 1 };
  const found = find(record, shape);
  switch (found.kind) {
    case 'audit':
    case 'gke':
      return { confidence: 0.95 };
    case 'broken':
      return { confidence: 0.8 };
    case 'other':
      return { confidence: 0.5 };
    default:
      return { confidence: 0 };
  }
}

function read(record: JsonObject, shape: RecordShape): ReadResult {
  const found = find(record, shape);
  switch (found.kind) {
    case 'audit':
      return readAuditEvent(found.event, found.wrappers);
    case 'gke':
      return readGkeEntry(found.event);
    case 'other':
      return { kind: 'skip', reason: found.reason };
    case 'broken':
      return { kind: 'problem', reason: found.reason };
    default:
      return {
        kind: 'problem',
        reason:
          'Expected a Kubernetes audit event (apiVersion audit.k8s.io/… or an auditID with a stage), found another record.',
      };
  }
}

function find(record: JsonObject, shape: RecordShape): Unwrapped {
  // Rows hold nested values as text; Azure Monitor's own tables have the same columns as JSON.
  if (shape === 'row' || 'AuditId' in record) {
    const event = eventOfColumns(record);
    if (event !== null) return { kind: 'audit', event, wrappers: [record] };
  }
  return unwrap(record);
}
