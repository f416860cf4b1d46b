import { valueOf } from '#electron/router/value-of.ts';
import { isOpen } from '#shared/respond/plan.ts';
import { FailureError } from '#shared/util/result.ts';
import { exitCodes } from '../exit-code.ts';
import {
  isFile,
  openNamedCase,
  planOf,
  playbookOf,
  printStatus,
  progressOf,
  referencesOf,
  runOf,
  takeApprovals,
} from '../respond/given.ts';
import { dryRunText, planText } from '../respond/plan-text.ts';
import { table } from '../text.ts';
import { type Command, neededOf, numberOf, openCase, printDocument, textOf } from './command.ts';
import { passphraseOf } from './passphrase.ts';
import { approverCommands } from './respond-approvers.ts';
import { type Subcommand, oneWord, runSubcommand, subcommandHelp } from './subcommand.ts';

const subcommands: Readonly<Record<string, Subcommand>> = {
  plan: {
    usage: '--case DIR --identity ID… [--playbook P] --out PLAN.json',
    summary: 'resolve targets, snapshot, order the actions; nothing is changed',
    async run(invocation) {
      const { client } = await openCase(invocation);
      const out = neededOf(invocation, 'out', 'PLAN.json');
      const view = valueOf(
        await client.request(
          'respond.plan',
          {
            references: referencesOf(invocation),
            ...playbookOf(invocation),
            providers: [...(invocation.lists['provider'] ?? [])],
            incident: textOf(invocation, 'incident') ?? null,
            since: textOf(invocation, 'since') ?? null,
            out,
          },
          { signal: invocation.signal },
        ),
      );
      await printDocument(invocation, view, () => planText(view));
      if (view.plan.actions.length === 0) return exitCodes.no;
      const isPartial = view.plan.gaps.some(isOpen);
      return isPartial ? exitCodes.partly : exitCodes.done;
    },
  },
  playbook: {
    usage: 'export [P|PLAN.json] --out FILE',
    summary: 'a playbook or a plan as CACAO 2.0; “plan --playbook FILE.json” takes one back',
    async run(invocation) {
      const [word, what = 'contain'] = invocation.positionals;
      const out = textOf(invocation, 'out');
      if (word !== 'export' || out === undefined) {
        throw new FailureError('invalid-input', 'Write: playbook export [P|PLAN.json] --out FILE.');
      }
      await openNamedCase(invocation);
      const source = isFile(what) ? { plan: { file: what } } : { playbook: what };
      const { client } = invocation.session();
      const made = valueOf(await client.request('respond.exportPlaybook', { ...source, out }));
      await printDocument(invocation, made, () => `${made.file}\n`);
      return exitCodes.done;
    },
  },
  preview: {
    usage: 'PLAN.json',
    summary: 'the exact calls, what each stops and does not stop, collateral forecast, residual access',
    async run(invocation) {
      const plan = await planOf(invocation);
      const view = valueOf(await invocation.session().client.request('respond.preview', { plan }));
      await printDocument(invocation, view, () => planText(view));
      return exitCodes.done;
    },
  },
  approve: {
    usage: 'PLAN.json --key FILE [--reject] [--reason TEXT] | PLAN.json --from COPY',
    summary:
      'add a signed decision that is bound to the plan’s hash, or those of a copy that others have signed',
    async run(invocation) {
      const plan = await planOf(invocation);
      const from = textOf(invocation, 'from');
      if (from !== undefined) return takeApprovals(invocation, plan, from);
      const key = neededOf(invocation, 'key', 'FILE');
      const request = {
        plan,
        key,
        passphrase: await passphraseOf(key, invocation),
        decision: invocation.options['reject'] === true ? 'reject' : 'approve',
        reason: textOf(invocation, 'reason') ?? null,
      } as const;
      const view = valueOf(await invocation.session().client.request('respond.approve', request));
      await printDocument(
        invocation,
        {
          plan: view.plan.id,
          hash: view.hash,
          code: view.code,
          approvals: view.approvals,
          requirement: view.requirement,
          refusal: view.refusal,
        },
        () => planText(view),
      );
      return exitCodes.done;
    },
  },
  execute: {
    usage: 'PLAN.json [--dry-run] [--emergency --reason TEXT [--key FILE]]',
    summary: 'do it: journal first, then call, then read back',
    async run(invocation) {
      const plan = await planOf(invocation);
      const { session, options, signal } = invocation;
      if (options['dry-run'] === true) {
        const tried = valueOf(await session().client.request('respond.dryRun', { plan }, { signal }));
        await printDocument(invocation, tried, () => dryRunText(tried));
        const bad = tried.actions.some(
          ({ outcome }) => !['applied', 'ready', 'already_in_state'].includes(outcome),
        );
        return bad || tried.changed.length > 0 ? exitCodes.no : exitCodes.done;
      }
      const isEmergency = options['emergency'] === true;
      const key = textOf(invocation, 'key') ?? null;
      const request = {
        plan,
        hash: null,
        emergency: isEmergency ? { reason: textOf(invocation, 'reason') ?? '' } : null,
        key,
        passphrase: key === null ? null : await passphraseOf(key, invocation),
      };
      const progress = progressOf(invocation);
      const status = valueOf(
        await session().client.request('respond.execute', request, { signal, onItem: progress.show }),
      );
      progress.end();
      return printStatus(invocation, status);
    },
  },
  status: {
    usage: 'PLAN.json|RUN',
    summary: 'per action: requested, configured, enforced, with evidence; residual access until',
    async run(invocation) {
      const word = oneWord(invocation, 'PLAN.json or RUN');
      await openNamedCase(invocation);
      const input = word.startsWith('run-') ? { run: word } : { plan: { file: word } };
      return printStatus(
        invocation,
        valueOf(await invocation.session().client.request('respond.status', input)),
      );
    },
  },
  runs: {
    usage: '--case DIR',
    summary: 'the runs of a case, newest first',
    async run(invocation) {
      const { client } = await openCase(invocation);
      const runs = valueOf(await client.request('respond.runs', {}));
      await printDocument(invocation, runs, () =>
        table(runs, [
          { title: 'run', value: ({ run }) => run },
          { title: 'status', value: ({ status }) => status },
          { title: 'started', value: ({ startedAt }) => startedAt },
          { title: 'plan', value: ({ plan }) => plan },
        ]),
      );
      return exitCodes.done;
    },
  },
  resume: {
    usage: 'RUN [--plan PLAN.json]',
    summary: 'after a crash or stop: observe first, never repeat blindly; --plan brings new approvals',
    async run(invocation) {
      const run = await runOf(invocation);
      const file = textOf(invocation, 'plan');
      const progress = progressOf(invocation);
      const request = { run, plan: file === undefined ? null : { file } };
      const { signal } = invocation;
      const status = valueOf(
        await invocation
          .session()
          .client.request('respond.resume', request, { signal, onItem: progress.show }),
      );
      progress.end();
      return printStatus(invocation, status);
    },
  },
  verify: {
    usage: 'RUN',
    summary: 'read everything back again and sweep; says what has drifted',
    async run(invocation) {
      const run = await runOf(invocation);
      const progress = progressOf(invocation);
      const { signal } = invocation;
      const status = valueOf(
        await invocation
          .session()
          .client.request('respond.verify', { run }, { signal, onItem: progress.show }),
      );
      progress.end();
      return printStatus(invocation, status);
    },
  },
  restore: {
    usage: 'RUN --out PLAN.json [--observe SECONDS]',
    summary: 'a staged plan that undoes it; it needs approvals of its own',
    async run(invocation) {
      const run = await runOf(invocation);
      const out = neededOf(invocation, 'out', 'PLAN.json');
      const observeSeconds = numberOf(invocation, 'observe') ?? 300;
      const request = { run, out, observeSeconds };
      const view = valueOf(await invocation.session().client.request('respond.restore', request));
      await printDocument(invocation, view, () => planText(view));
      return exitCodes.done;
    },
  },
  receipt: {
    usage: 'RUN --out FILE',
    summary: 'the signed receipt; refused where the logs do not cover the run',
    async run(invocation) {
      const run = await runOf(invocation);
      const out = textOf(invocation, 'out') ?? null;
      const receipt = valueOf(await invocation.session().client.request('respond.receipt', { run, out }));
      await printDocument(
        invocation,
        receipt,
        () => `${receipt.file}\nCheck it anywhere: rescind receipt check ${receipt.file}\n`,
      );
      return exitCodes.done;
    },
  },
  ...approverCommands,
};

