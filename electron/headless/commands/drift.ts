import { valueOf } from '#electron/router/value-of.ts';
import { exitCodes } from '../exit-code.ts';
import { type Command, caseOption, openCase, textOf } from './command.ts';

const mostChanges = 1_000_000;

export const drift: Command = {
  name: 'drift',
  usage: '--case DIR --from ID --to ID',
  summary: 'how effective permissions changed from one bundle to another, and by which event (JSON Lines)',
  notes:
    'Text, order and the number of statements do not count: only what can be done. “attribution” holds the logged\n' +
    'events that explain a change, latest first; an empty one is unexplained.',
  options: {
    ...caseOption,
    from: { type: 'string', value: 'ID', help: 'a bundle of the case', required: true },
    to: { type: 'string', value: 'ID', help: 'a later bundle of the case', required: true },
  },
  positionals: { min: 0, max: 0 },
  async run(invocation) {
    const request = {
      from: textOf(invocation, 'from') ?? '',
      to: textOf(invocation, 'to') ?? '',
      limit: mostChanges,
    };
    const { client } = await openCase(invocation);
    const { changes } = valueOf(await client.request('drift.run', request, { signal: invocation.signal }));
    for (const change of changes) {
      const written = invocation.terminal.write(`${JSON.stringify(change)}\n`);
      if (written !== undefined) await written;
    }
    return exitCodes.done;
  },
};
