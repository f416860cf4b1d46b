import { openSigner } from '#electron/custody/signer.ts';
import { leafHash } from '#electron/custody/merkle.ts';
import type { Roster } from '#shared/respond/approval.ts';
import type { Envelope } from '#shared/respond/plan.ts';
import type { GivenBack, RunView } from '#shared/respond/run.ts';
import { type RunSummary, summarize } from '#shared/respond/run-summary.ts';
import type { LogWitness } from '#shared/respond/witness.ts';
import { FailureError } from '#shared/util/result.ts';
import { canonicalText, sha256 } from '../canonical.ts';
import type { JournalReader, StoredRecord } from '../journal/journal-reader.ts';
import type { Clock } from '../provider.ts';
import { givenBack } from '../run/given-back.ts';
import { ProofTree } from './proofs.ts';

/** A receipt's content. Everything in it can be followed to a record of the journal, whose inclusion is proved. */
export interface Receipt {
  readonly format: 'rescind-receipt';
  readonly version: 1;
  readonly issued: string;
  readonly run: string;
  readonly case: { readonly id: string; readonly name: string };
  /** Canonical JSON of the plan: its SHA-256 is the hash that was approved. */
  readonly plan: string;
  readonly planHash: string;
  readonly authority: RunView['authority'];
  readonly approvals: readonly Envelope[];
  readonly roster: Roster | null;
  readonly countersigned: readonly string[];
  readonly actions: readonly ReceiptAction[];
  readonly summary: RunSummary;
  readonly residual: RunView['plan']['residual'];
  readonly survivors: RunView['sweeps'];
  readonly logs: readonly LogWitness[];
  readonly journal: { readonly id: string; readonly checkpoint: string };
  readonly records: readonly ProvedRecord[];
  /**
   * The restore that has given access back, with the records of its start and its first intent; null without one.
   * Everything else in the receipt is of the time before, and claims nothing of the time from then on.
   */
  readonly givenBack: (GivenBack & { readonly records: readonly ProvedRecord[] }) | null;
}

interface ProvedRecord {
  readonly seq: number;
  readonly line: string;
  readonly body: string;
  readonly proof: readonly string[];
}

/** The three facts, each with the number of the record that is its evidence. */
export interface ReceiptAction {
  readonly id: string;
  readonly target: string;
  readonly title: string;
  readonly reversibility: string | null;
  readonly outcome: string | null;
  readonly ours: string;
  readonly state: string;
  readonly requested: { readonly at: string; readonly record: number } | null;
  readonly configured: { readonly state: string; readonly at: string; readonly record: number } | null;
  readonly enforced: { readonly state: string; readonly at: string; readonly record: number } | null;
}

/** A receipt's file: its exact text, and a signed note over its digest. */
export interface ReceiptFile {
  readonly format: 'rescind-receipt-file';
  readonly receipt: string;
  readonly note: string;
  /** Verifier keys of the note and of the journal's checkpoint. */
  readonly keys: readonly string[];
}

interface IssueInput {
  /** As it was before a restore began, if one did. */
  readonly run: RunView;
  readonly witnesses: readonly LogWitness[];
  readonly roster: Roster | null;
  readonly reader: JournalReader;
  readonly configFolder: string;
  readonly clock: Clock;
}

/**
 * Issues the signed receipt of a run. Throws kind `refused` where the logs do not cover the run, naming what is
 * missing: a receipt that nobody outside of this program could contradict proves nothing.
 */
export function issueReceipt({
  run,
  witnesses,
  roster,
  reader,
  configFolder,
  clock,
}: IssueInput): ReceiptFile {
  const open = run.actions.find(({ open: intent }) => intent !== null);
  if (open !== undefined) {
    throw new FailureError(
      'refused',
      `${open.action.spec.title}: what became of it is not known. Resume the run first.`,
    );
  }
  const lacking = witnesses.filter(({ kind }) => kind === 'not-covered');
  if (lacking.length > 0 || witnesses.length === 0) {
    const why = lacking.map(({ provider, why: reason }) => `${provider}: ${reason}`).join('. ');
    throw new FailureError('refused', `No receipt: the logs do not cover the run. ${why}.`);
  }
  const checkpoint = reader.checkpoint();
  if (checkpoint === null) throw new FailureError('unusable', 'The journal has no checkpoint yet.');
  const tree = new ProofTree(
    reader
      .lines()
      .slice(0, checkpoint.size)
      .map((line) => leafHash(Buffer.from(line))),
  );
  const proved = (record: StoredRecord): ProvedRecord => ({
    ...record,
    proof: tree.proof(record.seq).map((hash) => hash.toString('base64')),
  });
  const back = givenBack(reader, run.run);
  const end = Math.min(checkpoint.size, back?.intent ?? checkpoint.size);
  if (back !== null && back.intent >= checkpoint.size) {
    throw new FailureError(
      'refused',
      'Access is being given back just now. Wait until the restore has stopped.',
    );
  }
  const receipt: Receipt = {
    format: 'rescind-receipt',
    version: 1,
    issued: new Date(clock.now()).toISOString(),
    run: run.run,
    case: run.plan.case,
    plan: canonicalText(run.plan),
    planHash: run.hash,
    authority: run.authority,
    approvals: run.document.approvals,
    roster,
    countersigned: run.countersigned,
    actions: run.actions.map(receiptAction),
    summary: verdict(run, witnesses),
    residual: run.plan.residual,
    survivors: run.sweeps,
    logs: witnesses,
    journal: { id: reader.id, checkpoint: checkpoint.note },
    records: reader
      .stored(run.run)
      .filter(({ seq }) => seq < end)
      .map(proved),
    givenBack:
      back === null
        ? null
        : {
            run: back.run,
            plan: back.plan,
            planHash: back.planHash,
            at: back.at,
            records: reader
              .stored(back.run)
              .filter(({ seq }) => seq === back.start || seq === back.intent)
              .map(proved),
          },
  };
  const text = canonicalText(receipt);
  const signer = openSigner(configFolder);
  const body = `rescind/receipt/${run.run}\n${sha256(text)}\ntime ${receipt.issued}\n`;
  return {
    format: 'rescind-receipt-file',
    receipt: text,
    note: `${body}\n${signer.signatureLine(body)}\n`,
    keys: [...new Set([signer.verifierKey, ...checkpoint.keys])],
  };
}

/** What the logs saw afterwards weighs more than what the control plane says. */
function verdict(run: RunView, witnesses: readonly LogWitness[]): RunSummary {
  const summary = summarize(run);
  const isSeen = witnesses.some(({ subjects }) => subjects.some(({ successesAfter }) => successesAfter > 0));
  return run.plan.kind === 'revoke' && isSeen ? { ...summary, contained: false } : summary;
}

function receiptAction(view: RunView['actions'][number]): ReceiptAction {
  const { action, outcome, ours, state, requested, configured, enforced } = view;
  return {
    id: action.id,
    target: action.target,
    title: action.spec.title,
    reversibility: action.spec.reversibility,
    outcome: outcome?.kind ?? null,
    ours,
    state,
    requested,
    configured:
      configured === null ? null : { state: configured.state, at: configured.at, record: configured.record },
    enforced: enforced === null ? null : { state: enforced.state, at: enforced.at, record: enforced.record },
  };
}
