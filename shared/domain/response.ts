import type { JsonObject } from './json.ts';

/**
 * Words of emergency revocation: what an action is, what it stops, and what became of it. Plain data: all of it ends
 * up in plans, the journal and receipts, so none of it may ever hold a secret.
 */

export const verbs = [
  'deny.attach',
  'identity.disable',
  'credential.disable',
  'session.invalidate',
  'session.terminate',
  'token.revoke',
  'grant.remove',
  'credential.delete',
  'credential.rotate',
  'authority.rekey',
  'signal.emit',
  'observe',
] as const;
export type Verb = (typeof verbs)[number];

/**
 * R0: flip back on the same object. R1: created again from the snapshot, with new ids. R2: not restorable, heals by
 * itself when the user signs in again. R3: not restorable, people issue new secrets. R4: everyone is hit.
 */
export const reversibilities = ['R0', 'R1', 'R2', 'R3', 'R4'] as const;
export type Reversibility = (typeof reversibilities)[number];

/** What a suspect may hold or do; what an action stops, or leaves running. */
export const artefacts = [
  /** A new interactive or bind authentication, whatever the factor. */
  'login',
  'password',
  'api_key',
  'ssh_key',
  'client_certificate',
  'client_secret',
  'mfa_factor',
  'refresh_token',
  'access_token',
  'personal_access_token',
  'id_token',
  'web_session',
  /** A session of an application that has signed the user in through the provider. */
  'app_session',
  /** Temporary credentials of an assumed role. */
  'role_session',
  'open_connection',
  /** Kerberos tickets. */
  'ticket_granting_ticket',
  'service_ticket',
  'lease',
  'device',
  'grant',
  'consent',
  'membership',
  /** A decision of a policy decision point for the subject. */
  'policy_decision',
  'signed_url',
] as const;
export type Artefact = (typeof artefacts)[number];

/** Something at a provider that can be acted on. `id` is the immutable one: a name may be reused, an id may not. */
export interface Target {
  /** Name under which the provider was configured. */
  readonly provider: string;
  /** Tenant or account as `whoami` names it. */
  readonly tenant: string;
  /** The provider's own word: `user`, `role`, `access-key`, `session` … */
  readonly kind: string;
  readonly id: string;
  /** For people. */
  readonly name: string;
  /** Id of the target that it descends from; null for what was asked for. */
  readonly parent: string | null;
  readonly createdAt: string | null;
  /** System that owns this object and will write it back (a directory, HR import, GitOps controller); null for none known. */
  readonly managedBy: string | null;
  /** Facts worth showing: status, last use, owner. Never a secret. */
  readonly attributes: Readonly<Record<string, string | number | boolean | null>>;
}

export interface Remainder {
  readonly artefact: Artefact;
  /** How long it may live on after the action has settled; null where nothing bounds it. */
  readonly residualSeconds: number | null;
  /** Verbs that would stop it. */
  readonly coveredBy: readonly Verb[];
  readonly note: string;
}

/** What an action declares: data, not prose (the plan carries it, the approver signs it). */
export interface ActionSpec {
  /** Stable within the provider type, e.g. `user.lock`. */
  readonly id: string;
  readonly title: string;
  readonly verb: Verb;
  /** Null for `signal.emit` and `observe`: there is nothing to reverse. */
  readonly reversibility: Reversibility | null;
  readonly stops: readonly Artefact[];
  readonly doesNotStop: readonly Remainder[];
  /** A blind retry is safe only for the first. */
  readonly idempotency: 'state_convergent' | 'precondition' | 'none';
  /** How a change in between is noticed by the provider itself, or by us. */
  readonly precondition:
    | 'etag'
    | 'resourceVersion'
    | 'uid'
    | 'ldap_assertion'
    | 'sql_tx'
    | 'compare_snapshot'
    | null;
  readonly nativeDryRun: boolean;
  readonly requiredPermissions: readonly string[];
  readonly rateLimit: string | null;
  /** Propagation until the action bites. */
  readonly settle: { readonly typicalMs: number; readonly maxMs: number };
  /**
   * Whether the authority that acts lies outside of what the suspect could undo with what they hold: true for a
   * policy of the organization above them, false where their own rights would let them undo it, null where that
   * cannot be known.
   */
  readonly beyondReach: boolean | null;
  readonly undo: {
    readonly possible: boolean;
    /** An undo before this would give back more than the object, e.g. old tokens that come to life again. */
    readonly waitSeconds: number;
    /** What cannot be put back, or why to wait; empty where there is nothing to say. */
    readonly note: string;
  };
}

/** A control that should stand before an incident and does not: said in the plan, never worked around. */
export interface MissingControl {
  readonly control: string;
  readonly consequence: string;
  readonly advice: string;
}

/** State of what will be changed, taken just before. */
export interface Snapshot {
  readonly takenAt: string;
  /** Whether the state that the action wants is there already: then it is not ours, and undo leaves it. */
  readonly inState: boolean;
  /** The provider's own version of the object (etag, resourceVersion, uid); null where it has none. */
  readonly version: string | null;
  /** Exactly what undo needs. No times of reading, no counters: an unchanged object gives equal state. */
  readonly state: JsonObject;
}

/** A call as it will be made. Secrets stand as `«secret NAME»`. */
export interface PlannedCall {
  /** `PATCH`, `MODIFY`, `SQL` … */
  readonly method: string;
  /** URL, distinguished name, database. */
  readonly address: string;
  readonly body: string | null;
}

interface OutcomeBase {
  /** One sentence for a person. */
  readonly detail: string;
  /** What the provider answered: status, request id, server time. Never a secret. */
  readonly facts: JsonObject;
  /** Of an undo: the new immutable id where the object had to be created again (R1). */
  readonly newId?: string;
}
export type Outcome = OutcomeBase &
  (
    | { readonly kind: 'applied' | 'already_in_state' | 'target_absent' | 'precondition_failed' }
    | { readonly kind: 'unsupported' }
    | { readonly kind: 'forbidden'; readonly missingPermissions: readonly string[] }
    | { readonly kind: 'throttled'; readonly retryAfterMs: number }
    | { readonly kind: 'partial'; readonly done: readonly string[]; readonly failed: readonly string[] }
    /** Time-out, reset, or 5xx after sending: it may have happened. */
    | { readonly kind: 'ambiguous' }
  );

/** What the control plane says: the *configured* fact. */
export interface Observation {
  readonly state: 'in_effect' | 'not_in_effect' | 'target_absent' | 'unknown';
  readonly detail: string;
  /** What was read. Never a secret. */
  readonly facts: JsonObject;
}

/** What a decision or a use of the credential says: the *enforced* fact. */
export interface Enforcement {
  readonly state: 'denied' | 'still_allowed' | 'unknown';
  /** A decision asked of the enforcing system, the credential itself used harmlessly, or a list of what is live. */
  readonly method: 'decision' | 'credential' | 'live_list';
  /** Only for these the answer speaks. */
  readonly artefacts: readonly Artefact[];
  readonly detail: string;
  readonly facts: JsonObject;
}

/** What is asked for: an identity, credential or session as the case or the analyst names it. */
export interface Reference {
  readonly kind: 'identity' | 'credential' | 'session';
  /** As the case knows it (ARN, login, e-mail, session id), or the fingerprint of a held credential (`fp_…`). */
  readonly id: string;
  /** Other names of the same: e-mail, login, user principal name. */
  readonly aliases: readonly string[];
  readonly account: string | null;
  /** For a held credential what it is, e.g. `refresh_token`; null where that is not known. */
  readonly credentialType: string | null;
}
