import { valueOf } from '#electron/router/value-of.ts';
import { exitCodes } from '../exit-code.ts';
import { type Command, systemOption, textOf } from './command.ts';

export const who: Command = {
  name: 'who',
  usage: '--bundle PATH --action A --resource R [--context FILE]',
  summary: 'subjects that can do something, each with its grant path and conditions (JSON Lines)',
  options: {
    bundle: {
      type: 'string',
      value: 'PATH',
      help: 'policies: a file, a folder or an archive',
      required: true,
    },
    ...systemOption,
    action: { type: 'string', value: 'A', help: 'the action, as the system names it', required: true },
    resource: { type: 'string', value: 'R', help: 'the resource, as the system names it', required: true },
    context: { type: 'string', value: 'FILE', help: 'a JSON object with the context of the request' },
  },
  positionals: { min: 0, max: 0 },
  async run(invocation) {
    const { terminal, signal, session } = invocation;
    const input = {
      bundle: { path: textOf(invocation, 'bundle') ?? '', system: textOf(invocation, 'system') ?? null },
      action: textOf(invocation, 'action') ?? '',
      resource: textOf(invocation, 'resource') ?? '',
      context: textOf(invocation, 'context') ?? null,
    };
    const onItem = (text: string): void | Promise<void> => terminal.write(text);
    const { answers } = valueOf(await session().client.request('policy.who', input, { signal, onItem }));
    if (answers === 0) terminal.note('Nobody can.');
    return exitCodes.done;
  },
};
