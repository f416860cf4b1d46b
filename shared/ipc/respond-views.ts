import type { Approval, Requirement, Roster } from '../respond/approval.ts';
import type { Plan } from '../respond/plan.ts';
import type { ActionState, RunView } from '../respond/run.ts';
import type { RunAuthority } from '../respond/run-records.ts';
import type { RunSummary } from '../respond/run-summary.ts';

/** What the operations of emergency revocation answer. Never a secret. */

export interface ProviderTypeView {
  readonly type: string;
  readonly title: string;
  readonly secrets: readonly { readonly name: string; readonly title: string; readonly required: boolean }[];
  readonly permissions: readonly {
    readonly name: string;
    readonly neededFor: string;
    readonly why: string;
  }[];
  readonly provedOn: 'real-server' | 'contract-fake';
  /** Settings of `--set`, with whether each is required. */
  readonly settings: readonly { readonly name: string; readonly required: boolean; readonly help: string }[];
}

export interface ProviderView {
  readonly name: string;
  readonly type: string;
  readonly title: string;
  readonly provedOn: 'real-server' | 'contract-fake';
  /** Whether it acts on credentials that the operator holds. */
  readonly takesHeld: boolean;
  readonly settings: Readonly<Record<string, string>>;
  readonly sourcedFrom: readonly string[];
  readonly breakGlass: readonly string[];
  readonly hasCertificateAuthority: boolean;
  readonly logs: readonly string[] | null;
}

export interface ProviderTestView {
  readonly name: string;
  readonly ok: boolean;
  readonly tenant: string | null;
  readonly tenantName: string | null;
  readonly operator: string | null;
  readonly missing: readonly string[];
  readonly unchecked: readonly string[];
  readonly notes: readonly string[];
  /** Why it could not be asked; null where it could. */
  readonly failed: string | null;
}

export interface RosterView extends Omit<Roster, 'format'> {
  readonly orders: readonly OrderView[];
}

export interface OrderView {
  readonly id: string;
  readonly playbook: string;
  readonly providers: readonly string[];
  readonly mostTargets: number;
  readonly operatorRoles: readonly string[];
  readonly people: readonly string[];
  readonly notAfter: string;
  /** Why it gives no right, whatever the plan; null where it may. */
  readonly objection: string | null;
}

/** A roster's file with one more signature. */
export interface SignedRosterView {
  readonly version: number;
  readonly signatures: number;
  readonly text: string;
}

export interface NewOrderView {
  readonly id: string;
  readonly text: string;
}

/** A standing order's file, with who has signed it. */
export interface SignedOrderView extends NewOrderView {
  readonly people: readonly string[];
}

/** How a signed decision stands now. */
export interface ApprovalView {
  readonly person: string | null;
  readonly decision: Approval['decision'] | null;
  /** Why it does not count; null where it does. */
  readonly objection: string | null;
}

export interface PlanView {
  readonly plan: Plan;
  readonly hash: string;
  /** The first letters of the hash in groups, to be compared by voice. */
  readonly code: string;
  readonly approvals: readonly ApprovalView[];
  readonly requirement: Requirement | null;
  /** Why it could not be executed now; null where it could. */
  readonly refusal: string | null;
  /** The case's run of this plan, where it has been executed. */
  readonly runs: readonly string[];
}

export interface PlanFileView {
  /** Where the case keeps it, for display. */
  readonly path: string;
  readonly name: string;
  readonly text: string;
}

export interface PlanSummary {
  readonly id: string;
  readonly hash: string;
  readonly kind: Plan['kind'];
  readonly created: string;
  readonly playbook: string;
  readonly references: readonly string[];
  readonly actions: number;
  readonly approvals: number;
  readonly restores: string | null;
}

export interface ActionStatus {
  readonly id: string;
  readonly provider: string;
  readonly target: string;
  readonly name: string;
  readonly title: string;
  readonly verb: string;
  readonly reversibility: string | null;
  readonly state: ActionState;
  readonly outcome: string | null;
  readonly detail: string;
  readonly ours: 'no' | 'yes' | 'presumed';
  readonly requested: string | null;
  readonly configured: { readonly state: string; readonly at: string; readonly detail: string } | null;
  readonly enforced: { readonly state: string; readonly at: string; readonly detail: string } | null;
}

export interface RunStatus {
  readonly run: string;
  readonly plan: string;
  readonly kind: Plan['kind'];
  readonly hash: string;
  readonly status: RunView['status'];
  readonly startedAt: string;
  readonly authority: RunAuthority;
  /** Emergency that nobody else has signed for yet: how many are still needed. */
  readonly countersignaturesMissing: number;
  readonly summary: RunSummary;
  readonly actions: readonly ActionStatus[];
  readonly gaps: Plan['gaps'];
  readonly refusals: Plan['refusals'];
  readonly survivors: readonly { readonly provider: string; readonly name: string; readonly why: string }[];
  readonly scheduled: RunView['scheduled'];
  /** Rounds of looking again that have taken place. */
  readonly rounds: readonly string[];
  readonly stages: RunView['stages'];
  /** When a restore gave access back, and by which plan: what the run says is of the time before. */
  readonly givenBack: { readonly at: string; readonly plan: string } | null;
}

export interface RunProgress {
  readonly run: string | null;
  readonly action: string | null;
  readonly kind: string;
  readonly done: number;
  readonly total: number;
}

export interface DryRunView {
  readonly plan: string;
  readonly hash: string;
  readonly changed: readonly string[];
  readonly actions: readonly {
    readonly id: string;
    readonly title: string;
    readonly name: string;
    /** `native`: the provider was asked; `read`: permissions and state were read, nothing more can be known. */
    readonly by: 'native' | 'read';
    readonly outcome: string;
    readonly detail: string;
  }[];
}

export interface JournalReport {
  /** The journal's folder, for display. */
  readonly folder: string;
  readonly ok: boolean;
  readonly records: number;
  readonly signed: number;
  readonly checkpoints: number;
  readonly rootHash: string | null;
  readonly firstDifference: number | null;
  readonly problems: readonly string[];
  readonly runs: readonly { readonly run: string; readonly status: string; readonly startedAt: string }[];
}

export interface ReceiptView {
  readonly run: string;
  readonly file: string;
  readonly digest: string;
  readonly contained: boolean | null;
  readonly residualUntil: string | null;
  readonly survivors: number;
  /** When a restore gave access back, and by which plan: the receipt claims nothing from then on. */
  readonly givenBack: { readonly at: string; readonly plan: string } | null;
}

export interface ReceiptReport {
  readonly ok: boolean;
  readonly run: string | null;
  readonly planHash: string | null;
  readonly issued: string | null;
  readonly contained: boolean | null;
  readonly residualUntil: string | null;
  readonly approvals: readonly string[];
  readonly records: number;
  readonly survivors: number;
  readonly givenBack: { readonly at: string; readonly plan: string } | null;
  readonly problems: readonly string[];
}
