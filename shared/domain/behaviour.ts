export type FeatureKind = 'action' | 'scope' | 'address' | 'user-agent';

/** One thing that one subject did, or was seen with, and when first. */
export interface BehaviourFeature {
  readonly kind: FeatureKind;
  readonly subject: string;
  readonly value: string;
  readonly events: number;
  /** Days since 1970 (UTC) of the first event. */
  readonly firstDay: number;
  readonly first: string;
  readonly firstEvent: string;
}

/** The decisions on one subject's requests on one day. */
export interface BehaviourDay {
  readonly subject: string;
  readonly day: number;
  readonly allowed: number;
  readonly denied: number;
  /** The first event of the day, and the first that was denied. */
  readonly firstEvent: string;
  readonly firstDenied: string | null;
}

/** One action of one subject that was denied, and allowed too. */
export interface BehaviourTurn {
  readonly subject: string;
  readonly action: string;
  readonly denied: number;
  readonly allowed: number;
  readonly firstDenied: string;
  readonly firstDeniedDay: number;
  readonly firstAllowed: string;
  /** Evidence: of the first denial and of the first that was allowed. */
  readonly events: readonly [string, string];
}

/** All that the judgement of behaviour needs of the log. */
export interface BehaviourFacts {
  readonly asOf: string | null;
  readonly subjects: readonly {
    readonly id: string;
    readonly type: string;
    readonly account: string | null;
    readonly format: string;
  }[];
  readonly features: readonly BehaviourFeature[];
  readonly days: readonly BehaviourDay[];
  readonly turns: readonly BehaviourTurn[];
  /** Days since 1970 with events of anybody, by format. */
  readonly logs: readonly { readonly format: string; readonly days: readonly number[] }[];
}

export type BehaviourKind =
  | 'first-seen'
  | 'rising-denials'
  | 'denied-then-allowed'
  | 'unexpected-volume'
  | 'unexpected-allow-rate'
  | 'woken';

/** One day on which an identity did not behave as it and its peers had before; the shape of `rescind behaviour`. */
export interface BehaviourChange {
  readonly kind: BehaviourKind;
  readonly subject: string;
  /** RFC 3339: the day. */
  readonly day: string;
  /** In words, with the numbers. */
  readonly why: string;
  readonly seen: number;
  /** What the baseline made one expect. */
  readonly expected: number;
  /** How likely so much is by chance, by the baseline; null where it is no matter of chance. */
  readonly probability: number | null;
  readonly baseline: {
    readonly from: string;
    readonly to: string;
    readonly days: number;
    readonly daysWithEvents: number;
    /** Days on which the identity itself did something. */
    readonly daysActive: number;
    readonly peers: number;
  };
  readonly novelties: readonly { readonly kind: FeatureKind; readonly value: string }[];
  /** Ids of events that show it. */
  readonly events: readonly string[];
}
