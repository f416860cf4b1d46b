import type { SecureContextOptions } from 'node:tls';
import type { z } from 'zod';
import type {
  ActionSpec,
  Enforcement,
  MissingControl,
  Observation,
  Outcome,
  PlannedCall,
  Reference,
  Snapshot,
  Target,
} from '#shared/domain/response.ts';

/**
 * What a provider brings. A provider is a folder in `providers/` that exports one `ProviderType`, and a line in
 * `providers/index.ts`. It never decides, orders, retries, waits or keeps anything: the engine does. It translates.
 */
export interface ProviderType<Config = unknown> {
  /** `ldap`, `postgresql`, `aws` … */
  readonly type: string;
  readonly title: string;
  /**
   * What `provider add --set key=value` gives: values arrive as texts. Use `endpointUrl` for every address: it
   * refuses plain connections beyond loopback. No field may turn off the verification of TLS.
   */
  readonly config: z.ZodType<Config>;
  readonly secrets: readonly SecretField[];
  /** Whether it acts on credentials that the operator holds (`io.held`), by their fingerprint. */
  readonly takesHeld?: true;
  /** Least privilege: everything that the operator credential needs, and nothing else. */
  readonly permissions: readonly Permission[];
  /** What the contract test runs against. */
  readonly provedOn: 'real-server' | 'contract-fake';
  /** Addresses that this configuration may talk to, e.g. `https://api.github.com`. `io.fetch` refuses every other. */
  origins(config: Config): readonly string[];
  /** Makes the client; no call yet. */
  open(config: Config, io: ProviderIo): Provider;
}

export interface SecretField {
  readonly name: string;
  readonly title: string;
  readonly required: boolean;
}

export interface Permission {
  /** In the provider's own words, e.g. `iam:UpdateAccessKey`. */
  readonly name: string;
  /** `read` for planning and verification, or an action's id. */
  readonly neededFor: 'read' | (string & {});
  readonly why: string;
}

/** A target as a provider finds it; the engine adds the provider's name and its tenant. */
export type FoundTarget = Omit<Target, 'provider' | 'tenant'>;

export interface ProviderIdentity {
  /** Immutable id of the tenant or account: checked again before every run. */
  readonly tenant: string;
  readonly tenantName: string;
  /** The operator credential's own chain, immutable ids (user, assumed role, its groups): never a target. */
  readonly operator: readonly string[];
  readonly operatorName: string;
}

export interface ProviderTest {
  readonly identity: ProviderIdentity;
  /** Names out of `permissions` that the operator credential does not have. */
  readonly missing: readonly string[];
  /** Names that could not be checked without acting. */
  readonly unchecked: readonly string[];
  readonly notes: readonly string[];
}

export interface Resolution {
  /** What the reference means here, by immutable id. More than one of the same kind under one name is `ambiguous`. */
  readonly targets: readonly FoundTarget[];
  /** Several match and none may be guessed: the plan is refused for this provider until one is chosen by id. */
  readonly ambiguous: readonly FoundTarget[];
  readonly notes: readonly string[];
}

export interface SweepFinding {
  readonly target: FoundTarget;
  /** Why it counts: created after the incident's start by or for the suspect. */
  readonly why: string;
}

/** An open connection to a provider. Reads throw `ProviderError`. */
export interface Provider {
  whoami(call: CallContext): Promise<ProviderIdentity>;
  test(call: CallContext): Promise<ProviderTest>;
  resolve(reference: Reference, call: CallContext): Promise<Resolution>;
  /** Sessions, keys, role chains, memberships of their own life that descend from a target. */
  descendants(target: Target, call: CallContext): Promise<readonly FoundTarget[]>;
  /** What can be done to a target, in no order. Finds the same actions again for the same target at a later time. */
  actions(target: Target, call: CallContext): Promise<ActionList>;
  /** Immutable ids of those who could still administer the tenant; null where that cannot be known. */
  administrators(call: CallContext): Promise<readonly string[] | null>;
  /**
   * What was created at or after `since` (epoch milliseconds) by or for these targets. Made of several questions, it is
   * run by `sweepParts`, so that one that may not be asked does not cost the answers to the others.
   */
  sweep(since: number, targets: readonly Target[], call: CallContext): Promise<readonly SweepFinding[]>;
  /** Ends connections. */
  close(): Promise<void>;
}

export interface ActionList {
  readonly actions: readonly Action[];
  readonly missing: readonly MissingControl[];
}

