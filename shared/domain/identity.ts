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
  readonly credential: { readonly id: string; readonly type: string } | null;
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
  /** Days of it on which the logs that would show the identity have events. */
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
}

/** One identity over all its appearances; the shape of `rescind identities`. */
export interface Identity {
  readonly id: string;
  readonly type: string;
  readonly name: string | null;
  readonly account: string | null;
  /** Log formats and directories in which it appears. */
  readonly sources: readonly string[];
  readonly firstSeen: string | null;
  readonly lastSeen: string | null;
  readonly lastSeenBasis: SeenBasis | null;
  /** Long-lived credentials; those of sessions are counted. */
  readonly credentials: readonly IdentityCredential[];
  readonly sessionCredentials: number;
  readonly events: number;
  readonly denied: number;
  readonly dormancy: Dormancy;
  readonly coverage: UseCoverage;
  /** Null where no directory says anything of identities of this kind. */
  readonly orphan: boolean | null;
  readonly owner: string | null;
  readonly standing: 'standing' | 'temporary' | 'exception';
}

export interface IdentityOptions {
  /** Reference time of every statement. */
  readonly asOf: Moment;
  /** Silence of this many days is dormancy. */
  readonly dormantAfterDays: number;
}

/** Orders of the inventory; `-` is the largest or latest first. Who was never seen comes last. */
export const identityOrders = [
  'id',
  '-id',
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
