import { valueOf } from '#electron/router/value-of.ts';
import { exitCodes } from '../exit-code.ts';
import { type Command, caseOption, openCase, textOf } from './command.ts';

const mostRows = 1_000_000;

export const usage: Command = {
  name: 'usage',
  usage: '--case DIR [--subject ID] [--bundle ID] [--as-of T]',
  summary: 'what is granted beside what the log shows used: used, not-used or cannot-know (JSON Lines)',
  notes:
    'Without --bundle the bundles that were in force at --as-of (default: the end of the evidence) are taken.\n' +
    '“not-used” is said only where the log that would show it is there, long enough and without gaps.',
  options: {
    ...caseOption,
    subject: { type: 'string', value: 'ID', help: 'only this identity’s permissions' },
    bundle: { type: 'string', value: 'ID', help: 'a bundle of the case' },
    'as-of': { type: 'string', value: 'T', help: 'the reference time (RFC 3339)' },
  },
  positionals: { min: 0, max: 0 },
  async run(invocation) {
    const request = {
      subject: textOf(invocation, 'subject') ?? null,
      bundle: textOf(invocation, 'bundle') ?? null,
      asOf: textOf(invocation, 'as-of') ?? null,
      limit: mostRows,
    };
    const { client } = await openCase(invocation);
    const { rows } = valueOf(await client.request('usage.run', request, { signal: invocation.signal }));
    for (const { entitlement, usage: state, ...rest } of rows) {
      const { subject, action, resource, key } = entitlement;
      const line = {
        key,
        subject: subject.id,
        action: action.pattern,
        resource: resource.pattern,
        usage: state,
      };
      const written = invocation.terminal.write(`${JSON.stringify({ ...line, ...rest, entitlement })}\n`);
      if (written !== undefined) await written;
    }
    return exitCodes.done;
  },
};
