import type { Outcome, Reason, ReasonClass } from '../../domain/event.ts';
import { objectAt, type JsonObject } from '../../domain/json.ts';
import { grantPolicy, parseGrant } from './rbac-reason.ts';
import { bounded, boundedText, dottedValue, objectOf } from './text.ts';

export interface Decision {
  readonly outcome: Outcome;
  readonly reason: Reason | null;
}

/** Facts from which a decision is read, whatever wrapper they came in. */
interface Facts {
  /** `authorization.k8s.io/decision`: `allow` or `forbid`. */
  readonly recorded: string | null;
  /** `authorization.k8s.io/reason`. */
  readonly reason: string | null;
  readonly status: number | null;
  readonly message: string | null;
}

/**
 * The decision of an audit event. All stages of a request share its decision, so it is counted once: at
 * ResponseComplete or Panic, or where no stage is given. What `responseObject` says (the answer of a
 * SubjectAccessReview) is the result of the request and not the decision about it.
 * Source: https://kubernetes.io/docs/reference/labels-annotations-taints/audit-annotations/
 */
export function readDecision(event: JsonObject): Decision {
  const annotations = objectOf(event['annotations']);
  const response = objectOf(event['responseStatus']);
  const facts: Facts = {
    recorded: bounded(dottedValue(annotations, 'authorization.k8s.io/decision')),
    reason: bounded(dottedValue(annotations, 'authorization.k8s.io/reason')),
    status: statusCode(response),
    message: boundedText(response, 'message'),
  };
  const stage = boundedText(event, 'stage');
  if (stage === 'RequestReceived' || stage === 'ResponseStarted') return countedLater(stage, facts.recorded);
  return stage === 'Panic' && facts.recorded === null
    ? decision(
        'error',
        'service',
        facts.message ?? 'The API server panicked before a decision was recorded',
        null,
      )
    : decide(facts);
}

function countedLater(stage: string, recorded: string | null): Decision {
  const said = recorded === null ? '' : ` (${recorded})`;
  return decision('unknown', null, `${stage}: the decision${said} is counted at ResponseComplete`, null);
}

/** Decision from the recorded annotation, else from the response alone. */
function decide(facts: Facts): Decision {
  if (facts.recorded === 'allow') return allowed(facts);
  if (facts.recorded === 'forbid') return forbidden(facts.reason ?? facts.message, facts.reason);
  if (facts.recorded !== null) {
    return decision('unknown', null, `Unknown decision: ${facts.recorded.slice(0, 100)}`, null);
  }
  return withoutRecord(facts);
}

/** A refusal after the authorizer allowed comes from admission (Pod Security, quota, webhook) or the API behind. */
function allowed({ reason, status, message }: Facts): Decision {
  if (status === 403) return decision('allow', 'admission', message ?? reason, admissionPolicy(message));
  if (reason === null) return { outcome: 'allow', reason: null };
  const grant = parseGrant(reason);
  return decision('allow', null, reason, grant === null ? null : grantPolicy(grant));
}

/**
 * RBAC denies because nothing allows and gives no reason, except for rules that it could not resolve. Another text
 * comes from another authorizer (Node, webhook), whose kind of denial is not known.
 */
function forbidden(text: string | null, given: string | null): Decision {
  const implicit = given === null || given.startsWith('RBAC:');
  return decision('deny', implicit ? 'implicit-deny' : 'unspecified', text, null);
}

/**
 * Without the annotation (2017 logs, stripped exports) the status decides. The API server throttles (429) before it
 * authorizes, and reports an authorizer's failure as the reason `internal error` with 500.
 */
