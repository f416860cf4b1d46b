import { valueOf } from '#electron/router/value-of.ts';
import { FailureError } from '#shared/util/result.ts';
import { exitCodes } from '../exit-code.ts';
import { type Command, caseOption, openCase, textOf } from './command.ts';

export const lineage: Command = {
  name: 'lineage',
  usage: '--case DIR (--credential ID | --session ID | --event ID)',
  summary: 'which sessions and credentials descend from one, each with the event that made it (JSON)',
  options: {
    ...caseOption,
    credential: { type: 'string', value: 'ID', help: 'a key or token as events name it' },
    session: { type: 'string', value: 'ID', help: 'a session’s id or name' },
    event: { type: 'string', value: 'ID', help: 'the event that made credentials, or was made with one' },
  },
  positionals: { min: 0, max: 0 },
  async run(invocation) {
    const request = {
      credential: textOf(invocation, 'credential') ?? null,
      session: textOf(invocation, 'session') ?? null,
      event: textOf(invocation, 'event') ?? null,
    };
    if (Object.values(request).filter((value) => value !== null).length !== 1) {
      throw new FailureError('invalid-input', 'Give one of --credential ID, --session ID and --event ID.');
    }
    const { client } = await openCase(invocation);
    const answer = valueOf(await client.request('lineage.get', request, { signal: invocation.signal }));
    await invocation.terminal.write(`${JSON.stringify(answer)}\n`);
    return exitCodes.done;
  },
};
