import type {
  DryRunView,
  JournalReport,
  NewOrderView,
  PlanFileView,
  PlanSummary,
  PlanView,
  ProviderTestView,
  ProviderTypeView,
  ProviderView,
  ReceiptReport,
  ReceiptView,
  RosterView,
  RunStatus,
  SignedOrderView,
  SignedRosterView,
} from '#shared/ipc/respond-views.ts';
import type { Deviation } from '#shared/respond/baseline.ts';
import type { Usage } from '#shared/respond/forecast.ts';
import type { PlanReference } from '#shared/respond/plan.ts';
import type { LogWitness, WitnessNeed } from '#shared/respond/witness.ts';
import type { MethodContext } from './rpc.ts';

/** The open case as respond knows it: its name and folder, never its database. */
export interface RespondCase {
  readonly id: string;
  readonly name: string;
  readonly folder: string;
}
/** A plan by its id in the open case, or by a file that the command line named. */
export type PlanRef = { readonly id: string } | { readonly file: string };
interface KeyFile {
  readonly key: string;
  readonly passphrase: string | null;
}

/** Respond: provider calls and the action journal. Items of `execute`, `resume` and `verify` are `RunProgress`. */
export type RespondService = {
  start(input: { configFolder: string }): null;
  providerTypes(input: { type: string | null }): Promise<readonly ProviderTypeView[]>;
  providerList(input: Record<string, never>): Promise<readonly ProviderView[]>;
  /**
   * Checks a configuration without keeping it; answers with the names of its secrets, and whether it leads to where the
   * one of this name leads now (address, scope and authority are the same).
   */
  providerCheck(
    input: ProviderSettings,
  ): Promise<{ secrets: readonly { name: string; required: boolean }[]; leadsThere: boolean }>;
  providerSave(input: ProviderSettings): Promise<ProviderView>;
  providerTest(input: { name: string }): Promise<ProviderTestView>;
  /** Answers with the names of the secrets that are to be forgotten. */
  providerRemove(input: { name: string }): Promise<{ secrets: readonly string[] }>;
  roster(input: Record<string, never>): RosterView | null;
  pinRoster(input: { file: string }): RosterView;
  /** What is signed goes to `out`; to nowhere but the answer where that is null. */
  signRoster(input: { file: string; out: string | null } & KeyFile): SignedRosterView;
  createKey(input: { file: string; passphrase: string | null }): { publicKey: string };
  createOrder(
    input: {
      playbook: string;
      providers: readonly string[];
      mostTargets: number;
      operatorRoles: readonly string[];
      days: number;
      out: string | null;
    } & KeyFile,
  ): NewOrderView;
  signOrder(input: { file: string; out: string | null } & KeyFile): SignedOrderView;
  addOrder(input: { file: string }): SignedOrderView;
  removeOrder(input: { id: string }): null;
  plan(
    input: {
      case: RespondCase;
      references: readonly PlanReference[];
      playbook: string;
      playbookFile: string | null;
      providers: readonly string[];
      incident: string | null;
      since: string | null;
      usage: readonly Usage[];
      out: string | null;
    },
    context: MethodContext,
  ): Promise<PlanView>;
  exportPlaybook(input: {
    case: RespondCase | null;
    plan: PlanRef | null;
    playbook: string | null;
    out: string;
  }): { file: string };
  plans(input: { case: RespondCase }): readonly PlanSummary[];
  planFile(input: { case: RespondCase; plan: PlanRef }): PlanFileView;
  preview(input: { case: RespondCase | null; plan: PlanRef }): PlanView;
  approve(
    input: {
      case: RespondCase | null;
      plan: PlanRef;
      decision: 'approve' | 'reject';
      reason: string | null;
    } & KeyFile,
  ): Promise<PlanView>;
  addApproval(input: { case: RespondCase | null; plan: PlanRef; envelope: string }): Promise<PlanView>;
  dryRun(input: { case: RespondCase | null; plan: PlanRef }, context: MethodContext): Promise<DryRunView>;
  execute(
    input: {
      case: RespondCase | null;
      plan: PlanRef;
      hash: string | null;
      emergency: { readonly reason: string } | null;
      key: string | null;
      passphrase: string | null;
    },
    context: MethodContext,
  ): Promise<RunStatus>;
  /** No new dispatch in this process; what is under way settles. */
  stop(input: Record<string, never>): null;
  runs(input: {
    case: RespondCase;
  }): readonly { run: string; status: string; startedAt: string; plan: string }[];
  status(input: { case: RespondCase | null; run: string | null; plan: PlanRef | null }): RunStatus;
  resume(
    input: {
      case: RespondCase | null;
      run: string;
      plan: PlanRef | null;
      deviations: readonly Deviation[] | null;
    },
    context: MethodContext,
  ): Promise<RunStatus>;
  verify(
    input: { case: RespondCase | null; run: string; round: string },
    context: MethodContext,
  ): Promise<RunStatus>;
  restore(
    input: { case: RespondCase | null; run: string; observeSeconds: number; out: string | null },
    context: MethodContext,
  ): Promise<PlanView>;
  /** The folder of the case that a run belongs to. */
  caseOf(input: { case: RespondCase | null; run: string }): { folder: string };
  /** What the logs must say for a receipt. */
  receiptNeeds(input: { case: RespondCase | null; run: string }): { needs: readonly WitnessNeed[] };
  receipt(input: {
    case: RespondCase | null;
    run: string;
    witnesses: readonly LogWitness[];
    out: string | null;
  }): Promise<ReceiptView>;
  checkReceipt(input: { file: string; key: string | null }): ReceiptReport;
  verifyJournals(input: { case: RespondCase | null }): readonly JournalReport[];
};

interface ProviderSettings {
  readonly name: string;
  readonly type: string;
  readonly settings: Readonly<Record<string, string>>;
}

/**
 * What the host serves to respond on the same port: secrets out of its vault, each when a call needs it. SECURITY:
 * the only way on which a secret reaches a provider; never an argument, an environment variable or a file.
 */
export type SecretService = {
  secret(input: { provider: string; field: string }): Promise<string>;
  held(input: { provider: string; fingerprint: string }): Promise<string | null>;
  fingerprint(input: { credential: string }): Promise<string>;
};
