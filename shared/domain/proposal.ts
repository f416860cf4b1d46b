/** How much more than what was seen a proposal allows. It never allows more than is granted now. */
export interface ProposalMargin {
  /**
   * `exact`: the resources that were used; `siblings`: also those beside them (of the same folder, prefix or type; of a
   * cluster, of the same type in the namespace); `granted`: those of the present grants.
   */
  readonly resources: 'exact' | 'siblings' | 'granted';
  /** Also the reading actions of services, or of types of resources, that were used. */
  readonly reads: boolean;
  /** Keep rights whose use the log cannot show. */
  readonly unseen: boolean;
}

/** One kind of request that was allowed. */
export interface ObservedUse {
  readonly action: string;
  /** The id that the log gives; null where it gives none. */
  readonly resource: string | null;
  readonly others: readonly string[];
  readonly events: number;
}

export interface ProposalQuestion {
  readonly subject: string;
  readonly observed: readonly ObservedUse[];
  readonly margin: ProposalMargin;
  /** Whether use of an action on resources of a pattern would not show in the log. */
  readonly isUnseen: (action: string, resource: string) => boolean;
}

export interface ProposedPolicy {
  readonly name: string;
  readonly language: 'json' | 'yaml';
  readonly text: string;
}

/** A request of the log under the proposal. */
export interface ProposalCheck {
  readonly action: string;
  readonly resource: string | null;
  readonly events: number;
  readonly why: string;
}

/** What a policy system proposes. */
export interface SystemProposal {
  readonly policies: readonly ProposedPolicy[];
  /** Actions that are kept although no use was seen, because the log could not show it. */
  readonly kept: readonly string[];
  /** Requests that are allowed now and would not be: none. */
  readonly broken: readonly ProposalCheck[];
  /** Requests that were allowed and that the present grants do not explain: the proposal has nothing for them. */
  readonly unexplained: readonly ProposalCheck[];
  readonly notes: readonly string[];
}

/** The smallest policy that covers the use that was seen; the shape of `rescind usage --propose`. */
export interface PolicyProposal extends SystemProposal {
  readonly subject: string;
  readonly system: string;
  readonly bundle: string;
  readonly margin: ProposalMargin;
  readonly observed: { readonly requests: number; readonly events: number };
  /** The stretch of the log. */
  readonly coverage: {
    readonly from: string | null;
    readonly to: string | null;
    readonly days: number;
    readonly daysWithEvents: number;
  };
  /** Present permissions by whether they were used. */
  readonly permissions: { readonly used: number; readonly unused: number; readonly cannotKnow: number };
}
