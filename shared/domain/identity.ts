import type { Standing } from './decision.ts';
import type { DirectoryStatus, IdentityKind, LastUse } from './directory.ts';
import type { Outcome, Principal } from './event.ts';
import type { FormatName } from './format.ts';

/** A moment as evidence tells it: microseconds since 1970 to compare, and the source's own text. */
export interface Moment {
  readonly micros: number;
  /** RFC 3339 in UTC. */
  readonly text: string;
}

/** All events of one combination of who acted, for whom, with what, and how it ended. */
export interface Use {
  readonly format: FormatName;
  /** The account in whose log the events lie. */
  readonly account: string | null;
  readonly subject: Principal;
  readonly actor: Principal | null;
  /** A long-lived one: those of sessions make one use together. */
  readonly credential: { readonly id: string; readonly type: string } | null;
  /**
   * Of a use with credentials of sessions: how many there were (by id and type) that no earlier use of the same
   * identity had, so that they add up.
   */
  readonly sessions: number;
  readonly outcome: Outcome;
  /** The credential was not accepted: the attempt proves nothing of the identity. */
  readonly unauthenticated: boolean;
  readonly events: number;
  readonly first: Moment;
  readonly last: Moment;
}

/** The days on which one log (a format in one account) has events. */
export interface LogDays {
  readonly format: FormatName;
  readonly account: string | null;
  readonly from: Moment;
  readonly to: Moment;
  /** Days since 1970 (UTC) with at least one event, ascending. */
  readonly days: readonly number[];
}

/**
 * What shows that an identity or credential was alive, strongest first: it did something (`use`), somebody acted
 * through it or it through others (`on-behalf`), it was refused a right (`denied`), its credential was refused
 * (`attempt`, which proves nothing), or a directory says so (`directory`).
 */
export type SeenBasis = 'use' | 'on-behalf' | 'denied' | 'attempt' | 'directory';

export type Dormancy = 'active' | 'dormant' | 'never-seen' | 'cannot-know';

/** The logs behind a statement about silence. */
export interface UseCoverage {
  /** The stretch that the statement is about: RFC 3339. */
  readonly from: string;
  readonly to: string;
  readonly days: number;
  /** Days of it for which logs or directories would show the identity. */
  readonly daysWithEvents: number;
  /** `daysWithEvents / days`, 0 to 1. */
  readonly confidence: number;
  readonly sources: readonly { readonly format: FormatName; readonly account: string | null }[];
  readonly why: string;
}

export interface IdentityCredential {
  readonly id: string;
  readonly type: string;
  readonly firstSeen: string | null;
  readonly lastSeen: string | null;
  readonly lastSeenBasis: SeenBasis | null;
  readonly events: number;
  readonly denied: number;
  readonly dormancy: Dormancy;
  /** What a directory says of it; null where none does. */
  readonly directory: CredentialFacts | null;
}

export interface CredentialFacts {
  readonly status: 'active' | 'inactive' | null;
  readonly created: string | null;
  readonly rotated: string | null;
  readonly expires: string | null;
  /** Whole days since it was made or last rotated, at the reference time. */
  readonly ageDays: number | null;
  readonly lastUse: LastUse | null;
}

/** One place in which an identity appears. */
export interface Appearance {
  /** Names it in decisions. */
  readonly key: string;
  readonly source: 'log' | 'directory' | 'bundle';
  /** Log formats, the directory's format, or the policy system. */
  readonly formats: readonly string[];
  readonly account: string | null;
  readonly id: string;
  readonly name: string | null;
  readonly type: string;
  /** Of a directory or a bundle. */
  readonly status: DirectoryStatus | null;
  readonly firstSeen: string | null;
  readonly lastSeen: string | null;
  readonly events: number;
  readonly denied: number;
  /** Where a directory's entry stands; null for logs, whose events say so one by one, and for bundles. */
  readonly evidence: { readonly sha256: string; readonly offset: number; readonly length: number } | null;
  /** The bundles that have it, the latest first. */
  readonly bundles: readonly BundleMention[];
}

