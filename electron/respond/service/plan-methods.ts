import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { PlanRef, RespondCase, RespondService } from '#electron/platform/respond-service.ts';
import type { ApprovalView, PlanView } from '#shared/ipc/respond-views.ts';
import { hasRole, requirementOf } from '#shared/respond/approval.ts';
import type { Envelope, PlanDocument } from '#shared/respond/plan.ts';
import { type Playbook, playbookNamed, playbooks } from '#shared/respond/playbook.ts';
import { foldRun } from '#shared/respond/run.ts';
import { FailureError, failureOf } from '#shared/util/result.ts';
import { type CheckedApproval, checkApproval } from '../approval/authority.ts';
import { readKeyFile } from '../approval/keys.ts';
import { envelopeSchema } from '../approval/roster-store.ts';
import { approve } from '../approval/sign.ts';
import { exportPlan, exportPlaybook } from '../cacao/export.ts';
import { importPlaybook } from '../cacao/import.ts';
import { writeDurably } from '../files.ts';
import { buildPlan } from '../plan/build-plan.ts';
import { buildRestore } from '../plan/build-restore.ts';
import { pinned } from './approval-methods.ts';
import { plansIn, refuseToReplace } from './plan-files.ts';
import { authorityFor, emergenciesOf, journalFacts } from './right.ts';
import { caseFolderOf, type Workplace } from './workplace.ts';

type PlanMethod =
  | 'plan'
  | 'exportPlaybook'
  | 'plans'
  | 'planFile'
  | 'preview'
  | 'approve'
  | 'addApproval'
  | 'restore';

/** What created things count as the suspect's where nobody says since when. */
const defaultLookback = 24 * 3_600_000;

export function planMethods(workplace: () => Workplace): Pick<RespondService, PlanMethod> {
  return {
    plan: async (input, { signal }) => {
      const place = workplace();
      const { clock, redactor, registry } = place;
      if (input.out !== null) refuseToReplace(input.out);
      const playbook =
        input.playbookFile === null
          ? builtIn(input.playbook)
          : importPlaybook(textOf(input.playbookFile), clock.now());
      const all = registry.list().map(({ name }) => name);
      for (const name of input.providers) registry.get(name);
      const { id, name, folder } = input.case;
      const journalFolder = join(folder, 'journal');
      const journal = await place.withJournal(journalFolder, async (open) => {
        open.checkpoint();
        return Promise.resolve(open.id);
      });
      const document = await place.withPool((pool) =>
        buildPlan(
          {
            case: { id, name },
            journal,
            incident: input.incident,
            since: sinceOf(input.since, clock.now()),
            references: input.references,
            providers: input.providers.length === 0 ? all : input.providers,
            playbook,
            usage: input.usage,
            proposer: place.user,
          },
          { pool, clock, redactor, signal },
        ),
      );
      place.keep(document, input.out === null ? null : { file: input.out }, input.case);
      return planView(document, place, input.case);
    },
    exportPlaybook: ({ plan, playbook, out, case: open }) => {
      const place = workplace();
      const now = place.clock.now();
      const path = resolve(out);
      const document = plan === null ? null : place.load(plan, open);
      const content =
        document === null
          ? exportPlaybook(builtIn(playbook ?? 'contain'), now)
          : exportPlan(document.plan, document.hash, now);
      writeDurably(path, `${JSON.stringify(content, null, 2)}\n`);
      return { file: path };
    },
    plans: ({ case: open }) =>
      plansIn(open.folder).map(({ plan, hash, approvals }) => ({
        id: plan.id,
        hash,
        kind: plan.kind,
        created: plan.created,
        playbook: plan.playbook.name,
        references: plan.references.map(({ id }) => id),
        actions: plan.actions.length,
        approvals: approvals.length,
        restores: plan.restores,
      })),
    planFile: ({ plan, case: open }) => {
      const document = workplace().load(plan, open);
      const path = workplace().pathOf(plan, open);
      return { path, name: `${document.plan.id}.json`, text: `${JSON.stringify(document, null, 1)}\n` };
    },
    preview: ({ plan, case: open }) => planView(workplace().load(plan, open), workplace(), open),
    approve: async ({ plan, key, passphrase, decision, reason, case: open }) => {
      const place = workplace();
      const document = place.load(plan, open);
      const roster = pinned(place);
      const now = place.clock.now();
      const envelope = approve({
        document,
        roster,
        key: readKeyFile(key, passphrase),
        decision,
        reason,
        now,
      });
      return addEnvelope(place, document, envelope, plan, open);
    },
    addApproval: async ({ plan, envelope, case: open }) => {
      const place = workplace();
      const document = place.load(plan, open);
      return addEnvelope(place, document, parseEnvelope(envelope), plan, open);
    },
    restore: async ({ run, observeSeconds, out, case: open }, { signal }) => {
      const place = workplace();
      if (out !== null) refuseToReplace(out);
      const folder = place.folderOfRun(run, open);
      const view = place.reading(folder, (reader) => foldRun(reader.records(run)));
      if (view === null) throw new FailureError('not-found', `There is no run “${run}”.`);
      const { clock, redactor, user } = place;
      const document = await place.withPool((pool) =>
        buildRestore({ run: view, observeSeconds, proposer: user }, { pool, clock, redactor, signal }),
      );
      const home = { ...view.plan.case, folder: caseFolderOf(folder) };
      place.keep(document, out === null ? null : { file: out }, home);
      return planView(document, place, home);
    },
  };
}

