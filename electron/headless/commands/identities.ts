import { valueOf } from '#electron/router/value-of.ts';
import { FailureError } from '#shared/util/result.ts';
import { exitCodes } from '../exit-code.ts';
import { type Command, caseOption, openCase, textOf } from './command.ts';

const mostIdentities = 1_000_000;

export const identities: Command = {
  name: 'identities',
  usage: '--case DIR [--as-of T] [--dormant-after 90d] [--dormant]',
  summary: 'who is in the evidence, when they were last seen, and who lies dormant (JSON Lines)',
  notes:
    'Dormancy is judged at --as-of, which is the end of the evidence unless given. Where the logs do not reach far\n' +
    'enough the answer is “cannot-know”.',
  options: {
    ...caseOption,
    'as-of': { type: 'string', value: 'T', help: 'the reference time (RFC 3339)' },
    'dormant-after': { type: 'string', value: '90d', help: 'silence of so many days is dormancy' },
    dormant: { type: 'boolean', help: 'only identities that lie dormant' },
  },
  positionals: { min: 0, max: 0 },
  async run(invocation) {
    const request = {
      asOf: textOf(invocation, 'as-of') ?? null,
      dormantAfterDays: daysOf(textOf(invocation, 'dormant-after') ?? '90d'),
      dormancy: invocation.options['dormant'] === true ? ('dormant' as const) : null,
      limit: mostIdentities,
    };
    const { client } = await openCase(invocation);
    const { rows } = valueOf(await client.request('identities.list', request, { signal: invocation.signal }));
    for (const identity of rows) {
      const written = invocation.terminal.write(`${JSON.stringify(identity)}\n`);
      if (written !== undefined) await written;
    }
    return exitCodes.done;
  },
};

/** `90d`, or a plain number of days. Throws kind `invalid-input`. */
function daysOf(text: string): number {
  const days = /^(\d{1,4})d?$/.exec(text)?.[1];
  if (days !== undefined && Number(days) > 0) return Number(days);
  throw new FailureError('invalid-input', `--dormant-after is a number of days such as 90d, not “${text}”.`);
}