function withoutRecord({ reason, status, message }: Facts): Decision {
  if (status === null) return { outcome: 'unknown', reason: null };
  if (status === 401) return decision('deny', 'authentication', message, null);
  if (status === 403) {
    const byAuthorizer = message === null || message.includes(' cannot ');
    return decision(
      'deny',
      byAuthorizer ? 'implicit-deny' : 'unspecified',
      message,
      admissionPolicy(message),
    );
  }
  if (status === 429) return decision('error', 'throttled', message, null);
  if (status >= 500 && reason === 'internal error')
    return decision('error', 'service', message ?? reason, null);
  return { outcome: 'allow', reason: null };
}

const webhook = /admission webhook "([^"]{1,253})" denied/;
const podSecurity = /violates PodSecurity "([^"]{1,253})"/;
const quota = /exceeded quota: ([^\s,]{1,253})/;
const admissionPolicyName = /ValidatingAdmissionPolicy '([^']{1,253})'/;

function admissionPolicy(message: string | null): string | null {
  if (message === null) return null;
  for (const [form, kind] of [
    [webhook, 'admission webhook'],
    [podSecurity, 'PodSecurity'],
    [quota, 'ResourceQuota'],
    [admissionPolicyName, 'ValidatingAdmissionPolicy'],
  ] as const) {
    const name = form.exec(message)?.[1];
    if (name !== undefined) return `${kind} ${name}`;
  }
  return null;
}

function statusCode(response: JsonObject | undefined): number | null {
  const code = Number(boundedText(response, 'code') ?? Number.NaN);
  return Number.isInteger(code) && code > 0 ? code : null;
}

/** Status codes of gRPC, as Cloud Audit Logs uses them. */
const permissionDenied = 7;
const unauthenticated = 16;

/**
 * The decision of a GKE entry: the label is the audit annotation. Without it `authorizationInfo[].granted` and the
 * status decide; `granted` left out together with an empty status tells nothing.
 * Source: https://cloud.google.com/logging/docs/reference/audit/auditlog/rest/Shared.Types/AuditLog
 */
export function readGkeDecision(entry: JsonObject, payload: JsonObject): Decision {
  const labels = objectAt(entry, 'labels');
  const status = objectAt(payload, 'status');
  const code = Number(boundedText(status, 'code') ?? 0);
  const message = boundedText(status, 'message');
  const recorded = bounded(dottedValue(labels, 'authorization.k8s.io/decision'));
  const reason = bounded(dottedValue(labels, 'authorization.k8s.io/reason'));
  const granted = grants(payload);
  const operation = objectAt(entry, 'operation');
  if (
    recorded === null &&
    granted.length === 0 &&
    operation?.['last'] === true &&
    operation['first'] !== true
  ) {
    return decision(
      'unknown',
      null,
      'Last entry of a long operation: the decision is counted at its first',
      null,
    );
  }
  if (recorded !== null) {
    return decide({ recorded, reason, status: code === permissionDenied ? 403 : null, message });
  }
  if (code === unauthenticated) return decision('deny', 'authentication', message, null);
  if (granted.includes(false)) return decision('deny', 'implicit-deny', message, null);
  if (granted.length > 0 && granted.every((each) => each === true)) {
    return code === permissionDenied
      ? decision('allow', 'admission', message, admissionPolicy(message))
      : { outcome: 'allow', reason: null };
  }
  if (code === permissionDenied) return decision('deny', 'implicit-deny', message, null);
  if (code !== 0) return decision('error', null, message, null);
  return { outcome: granted.length > 0 && message === null ? 'unknown' : 'allow', reason: null };
}

function grants(payload: JsonObject): readonly (boolean | null)[] {
  const list = payload['authorizationInfo'];
  if (!Array.isArray(list)) return [];
  return list.map((each) => {
    const granted = objectOf(each)?.['granted'];
    return typeof granted === 'boolean' ? granted : null;
  });
}

function decision(
  outcome: Outcome,
  reasonClass: ReasonClass | null,
  text: string | null,
  policy: string | null,
): Decision {
  const reason =
    reasonClass === null && text === null && policy === null ? null : { class: reasonClass, text, policy };
  return { outcome, reason };
}
