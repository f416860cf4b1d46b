import { valueOf } from '#electron/router/value-of.ts';
import { exitCodes } from '../exit-code.ts';
import { visible } from '../text.ts';
import { type Command, printDocument, textOf } from './command.ts';
import { type Subcommand, oneWord, runSubcommand, subcommandHelp } from './subcommand.ts';

const subcommands: Readonly<Record<string, Subcommand>> = {
  check: {
    usage: 'FILE [--verifier-key KEY]',
    summary: 'check a receipt; needs nothing but the file',
    async run(invocation) {
      const file = oneWord(invocation, 'FILE');
      const key = textOf(invocation, 'verifier-key') ?? null;
      const report = valueOf(await invocation.session().client.request('receipt.check', { file, key }));
      await printDocument(invocation, report, () =>
        [
          report.ok ? 'The receipt holds.' : `The receipt does NOT hold: ${report.problems.length} problems.`,
          `${report.run ?? 'no run'}, issued ${report.issued ?? '–'}, plan ${report.planHash ?? '–'}`,
          `contained: ${report.contained === null ? 'not known' : report.contained ? 'yes' : 'NO'}, residual access until ${report.residualUntil ?? 'unbounded'}, survivors ${report.survivors}`,
          ...(report.givenBack === null
            ? []
            : [
                `judged until ${report.givenBack.at}, when ${visible(report.givenBack.plan)} gave access back; nothing is claimed from then on`,
              ]),
          `approved by ${report.approvals.length === 0 ? 'nobody' : report.approvals.map(visible).join(', ')}; ${report.records} records proved`,
          ...report.problems.map((problem) => `problem: ${visible(problem)}`),
          '',
        ].join('\n'),
      );
      return report.ok ? exitCodes.done : exitCodes.no;
    },
  },
};

export const receipt: Command = {
  name: 'receipt',
  usage: 'check FILE',
  summary: 'check the receipt of a revocation',
  notes: subcommandHelp('receipt', subcommands),
  options: {
    'verifier-key': {
      type: 'string',
      value: 'KEY',
      help: 'the only key that counts, e.g. out of custody-keys.txt',
    },
  },
  positionals: { min: 1, max: Number.POSITIVE_INFINITY },
  run: (invocation) => runSubcommand('receipt', subcommands, invocation),
};
