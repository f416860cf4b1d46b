import { valueOf } from '#electron/router/value-of.ts';
import type { ReplayProgress } from '#shared/ipc/views.ts';
import { exitCodes } from '../exit-code.ts';
import { createProgress } from '../progress.ts';
import { count } from '../text.ts';
import { type Command, caseOption, openCase, queryOption, rangeOptions, textOf } from './command.ts';

const mostRows = 1_000_000;

export const replay: Command = {
  name: 'replay',
  usage: '--case DIR [--query Q] --bundle ID [--against ID]',
  summary: 'what the log’s requests would come to under a bundle: one line a distinct request (JSON Lines)',
  notes:
    'It is compared with the bundle that --against names, else with what was recorded. What changes comes first; the\n' +
    'last line is {"summary": …} with the agreement of recomputed and recorded decisions.',
  options: {
    ...caseOption,
    ...queryOption,
    ...rangeOptions,
    bundle: { type: 'string', value: 'ID', help: 'a bundle of the case, or SYSTEM@TIME', required: true },
    against: { type: 'string', value: 'ID', help: 'another bundle of the case, or SYSTEM@TIME' },
  },
  positionals: { min: 0, max: 0 },
  async run(invocation) {
    const { terminal, signal } = invocation;
    const progress = createProgress(textOf(invocation, 'progress'), terminal, progressLine);
    const input = {
      query: textOf(invocation, 'query') ?? '',
      from: textOf(invocation, 'from') ?? null,
      to: textOf(invocation, 'to') ?? null,
      bundle: textOf(invocation, 'bundle') ?? '',
      against: textOf(invocation, 'against') ?? null,
      limit: mostRows,
    };
    const { client } = await openCase(invocation);
    const { rows, summary } = valueOf(
      await client.request('policy.replay', input, { signal, onItem: (item) => progress.show(item) }),
    );
    progress.end();
    for (const row of rows) {
      const written = terminal.write(`${JSON.stringify(row)}\n`);
      if (written !== undefined) await written;
    }
    await terminal.write(`${JSON.stringify({ summary })}\n`);
    return exitCodes.done;
  },
};

function progressLine({ events, groups }: ReplayProgress): string {
  return `${count(events)} events, ${count(groups)} different ones …`;
}
