import { valueOf } from '#electron/router/value-of.ts';
import { exitCodes } from '../exit-code.ts';
import { type Command, caseOption, openCase, textOf } from './command.ts';

export const reach: Command = {
  name: 'reach',
  usage: '--case DIR --subject ID [--bundle ID] [--as-of T]',
  summary: 'what an identity could reach, by all that it can become, beside what it did reach (JSON)',
  options: {
    ...caseOption,
    subject: { type: 'string', value: 'ID', help: 'the identity', required: true },
    bundle: { type: 'string', value: 'ID', help: 'a bundle of the case' },
    'as-of': { type: 'string', value: 'T', help: 'the reference time (RFC 3339)' },
  },
  positionals: { min: 0, max: 0 },
  async run(invocation) {
    const request = {
      subject: textOf(invocation, 'subject') ?? '',
      bundle: textOf(invocation, 'bundle') ?? null,
      asOf: textOf(invocation, 'as-of') ?? null,
    };
    const { client } = await openCase(invocation);
    const report = valueOf(await client.request('reach.get', request, { signal: invocation.signal }));
    await invocation.terminal.write(`${JSON.stringify(report)}\n`);
    return exitCodes.done;
  },
};