/**
 * One action on one kind of target. `snapshot`, `preview`, `observe`, `probe` and `dryRun` change nothing. `apply` and
 * `undo` are called only after the intent is durable, one at a time for a target, and make each call once: no
 * retries, neither their own nor the SDK's.
 */
export interface Action {
  readonly spec: ActionSpec;
  snapshot(target: Target, call: CallContext): Promise<Snapshot>;
  /** The exact calls that `apply` would make. */
  preview(target: Target, snapshot: Snapshot, call: CallContext): Promise<readonly PlannedCall[]>;
  /** The exact calls that `undo` would make, where they are not plain from the snapshot. */
  previewUndo?(target: Target, snapshot: Snapshot, call: CallContext): Promise<readonly PlannedCall[]>;
  /** With the provider's own precondition where it has one. A `ProviderError` that is thrown becomes an outcome. */
  apply(target: Target, snapshot: Snapshot, call: CallContext): Promise<Outcome>;
  /**
   * Reads back: whether what `apply` wants is so now (`call.since`: when the intent was written, for actions that
   * leave a time). Asked after the action, after a crash, and before an undo. `unknown` where it cannot be told.
   */
  observe(target: Target, snapshot: Snapshot, call: CallContext): Promise<Observation>;
  /** Whether the credential, session or decision really fails; null where there is no harmless way to find out. */
  readonly probe: ((target: Target, snapshot: Snapshot, call: CallContext) => Promise<Enforcement>) | null;
  /** Puts back exactly what the snapshot holds, and only while the object is as the action left it. */
  readonly undo: ((target: Target, snapshot: Snapshot, call: CallContext) => Promise<UndoOutcome>) | null;
  /** The provider's own dry run; null where `nativeDryRun` is false. */
  readonly dryRun: ((target: Target, snapshot: Snapshot, call: CallContext) => Promise<Outcome>) | null;
}

/** With `newId` where the object had to be created again (R1). */
export type UndoOutcome = Outcome;

export interface CallContext {
  /** Aborts at the deadline of the call and at the global stop: give it to every request. */
  readonly signal: AbortSignal;
  /** Epoch milliseconds by which the call must be over. */
  readonly deadline: number;
  /** Start of what is verified: when the intent of the action was written. Equals now for planning. */
  readonly since: number;
}

/** Everything that a provider may touch of the outside. */
export interface ProviderIo {
  readonly clock: Clock;
  /** A secret of the configuration, fetched from the host's vault for each use: do not keep it longer than the client needs. */
  secret(field: string): Promise<string>;
  /** A credential that the operator holds, by fingerprint (`fp_…`); null where the vault has none. */
  held(fingerprint: string): Promise<string | null>;
  /** Fingerprint of a credential, keyed for this installation: how a token is named everywhere. */
  fingerprint(credential: string): Promise<string>;
  /**
   * As the platform's, but: only `origins`, private CA, no redirects to another origin, response cap, deadline.
   * Throws `ProviderError`. Give it to an SDK wherever one takes a fetch.
   */
  readonly fetch: (input: string | URL | Request, init?: RequestInit) => Promise<Response>;
  /** For clients that open their own connections (LDAP, PostgreSQL, SDK agents): private CA, verification always on. */
  readonly tls: Readonly<Pick<SecureContextOptions, 'ca' | 'minVersion'> & { rejectUnauthorized: true }>;
  readonly log: ProviderLog;
}

export interface Clock {
  /** Epoch milliseconds. */
  now(): number;
  /** Milliseconds that never go backwards. */
  monotonic(): number;
  sleep(milliseconds: number, signal: AbortSignal): Promise<void>;
}

export interface ProviderLog {
  /** Counts, names and kinds; secrets that passed through `secret` or `held` are struck out. */
  write(message: string, attributes?: Readonly<Record<string, string | number | boolean | null>>): void;
}

/**
 * A call that failed. `unreachable` says for certain that nothing was sent (refused connection, name not found, TLS
 * not verified); anything that may have arrived is `interrupted` and makes an action `ambiguous`.
 */
export class ProviderError extends Error {
  readonly kind:
    | 'unreachable'
    | 'interrupted'
    | 'throttled'
    | 'forbidden'
    | 'absent'
    | 'rejected'
    | 'protocol';
  readonly retryAfterMs: number | null;
  constructor(kind: ProviderError['kind'], message: string, retryAfterMs: number | null = null) {
    super(message);
    this.name = 'ProviderError';
    this.kind = kind;
    this.retryAfterMs = retryAfterMs;
  }
}
