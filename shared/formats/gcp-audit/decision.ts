import type { Outcome, Reason, ReasonClass } from '../../domain/event.ts';
import { arrayAt, isObject, type JsonObject, objectAt } from '../../domain/json.ts';
import { bounded, boundedText } from '../../util/record-fields.ts';

export interface Decision {
  readonly outcome: Outcome;
  readonly reason: Reason | null;
}

/** Failures that say nothing of permission, by status code (google.rpc.Code). */
const failures: Readonly<Record<number, ReasonClass>> = {
  3: 'invalid-request',
  4: 'service',
  5: 'not-found',
  6: 'conflict',
  8: 'quota',
  9: 'conflict',
  10: 'conflict',
  11: 'invalid-request',
  12: 'invalid-request',
  13: 'service',
  14: 'service',
  15: 'service',
};

const permissionDenied = 7;
const unauthenticated = 16;

/**
 * The decision of an audit log: the status, then what was granted of each permission. `granted` is left out where it is
 * false, as protocol buffers are printed; some services leave it out always, so that beside a success it tells nothing.
 * Sources: https://cloud.google.com/logging/docs/reference/audit/auditlog/rest/Shared.Types/AuditLog and
 * https://github.com/googleapis/googleapis/blob/master/google/rpc/code.proto
 */
export function readDecision(entry: JsonObject, payload: JsonObject, logName: string | null): Decision {
  const status = objectAt(payload, 'status');
  const message = boundedText(status, 'message');
  const violation = readViolation(payload, logName, message);
  if (violation !== null) return violation;
  const code = Number(boundedText(status, 'code') ?? 0);
  if (code === unauthenticated || code === 401) return decision('deny', 'authentication', message);
  if (code === permissionDenied || code === 403) return decision('deny', 'unspecified', message);
  const checks = arrayAt(payload, 'authorizationInfo').filter(isObject).map(grantedOf);
  if (checks.includes(false) && !isPermissionTest(payload)) return decision('deny', 'unspecified', message);
  if (code !== 0) return decision('error', failures[code] ?? 'unspecified', message);
  const recorded = boundedText(objectAt(entry, 'labels'), 'authorization.k8s.io/decision');
  if (recorded !== null) return ofCluster(entry, recorded);
  return withoutRefusal(entry, checks, isPermissionTest(payload));
}

function withoutRefusal(entry: JsonObject, checks: readonly (boolean | null)[], isTest: boolean): Decision {
  const operation = objectAt(entry, 'operation');
  const isEnd = isTrue(operation, 'last') && !isTrue(operation, 'first');
  if (checks.length === 0 && isEnd) {
    return decision('unknown', null, 'Last entry of a long operation: the decision is counted at its first');
  }
  if (checks.includes(null) && !isTest) {
    return decision('unknown', null, 'The log does not say whether the permission was granted');
  }
  return { outcome: 'allow', reason: null };
}

/** Asking which permissions one has is answered, whichever they are. */
function isPermissionTest(payload: JsonObject): boolean {
  return /testIamPermissions$/i.test(boundedText(payload, 'methodName') ?? '');
}

function grantedOf(check: JsonObject): boolean | null {
  const { granted } = check;
  if (typeof granted === 'boolean') return granted;
  if (granted === 'true') return true;
  return granted === 'false' ? false : null;
}

function isTrue(value: JsonObject | undefined, key: string): boolean {
  return value?.[key] === true || value?.[key] === 'true';
}

function ofCluster(entry: JsonObject, recorded: string): Decision {
  const reason = boundedText(objectAt(entry, 'labels'), 'authorization.k8s.io/reason');
  if (recorded === 'allow')
    return reason === null ? { outcome: 'allow', reason } : decision('allow', null, reason);
  return recorded === 'forbid'
    ? decision('deny', 'implicit-deny', reason)
    : decision('unknown', null, `Unknown decision: ${recorded.slice(0, 100)}`);
}

const prohibited = /prohibited by organization's policy/i;

/**
 * Refusals by VPC Service Controls and organization policies. In dry-run mode a perimeter only says what it would have
 * refused. Source: https://cloud.google.com/vpc-service-controls/docs/audit-logging
 */
function readViolation(payload: JsonObject, logName: string | null, message: string | null): Decision | null {
  const metadata = objectAt(payload, 'metadata');
  const reason = boundedText(metadata, 'violationReason');
  const constraint = organizationPolicy(payload);
  const isDenied = logName?.replaceAll('%2F', '/').endsWith('cloudaudit.googleapis.com/policy') ?? false;
  if (reason === null && constraint === null && !isDenied && !prohibited.test(message ?? '')) return null;
  const text = [reason, message].filter((part) => part !== null).join(': ') || null;
  const policy = perimeterOf(metadata) ?? constraint;
  if (isTrue(metadata, 'dryRun')) {
    return decision(
      'unknown',
      'dry-run',
      `A perimeter in dry-run mode would have refused it. ${text ?? ''}`.trim(),
      policy,
    );
  }
  return decision('deny', 'policy', text, policy);
}

function perimeterOf(metadata: JsonObject | undefined): string | null {
  const violations = ['ingressViolations', 'egressViolations']
    .flatMap((key) => arrayAt(metadata, key))
    .filter(isObject);
  return (
    boundedText(objectAt(metadata, 'securityPolicyInfo'), 'servicePerimeterName') ??
    violations.map((each) => boundedText(each, 'servicePerimeter')).find((name) => name !== null) ??
    null
  );
}

function organizationPolicy(payload: JsonObject): string | null {
  const info = objectAt(objectAt(payload, 'policyViolationInfo'), 'orgPolicyViolationInfo');
  const [first] = arrayAt(info, 'violationInfo').filter(isObject);
  return bounded(first?.['constraint']);
}

function decision(
  outcome: Outcome,
  reasonClass: ReasonClass | null,
  text: string | null,
  policy: string | null = null,
): Decision {
  const reason =
    reasonClass === null && text === null && policy === null ? null : { class: reasonClass, text, policy };
  return { outcome, reason };
}

/** The permission that was exercised: the first that was refused where one was; the one of the method's name; the first. */
export function readAction(payload: JsonObject, outcome: Outcome): string | null {
  const checks = arrayAt(payload, 'authorizationInfo').filter(isObject);
  const refused = outcome === 'deny' ? checks.find((check) => grantedOf(check) !== true) : undefined;
  const method = payload['methodName'];
  const named = checks.find(({ permission }) => typeof permission === 'string' && permission === method);
  return boundedText(refused ?? named ?? checks[0], 'permission');
}
