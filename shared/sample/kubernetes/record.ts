import type { Outcome } from '../../domain/event.ts';
import type { Random } from '../random.ts';
import type { ClusterCaller } from './caller.ts';

/** A request to the API server. */
export interface ClusterRequest {
  readonly verb: string;
  readonly group: string | null;
  readonly version: string;
  readonly resource: string;
  readonly namespace: string | null;
  readonly name: string | null;
  readonly subresource?: string;
  readonly query?: string;
  /** Grant that RBAC names, without `RBAC: allowed by `. Null: the authorizer does not name one. */
  readonly grant: string | null;
  /** HTTP status where the request is allowed. */
  readonly status: number;
  /** `requestObject`, where the audit policy logs bodies. */
  readonly body?: string;
}

export type Stage = 'ResponseStarted' | 'ResponseComplete';

export interface ClusterCall {
  readonly caller: ClusterCaller;
  readonly request: ClusterRequest;
  readonly auditId: string;
  readonly stage: Stage;
  readonly denied: boolean;
  /** `2026-09-01T13:05:09`, without fraction and zone. */
  readonly second: string;
  /** Microseconds within the second at which the request came in; the answer follows within the second. */
  readonly micros: number;
  /** Id of the credential that the request made. */
  readonly issued?: string;
}

/** Outcome that the record bears: the decision counts at ResponseComplete. */
export function clusterOutcome(call: Pick<ClusterCall, 'stage' | 'denied'>): Outcome {
  if (call.stage === 'ResponseStarted') return 'unknown';
  return call.denied ? 'deny' : 'allow';
}

/** The JSON text of one audit event, in the API server's order of fields. */
export function clusterRecordText(random: Random, call: ClusterCall): string {
  const { caller, request } = call;
  const group = request.group === null ? '' : `"apiGroup":"${request.group}",`;
  const namespace = request.namespace === null ? '' : `"namespace":"${request.namespace}",`;
  // The name of an object that is being created lies in the body, which a denied request never has read.
  const name = request.name === null ? '' : `"name":"${request.name}",`;
  const subresource = request.subresource === undefined ? '' : `,"subresource":"${request.subresource}"`;
  const level = request.body === undefined || call.denied ? 'Metadata' : 'Request';
  const body = level === 'Request' ? `"requestObject":${request.body ?? 'null'},` : '';
  const response = call.denied ? deniedStatus(call) : `{"metadata":{},"code":${request.status}}`;
  const decision = call.denied ? 'forbid' : 'allow';
  const reason =
    call.denied || request.grant === null
      ? ''
      : JSON.stringify(`RBAC: allowed by ${request.grant}`).slice(1, -1);
  const issued =
    call.issued === undefined ? '' : `"authentication.kubernetes.io/issued-credential-id":"${call.issued}",`;
  const received = String(call.micros).padStart(6, '0');
  const answered = String(Math.min(999_999, call.micros + 400 + random.below(90_000))).padStart(6, '0');
  return `{"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"${level}","auditID":"${call.auditId}","stage":"${call.stage}","requestURI":"${requestUri(request)}","verb":"${request.verb}","user":${caller.user},"sourceIPs":["${caller.address}"],"userAgent":"${caller.agent}","objectRef":{"resource":"${request.resource}",${namespace}${name}${group}"apiVersion":"${request.version}"${subresource}},"responseStatus":${response},${body}"requestReceivedTimestamp":"${call.second}.${received}Z","stageTimestamp":"${call.second}.${answered}Z","annotations":{${issued}"authorization.k8s.io/decision":"${decision}","authorization.k8s.io/reason":"${reason}"}}`;
}

function requestUri(request: ClusterRequest): string {
  const root =
    request.group === null ? `/api/${request.version}` : `/apis/${request.group}/${request.version}`;
  const namespace =
    request.namespace === null || request.resource === 'namespaces' ? '' : `/namespaces/${request.namespace}`;
  const named = request.verb === 'create' && request.subresource === undefined ? null : request.name;
  const name = named === null ? '' : `/${named}`;
  const subresource = request.subresource === undefined ? '' : `/${request.subresource}`;
  const query = request.query === undefined ? '' : `?${request.query}`;
  return `${root}${namespace}/${request.resource}${name}${subresource}${query}`;
}

function deniedStatus({ caller, request }: ClusterCall): string {
  const kind = request.group === null ? request.resource : `${request.resource}.${request.group}`;
  const resource =
    request.subresource === undefined ? request.resource : `${request.resource}/${request.subresource}`;
  const place =
    request.namespace === null ? 'at the cluster scope' : `in the namespace "${request.namespace}"`;
  const named = request.name === null ? '' : ` "${request.name}"`;
  const message = `${kind}${named} is forbidden: User "${caller.subject}" cannot ${request.verb} resource "${resource}" in API group "${request.group ?? ''}" ${place}`;
  return `{"metadata":{},"status":"Failure","message":${JSON.stringify(message)},"reason":"Forbidden","details":{${request.name === null ? '' : `"name":"${request.name}",`}"kind":"${request.resource}"},"code":403}`;
}