/** An identity in one bundle. */
export interface BundleMention {
  readonly id: string;
  readonly system: string;
  /** From when the bundle was in force: RFC 3339; null where nobody knows. */
  readonly inForceFrom: string | null;
  readonly isDefined: boolean;
  readonly reasons: readonly string[];
  readonly path: string;
  readonly locator: string;
}

/** Why two appearances are one identity. */
export interface IdentityMatch {
  readonly one: string;
  readonly other: string;
  readonly rule: 'immutable-id' | 'arn' | 'name' | 'mail' | 'employee-number' | 'analyst';
  readonly why: string;
}

/** Two appearances that may be one identity: somebody has to say so. */
export interface DoubtfulMatch {
  readonly one: Appearance;
  readonly other: Appearance;
  readonly reasons: readonly string[];
  /** Against it, where something speaks against it. */
  readonly against: readonly string[];
}

export type OrphanReason =
  | 'not-in-directory'
  | 'gone-from-source'
  | 'owner-gone'
  | 'credential-without-identity';

export interface Orphan {
  readonly reason: OrphanReason;
  readonly why: string;
  /** Seen alive after that; null where nothing could show it. */
  readonly active: boolean | null;
}

/** What directories say of an identity, taken together. */
export interface DirectoryFacts {
  readonly status: DirectoryStatus | null;
  readonly created: string | null;
  readonly ends: string | null;
  readonly mfa: boolean | null;
  readonly password: boolean | null;
  readonly privileged: boolean;
  readonly manager: string | null;
  readonly groups: readonly string[];
  readonly lastUses: readonly (LastUse & { readonly format: string })[];
}

/** One identity over all its appearances; the shape of `rescind identities`. */
export interface Identity {
  readonly id: string;
  readonly type: string;
  readonly name: string | null;
  readonly account: string | null;
  /** Log formats, directories and policy systems in which it appears. */
  readonly sources: readonly string[];
  readonly firstSeen: string | null;
  readonly lastSeen: string | null;
  readonly lastSeenBasis: SeenBasis | null;
  /** The last moment that proves it alive: a refused credential does not. */
  readonly lastAlive: string | null;
  /** Long-lived credentials; those of sessions are counted. */
  readonly credentials: readonly IdentityCredential[];
  readonly sessionCredentials: number;
  readonly events: number;
  readonly denied: number;
  readonly dormancy: Dormancy;
  readonly coverage: UseCoverage;
  /** Null where no directory says anything of identities of this kind. */
  readonly orphan: boolean | null;
  readonly orphans: readonly Orphan[];
  readonly owner: string | null;
  readonly standing: Standing;
  /** End of what is temporary or an exception. */
  readonly standingUntil: string | null;
  readonly kind: IdentityKind | null;
  /** Who says so; `inferred` from what it is in AWS or Kubernetes. */
  readonly kindBasis: 'analyst' | 'directory' | 'inferred' | null;
  /** Every id that it has anywhere. */
  readonly ids: readonly string[];
  readonly appearances: readonly Appearance[];
  readonly matches: readonly IdentityMatch[];
  /** Doubtful matches that wait for somebody. */
  readonly doubts: number;
  readonly directory: DirectoryFacts | null;
}

export interface IdentityOptions {
  /** Reference time of every statement. */
  readonly asOf: Moment;
  /** Silence of this many days is dormancy. */
  readonly dormantAfterDays: number;
}

/** Orders of the inventory; `-` is the largest or latest first. Who was never seen comes last; names without case. */
export const identityOrders = [
  'id',
  '-id',
  'name',
  '-name',
  'firstSeen',
  '-firstSeen',
  'lastSeen',
  '-lastSeen',
  'events',
  '-events',
  'denied',
  '-denied',
] as const;
export type IdentityOrder = (typeof identityOrders)[number];

/** Whether a credential lives for a session alone: AWS's `ASIA…` keys, and tokens. */
export function isSessionCredential({ id, type }: { readonly id: string; readonly type: string }): boolean {
  return id.startsWith('ASIA') || /token|session/i.test(type);
}
