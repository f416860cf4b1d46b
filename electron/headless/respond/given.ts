import { readFileSync } from 'node:fs';
import { valueOf } from '#electron/router/value-of.ts';
import type { RunProgress, RunStatus } from '#shared/ipc/respond-views.ts';
import { FailureError } from '#shared/util/result.ts';
import { type Invocation, caseOf, printDocument, textOf } from '../commands/command.ts';
import { oneWord } from '../commands/subcommand.ts';
import { type ExitCode, exitCodes } from '../exit-code.ts';
import { createProgress } from '../progress.ts';
import { planText, statusText } from './plan-text.ts';

/** What the words of “respond” mean, and how its answers are shown. */

export function referencesOf({ lists, positionals }: Invocation) {
  const aliases = [...(lists['alias'] ?? [])];
  const identities = [...(lists['identity'] ?? []), ...positionals];
  if (aliases.length > 0 && identities.length !== 1) {
    throw new FailureError('invalid-input', '--alias goes with exactly one --identity.');
  }
  const references = [
    ...identities.map((id) => ({ kind: 'identity' as const, id, aliases })),
    ...(lists['credential'] ?? []).map(credentialOf),
    ...(lists['session'] ?? []).map((id) => ({ kind: 'session' as const, id, aliases: [] })),
  ];
  if (references.length > 0) return references;
  throw new FailureError('invalid-input', 'Name whom: --identity ID, --credential ID or --session ID.');
}

/** Takes the decisions of a copy that an approver has signed on another machine; those that do not count are refused. */
export async function takeApprovals(
  invocation: Invocation,
  plan: { file: string },
  from: string,
): Promise<ExitCode> {
  let copy: { approvals?: unknown; payload?: unknown };
  try {
    copy = JSON.parse(readFileSync(from, 'utf8')) as typeof copy;
  } catch {
    throw new FailureError('unusable', `${from} is neither a plan nor a signed decision.`);
  }
  const envelopes: readonly unknown[] = Array.isArray(copy.approvals) ? copy.approvals : [copy];
  const { client } = invocation.session();
  let taken = 0;
  for (const envelope of envelopes) {
    const added = await client.request('respond.addApproval', { plan, envelope: JSON.stringify(envelope) });
    if (added.ok) taken += 1;
    else invocation.terminal.note(added.error.message);
  }
  const view = valueOf(await client.request('respond.preview', { plan }));
  await printDocument(invocation, { taken, approvals: view.approvals, refusal: view.refusal }, () =>
    planText(view),
  );
  return taken === envelopes.length ? exitCodes.done : taken === 0 ? exitCodes.refused : exitCodes.partly;
}

/** `ID`, or `ID=TYPE` for a held one whose kind is known. */
function credentialOf(word: string) {
  const [, id = word, credentialType = null] = /^(fp_[0-9a-f]+)=(\w+)$/.exec(word) ?? [];
  return { kind: 'credential' as const, id, aliases: [], credentialType };
}

/** A built-in playbook by its name, or a CACAO file. */
export function playbookOf(invocation: Invocation): { playbook: string } | { playbookFile: string } {
  const playbook = textOf(invocation, 'playbook') ?? 'contain';
  return isFile(playbook) ? { playbookFile: playbook } : { playbook };
}

export function isFile(word: string): boolean {
  return word.endsWith('.json') || word.includes('/');
}

export async function planOf(invocation: Invocation): Promise<{ file: string }> {
  const file = oneWord(invocation, 'PLAN.json');
  await openNamedCase(invocation);
  return { file };
}

/** The run that is named. */
export async function runOf(invocation: Invocation): Promise<string> {
  const run = oneWord(invocation, 'RUN');
  await openNamedCase(invocation);
  return run;
}

/** Most commands find the case by the plan or the run; --case helps where it has moved. */
export async function openNamedCase(invocation: Invocation): Promise<void> {
  if (textOf(invocation, 'case') !== undefined)
    await invocation.session().engine.openCase(caseOf(invocation));
}

export function progressOf(invocation: Invocation) {
  return createProgress<RunProgress>(
    textOf(invocation, 'progress'),
    invocation.terminal,
    ({ run, done, total, kind }) => `${run ?? ''} ${done} of ${total} actions: ${kind}`,
  );
}

export async function printStatus(invocation: Invocation, status: RunStatus): Promise<ExitCode> {
  await printDocument(invocation, status, () => statusText(status));
  const { contained, survivors } = status.summary;
  if (contained === false) return exitCodes.no;
  const isDone = contained === true && survivors === 0 && status.status === 'finished';
  return isDone ? exitCodes.done : exitCodes.partly;
}