/**
 * Takes a signed decision into the plan's file. A no goes into the journal as well; for a run by emergency a yes counts
 * as a countersignature, which uses it up.
 */
async function addEnvelope(
  place: Workplace,
  document: PlanDocument,
  envelope: Envelope,
  ref: PlanRef,
  open: RespondCase | null,
): Promise<PlanView> {
  const isKnown = document.approvals.some(({ payload }) => payload === envelope.payload);
  if (isKnown) return planView(document, place, open);
  const roster = pinned(place);
  const now = place.clock.now();
  const { isUsed, folder } = journalFacts(place, document, open);
  const checked = checkApproval(envelope, { document, now, isUsed }, roster);
  const { person, objection, decision, nonce } = checked;
  if (objection !== null) throw new FailureError('refused', `This approval does not count: ${objection}.`);
  const added = { ...document, approvals: [...document.approvals, envelope] };
  place.keep(added, ref, open);
  if (folder === null) return planView(added, place, open);
  const signer = roster.people.find(({ id }) => id === person);
  const { roles } = requirementOf(document.plan, roster);
  const mayCountersign = decision === 'approve' && signer !== undefined && hasRole(signer, roles);
  const entries =
    decision === 'reject'
      ? [{ kind: 'rejected' as const, run: null, body: { person, hash: document.hash } }]
      : mayCountersign
        ? emergenciesOf(place, document, folder).map((run) => ({
            kind: 'countersigned' as const,
            run,
            body: { person },
          }))
        : [];
  if (entries.length === 0) return planView(added, place, open);
  await place.withJournal(folder, async (journal) => {
    for (const [index, { body, ...entry }] of entries.entries()) {
      const nonces = decision === 'reject' || nonce === null || index > 0 ? [] : [nonce];
      await journal.append(
        { ...entry, action: null, body: { ...body, nonces, envelope: { ...envelope } } },
        nonces,
      );
    }
    journal.checkpoint();
  });
  return planView(added, place, open);
}

/** A plan as people see it before anything is done. */
export function planView(document: PlanDocument, place: Workplace, open: RespondCase | null): PlanView {
  const { plan, hash } = document;
  const roster = place.roster();
  const { isUsed, runs } = journalFacts(place, document, open);
  const now = place.clock.now();
  const approvals =
    roster === null
      ? []
      : countedOnce(
          document.approvals.map((envelope) => checkApproval(envelope, { document, now, isUsed }, roster)),
        );
  let refusal: string | null = null;
  try {
    authorityFor(place, document, open, null);
  } catch (thrown) {
    refusal = failureOf(thrown).message;
  }
  return {
    plan,
    hash,
    code: codeOf(hash),
    approvals,
    requirement: roster === null ? null : requirementOf(plan, roster),
    refusal,
    runs,
  };
}

/** The same person's second yes stands there and does not count. */
function countedOnce(checked: readonly CheckedApproval[]): ApprovalView[] {
  const given = new Set<string>();
  return checked.map(({ person, decision, objection }) => {
    const isAgain = objection === null && decision === 'approve' && person !== null && given.has(person);
    if (objection === null && decision === 'approve' && person !== null) given.add(person);
    return { person, decision, objection: isAgain ? 'the same person counts once' : objection };
  });
}

/** The first twenty digits in groups of four, for comparison by voice. */
function codeOf(hash: string): string {
  return (hash.slice(0, 20).match(/.{4}/g) ?? []).join('-');
}

function builtIn(name: string): Playbook {
  const playbook = playbookNamed(name);
  if (playbook !== null) return playbook;
  const known = playbooks.map((each) => each.name).join(', ');
  throw new FailureError(
    'invalid-input',
    `There is no playbook “${name}”. Known: ${known}, or a CACAO file.`,
  );
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    throw new FailureError('not-found', `${file} cannot be read.`);
  }
}

function parseEnvelope(text: string): Envelope {
  try {
    return envelopeSchema.parse(JSON.parse(text));
  } catch {
    throw new FailureError('unusable', 'This is no signed decision.');
  }
}

function sinceOf(since: string | null, now: number): string {
  if (since === null) return new Date(now - defaultLookback).toISOString();
  const time = Date.parse(since);
  if (Number.isNaN(time)) throw new FailureError('invalid-input', `“${since}” is no time (RFC 3339).`);
  return new Date(time).toISOString();
}
