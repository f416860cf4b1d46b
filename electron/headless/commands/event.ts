import { valueOf } from '#electron/router/value-of.ts';
import { exitCodes } from '../exit-code.ts';
import { visible } from '../text.ts';
import { type Command, caseOption, openCase, printDocument } from './command.ts';

export const event: Command = {
  name: 'event',
  usage: '--case DIR ID [--raw]',
  summary: 'one event; --raw writes the exact bytes of its record',
  options: {
    ...caseOption,
    raw: { type: 'boolean', help: 'the bytes of the record as they are in the evidence' },
  },
  positionals: { min: 1, max: 1 },
  async run(invocation) {
    const [id = ''] = invocation.positionals;
    const { client } = await openCase(invocation);
    if (invocation.options['raw'] === true) {
      const { base64 } = valueOf(await client.request('events.raw', { id }));
      await invocation.terminal.write(Buffer.from(base64, 'base64'));
      return exitCodes.done;
    }
    const found = valueOf(await client.request('events.get', { id }));
    await printDocument(invocation, found, () => `${prettyText(found)}\n`);
    return exitCodes.done;
  },
};

/** JSON over several lines, safe for a terminal. */
function prettyText(value: unknown): string {
  return JSON.stringify(value, null, 2).split('\n').map(visible).join('\n');
}