export const respond: Command = {
  name: 'respond',
  usage: `${Object.keys(subcommands).join('|')} …`,
  summary: 'take access away, and prove it',
  notes: subcommandHelp('respond', subcommands),
  options: {
    case: { type: 'string', value: 'DIR', help: 'the case folder' },
    identity: {
      type: 'string',
      value: 'ID',
      help: 'an identity as the case or a provider knows it',
      multiple: true,
    },
    credential: {
      type: 'string',
      value: 'ID',
      help: 'a credential, or the fingerprint of a held one (fp_…=refresh_token where its kind is known)',
      multiple: true,
    },
    session: { type: 'string', value: 'ID', help: 'a session', multiple: true },
    alias: {
      type: 'string',
      value: 'NAME',
      help: 'another name of the identity (with one --identity)',
      multiple: true,
    },
    provider: { type: 'string', value: 'NAME', help: 'only at this provider', multiple: true },
    playbook: {
      type: 'string',
      value: 'P',
      help: 'contain (default), remove, evict or rekey, or a CACAO 2.0 file',
    },
    incident: { type: 'string', value: 'NAME', help: 'name of the incident' },
    since: {
      type: 'string',
      value: 'T',
      help: 'start of the incident (default: a day ago): newer things count as the suspect’s',
    },
    out: { type: 'string', value: 'FILE', help: 'where the result goes' },
    key: { type: 'string', value: 'FILE', help: 'an approver’s private key' },
    from: {
      type: 'string',
      value: 'COPY',
      help: 'a copy of the plan, or a signed decision, that came back from an approver',
    },
    reject: { type: 'boolean', help: 'sign a no' },
    reason: { type: 'string', value: 'TEXT', help: 'why' },
    'dry-run': { type: 'boolean', help: 'try without changing anything' },
    emergency: { type: 'boolean', help: 'act alone, for fifteen minutes; flagged until others sign' },
    plan: { type: 'string', value: 'FILE', help: 'the plan with new approvals' },
    observe: { type: 'string', value: 'SECONDS', help: 'time between slices of a restore (default: 300)' },
    'most-targets': { type: 'string', value: 'N', help: 'limit of a standing order' },
    days: { type: 'string', value: 'N', help: 'validity of a standing order, up to 90' },
    person: {
      type: 'string',
      value: 'ID=KEY',
      help: 'a person of a new roster with their public key',
      multiple: true,
    },
    needed: { type: 'string', value: 'N', help: 'approvals that a new roster asks for (default: 2)' },
    role: { type: 'string', value: 'ROLE', help: 'who may use a standing order', multiple: true },
    seal: { type: 'boolean', help: 'seal a new key with a passphrase from standard input' },
  },
  positionals: { min: 1, max: Number.POSITIVE_INFINITY },
  run: (invocation) => runSubcommand('respond', subcommands, invocation),
};
