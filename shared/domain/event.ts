import type { FormatName } from './format.ts';

/** What became of a request. A failure is not a denial; what the log does not say is `unknown`. */
export const outcomes = ['allow', 'deny', 'error', 'challenge', 'unknown'] as const;
export type Outcome = (typeof outcomes)[number];

export const principalTypes = [
  'user',
  'role',
  'service',
  'workload',
  'device',
  'anonymous',
  'unknown',
] as const;
export type PrincipalType = (typeof principalTypes)[number];

/** A durable identity as a log names it. `id` is the vendor's durable id (for an AWS role session the role's ARN). */
export interface Principal {
  readonly type: PrincipalType;
  readonly id: string | null;
  readonly name: string | null;
  /** Account, tenant, project or organization that the identity belongs to. Always text: ids may start with zero. */
  readonly account: string | null;
}

/** A temporary identity minted from a durable one. */
export interface Session {
  readonly id: string | null;
  readonly name: string | null;
  /** RFC 3339, UTC. */
  readonly startedAt: string | null;
  readonly mfa: boolean | null;
}

export interface Credential {
  readonly id: string;
  readonly type: string;
}

export interface Resource {
  readonly type: string | null;
  readonly id: string;
}

/** Why the outcome fell, in normal form where the log says so. */
export const reasonClasses = [
  'explicit-deny',
  'implicit-deny',
  'authentication',
  'condition',
  'policy',
  'throttled',
  'not-found',
  'invalid-request',
  'conflict',
  'quota',
  'admission',
  'service',
  'dry-run',
  'undecodable',
  'unspecified',
] as const;
export type ReasonClass = (typeof reasonClasses)[number];

export interface Reason {
  readonly class: ReasonClass | null;
  /** The log's own words. */
  readonly text: string | null;
  /** The policy, rule, binding or policy type that the log names. */
  readonly policy: string | null;
}

/** Ids that tie this event to others, as the log gives them. */
export interface Correlation {
  readonly requestId: string | null;
  readonly traceId: string | null;
  readonly spanId: string | null;
  readonly sessionId: string | null;
  readonly sharedId: string | null;
}

/** One access event in normal form, as a format reads it from one record. Knows nothing of files or cases. */
export interface NormalizedEvent {
  /** The vendor's id for this event, on which duplicates are found; null where the record carries none. */
  readonly vendorId: string | null;
  /** RFC 3339 in UTC with the source's own precision, e.g. `2024-05-01T10:00:00.123456Z`. */
  readonly time: string;
  /** OCSF class name, e.g. `API Activity`. */
  readonly class: string | null;
  readonly subject: Principal;
  /** Who is behind the subject: the impersonator, the human behind a role, the service acting on behalf. */
  readonly actor: Principal | null;
  readonly session: Session | null;
  readonly credential: Credential | null;
  /** The permission that was exercised, in the policy system's own name, e.g. `s3:ListBucket`; null if none. */
  readonly action: string | null;
  /** The operation as the log names it, e.g. `ListObjectsV2`. */
  readonly operation: string | null;
  readonly service: string | null;
  /** The main resource: the first of `resources`. */
  readonly resource: Resource | null;
  readonly resources: readonly Resource[];
  readonly outcome: Outcome;
  readonly reason: Reason | null;
  /** As logged: not always an address (service names, `AWS Internal`). */
  readonly ip: string | null;
  readonly userAgent: string | null;
  /** Account in whose log the event lies. */
  readonly account: string | null;
  readonly region: string | null;
  readonly correlation: Correlation;
}

/** Where the record lies: `length` bytes at `offset` of the decompressed stream of the file `sha256`. */
export interface EvidencePosition {
  readonly sha256: string;
  readonly path: string;
  readonly offset: number;
  readonly length: number;
}

/** One event of a case, as `rescind events` prints it. */
export interface AccessEvent extends NormalizedEvent {
  readonly id: string;
  readonly format: FormatName;
  readonly evidence: EvidencePosition;
}

export const noCorrelation: Correlation = {
  requestId: null,
  traceId: null,
  spanId: null,
  sessionId: null,
  sharedId: null,
};
