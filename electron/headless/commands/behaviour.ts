import { valueOf } from '#electron/router/value-of.ts';
import { exitCodes } from '../exit-code.ts';
import { type Command, caseOption, openCase, textOf } from './command.ts';

const mostChanges = 1_000_000;

export const behaviour: Command = {
  name: 'behaviour',
  usage: '--case DIR [--subject ID] [--as-of T]',
  summary: 'days on which identities left what they and their peers had done before (JSON Lines)',
  notes:
    'First-seen actions, scopes, networks and user agents; rising denials; denied, then allowed; unexpected volume and\n' +
    'allow rates; back after a silence. Nothing is said where fewer than 14 days without gaps lie before.',
  options: {
    ...caseOption,
    subject: { type: 'string', value: 'ID', help: 'only this identity’s' },
    'as-of': { type: 'string', value: 'T', help: 'the reference time (RFC 3339)' },
  },
  positionals: { min: 0, max: 0 },
  async run(invocation) {
    const request = {
      subject: textOf(invocation, 'subject') ?? null,
      asOf: textOf(invocation, 'as-of') ?? null,
      limit: mostChanges,
    };
    const { client } = await openCase(invocation);
    const { rows } = valueOf(await client.request('behaviour.list', request, { signal: invocation.signal }));
    for (const row of rows) {
      const written = invocation.terminal.write(`${JSON.stringify(row)}\n`);
      if (written !== undefined) await written;
    }
    return exitCodes.done;
  },
};
