import { isObject, type Json, type JsonObject } from '../../domain/json.ts';
import { boundedText, parseJson } from './text.ts';
import { searchWithin, shipperKeys } from '../../util/wrapped-record.ts';

/** What a record holds, once the wrappers that log shippers put around it are taken off. */
export type Unwrapped =
  | {
      readonly kind: 'audit' | 'gke';
      readonly event: JsonObject;
      /** The wrappers, outermost first. */
      readonly wrappers: readonly JsonObject[];
    }
  /** A wrapper of a control plane's log that holds another message. */
  | { readonly kind: 'other'; readonly reason: string }
  | { readonly kind: 'broken'; readonly reason: string }
  | { readonly kind: 'none' };

/** Keys under which clusters and shippers put the event, as an object or as JSON text. */
const innerKeys = [
  'properties', // AKS: properties.log
  'Properties', // AKS in Log Analytics, Event Hub
  'log_s', // AKS in Log Analytics
  'kubernetes', // Elastic integration: kubernetes.audit
  'audit',
  ...shipperKeys,
] as const;

const deepest = 5;
const longestPrefix = 200;

/** Takes off wrappers, at most five deep. */
export function unwrap(record: JsonObject): Unwrapped {
  const found = search(record, []);
  if (found.kind !== 'none') return found;
  return controlPlaneMessage(record);
}

function search(value: JsonObject, wrappers: readonly JsonObject[]): Unwrapped {
  if (isAuditEvent(value)) return { kind: 'audit', event: value, wrappers };
  if (isGkeEntry(value)) return { kind: 'gke', event: value, wrappers };
  const listed = soleItem(value);
  if (listed.kind !== 'none') return listed.kind === 'item' ? search(listed.item, wrappers) : listed;
  if (wrappers.length >= deepest) return { kind: 'none' };
  return searchWithin({ value, keys: innerKeys, innerOf: innerObject, expected: 'audit event' }, (inner) =>
    search(inner, [...wrappers, value]),
  );
}

/** An event of audit.k8s.io, also where an exporter has dropped `apiVersion` and `kind`. */
function isAuditEvent(value: JsonObject): boolean {
  const version = value['apiVersion'];
  if (typeof version === 'string' && version.startsWith('audit.k8s.io/'))
    return value['kind'] !== 'EventList';
  return (
    typeof value['auditID'] === 'string' && ('stage' in value || 'verb' in value || 'requestURI' in value)
  );
}

/** An entry of Cloud Audit Logs from a GKE cluster's API server. */
function isGkeEntry(value: JsonObject): boolean {
  const payload = value['protoPayload'];
  if (!isObject(payload)) return false;
  if (payload['serviceName'] === 'k8s.io') return true;
  const labels = value['labels'];
  if (isObject(labels) && 'authorization.k8s.io/decision' in labels) return true;
  const method = payload['methodName'];
  return typeof method === 'string' && method.startsWith('io.k8s.');
}

type Listed =
  | { readonly kind: 'none' }
  | { readonly kind: 'item'; readonly item: JsonObject }
  | { readonly kind: 'other' | 'broken'; readonly reason: string };

/** An EventList within a text: one text is one record, so it can hold one event. */
function soleItem(value: JsonObject): Listed {
  const version = value['apiVersion'];
  if (value['kind'] !== 'EventList' || typeof version !== 'string' || !version.startsWith('audit.k8s.io/')) {
    return { kind: 'none' };
  }
  const items = Array.isArray(value['items']) ? value['items'] : [];
  const [first] = items;
  if (items.length === 0) return { kind: 'other', reason: 'EventList without events' };
  if (items.length === 1 && isObject(first)) return { kind: 'item', item: first };
  return {
    kind: 'broken',
    reason: `Expected one audit event in the text, found an EventList of ${items.length}; unpack the list into one event a line.`,
  };
}

/** The object in a wrapper's value; `broken` for text that looks like an audit event and does not parse. */
function innerObject(value: Json | undefined): JsonObject | 'broken' | undefined {
  if (isObject(value)) return value;
  if (typeof value !== 'string') return undefined;
  // Container runtimes put a time, a stream and a flag before the line.
  const start = value.slice(0, longestPrefix).indexOf('{');
  if (start === -1) return undefined;
  const parsed = parseJson(start === 0 ? value : value.slice(start));
  if (isObject(parsed)) return parsed;
  return value.includes('audit.k8s.io/') ? 'broken' : undefined;
}

const aksCategory =
  /^(?:kube-(?:apiserver|controller-manager|scheduler)|cluster-autoscaler|guard|cloud-controller-manager|csi-[a-z-]+)$/;
const eksStream = /^(?:kube-|authenticator-|cloud-controller-manager-)/;

/** The control planes of AKS and EKS log other components beside the audit log. */
function controlPlaneMessage(record: JsonObject): Unwrapped {
  const category = boundedText(record, 'category') ?? boundedText(record, 'Category');
  if (category !== null && aksCategory.test(category)) {
    return { kind: 'other', reason: `Control-plane log of category ${category}, no audit event` };
  }
  const stream = streamName(record);
  if (stream !== null && eksStream.test(stream) && !stream.startsWith('kube-apiserver-audit-')) {
    return {
      kind: 'other',
      reason: `Control-plane log ${stream.replace(/-[0-9a-f]{8,}$/, '')}, no audit event`,
    };
  }
  return { kind: 'none' };
}

/** Name of the CloudWatch stream, e.g. `kube-apiserver-audit-0a1b…`. */
function streamName(record: JsonObject): string | null {
  return (
    boundedText(record, 'logStreamName') ??
    boundedText(record, 'logStream') ??
    boundedText(record, '@logStream')
  );
}
