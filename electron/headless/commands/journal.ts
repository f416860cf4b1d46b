import { valueOf } from '#electron/router/value-of.ts';
import { exitCodes } from '../exit-code.ts';
import { count, visible } from '../text.ts';
import { type Command, openCase, printDocument, textOf } from './command.ts';
import { type Subcommand, runSubcommand, subcommandHelp } from './subcommand.ts';

const subcommands: Readonly<Record<string, Subcommand>> = {
  verify: {
    usage: '[--case DIR]',
    summary: 'every record, link, root and signature of the action journals; of all cases without --case',
    async run(invocation) {
      const { client } =
        textOf(invocation, 'case') === undefined ? invocation.session() : await openCase(invocation);
      const reports = valueOf(await client.request('journal.verify', {}));
      await printDocument(invocation, reports, () =>
        reports.length === 0
          ? 'This workstation has no action journal.\n'
          : reports
              .map(({ ok, folder, records, signed, checkpoints, rootHash, problems }) =>
                [
                  `${visible(folder)}: ${ok ? 'holds' : 'DOES NOT HOLD'}`,
                  `  ${count(records)} records, ${count(signed)} signed by ${count(checkpoints)} checkpoints, root ${rootHash ?? '–'}`,
                  ...problems.map((problem) => `  problem: ${visible(problem)}`),
                  '',
                ].join('\n'),
              )
              .join(''),
      );
      return reports.every(({ ok }) => ok) ? exitCodes.done : exitCodes.no;
    },
  },
};

export const journal: Command = {
  name: 'journal',
  usage: 'verify [--case DIR]',
  summary: 'check the record of everything that was done to providers',
  notes: subcommandHelp('journal', subcommands),
  options: { case: { type: 'string', value: 'DIR', help: 'the case folder' } },
  positionals: { min: 1, max: Number.POSITIVE_INFINITY },
  run: (invocation) => runSubcommand('journal', subcommands, invocation),
};
