import { importOwnership } from '#electron/router/handlers/identities.ts';
import { valueOf } from '#electron/router/value-of.ts';
import { duties } from '#shared/domain/decision.ts';
import { commaList } from '#shared/util/comma-list.ts';
import { FailureError } from '#shared/util/result.ts';
import { type ExitCode, exitCodes } from '../exit-code.ts';
import { visible } from '../text.ts';
import { type Command, type Invocation, caseOption, openCase, textOf } from './command.ts';
import { type Subcommand, oneWord, runSubcommand, subcommandHelp } from './subcommand.ts';

const subcommands: Readonly<Record<string, Subcommand>> = {
  list: {
    usage: '--case DIR',
    summary: 'the matrix: who writes, approves, monitors and answers (JSON Lines)',
    run: async (invocation) => {
      const { client } = await openCase(invocation);
      for (const row of valueOf(await client.request('ownership.list', {}))) {
        await invocation.terminal.write(`${JSON.stringify(row)}\n`);
      }
      return exitCodes.done;
    },
  },
  of: {
    usage: '--case DIR (--policy PATH | --identity ID)',
    summary: 'who has which duty for one policy or identity, and by which row',
    run: async (invocation) => {
      const [policy, identity] = [
        textOf(invocation, 'policy') ?? null,
        textOf(invocation, 'identity') ?? null,
      ];
      if ((policy === null) === (identity === null)) {
        throw new FailureError('invalid-input', 'Give either --policy or --identity.');
      }
      const { client } = await openCase(invocation);
      const found = valueOf(await client.request('ownership.of', { policy, identity }));
      await invocation.terminal.write(`${JSON.stringify(found)}\n`);
      return exitCodes.done;
    },
  },
  set: {
    usage: `--case DIR --why TEXT (--policy PATTERN | --identity PATTERN) ${duties.map((duty) => `[--${duty} WHO,…]`).join(' ')}`,
    summary: 'one row; it takes the place of the one with its pattern',
    run: set,
  },
  import: {
    usage: '--case DIR --why TEXT FILE',
    summary:
      'rows of a CODEOWNERS file or of a table with the columns about, pattern, writes, approves, monitors, answers',
    run: async (invocation) => {
      const path = oneWord(invocation, 'The file');
      const { engine } = await openCase(invocation);
      const { decision, rows, problems } = await importOwnership(engine, path, reasonOf(invocation));
      for (const { line, message } of problems)
        invocation.terminal.note(`${visible(path)}:${line}: ${visible(message)}`);
      await invocation.terminal.write(`${JSON.stringify({ decision: decision.number, rows, problems })}\n`);
      return problems.length > 0 ? exitCodes.partly : exitCodes.done;
    },
  },
};

export const ownership: Command = {
  name: 'ownership',
  usage: `(${Object.keys(subcommands).join(' | ')}) --case DIR …`,
  summary: 'who writes, approves, monitors and answers for policies and identities',
  notes: `Kept in the case and entered in its journal.\n${subcommandHelp('ownership', subcommands)}`,
  options: {
    ...caseOption,
    why: { type: 'string', value: 'TEXT', help: 'the reason, for the journal' },
    policy: { type: 'string', value: 'PATH', help: 'a policy’s path, or a pattern as in CODEOWNERS' },
    identity: { type: 'string', value: 'ID', help: 'an identity’s id, or a pattern with *' },
    ...Object.fromEntries(
      duties.map((duty) => [
        duty,
        { type: 'string', value: 'WHO', help: `who ${duty}, with commas between` } as const,
      ]),
    ),
  },
  positionals: { min: 1, max: 2 },
  run: (invocation) => runSubcommand('ownership', subcommands, invocation),
};

async function set(invocation: Invocation): Promise<ExitCode> {
  const [policy, identity] = [textOf(invocation, 'policy'), textOf(invocation, 'identity')];
  const pattern = policy ?? identity;
  if (pattern === undefined || (policy !== undefined && identity !== undefined)) {
    throw new FailureError('invalid-input', 'Give either --policy or --identity.');
  }
  const named = (duty: string): string[] => commaList(textOf(invocation, duty) ?? '');
  const row = {
    about: policy === undefined ? ('identity' as const) : ('policy' as const),
    pattern,
    writes: named('writes'),
    approves: named('approves'),
    monitors: named('monitors'),
    answers: named('answers'),
  };
  const { client } = await openCase(invocation);
  const why = reasonOf(invocation);
  const decision = valueOf(
    await client.request('identities.decide', { why, data: { kind: 'ownership', rows: [row] } }),
  );
  await invocation.terminal.write(`${JSON.stringify(decision)}\n`);
  return exitCodes.done;
}

function reasonOf(invocation: Invocation): string {
  const why = textOf(invocation, 'why')?.trim() ?? '';
  if (why !== '') return why;
  throw new FailureError('invalid-input', 'Give --why.');
}
