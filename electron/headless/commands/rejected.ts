import { valueOf } from '#electron/router/value-of.ts';
import { exitCodes } from '../exit-code.ts';
import { type Command, caseOption, openCase } from './command.ts';

const pageSize = 1_000;

export const rejected: Command = {
  name: 'rejected',
  usage: '--case DIR',
  summary: 'records that could not be read, with position and reason (JSON Lines)',
  options: { ...caseOption },
  positionals: { min: 0, max: 0 },
  async run(invocation) {
    const { client } = await openCase(invocation);
    for (let offset = 0; ; offset += pageSize) {
      const page = valueOf(await client.request('evidence.rejected', { offset, limit: pageSize }));
      const lines = page.rows.map(
        ({ path, offset: at, length, reason, excerpt, sha256 }) =>
          `${JSON.stringify({ path, offset: at, length, reason, excerpt, sha256 })}\n`,
      );
      await invocation.terminal.write(lines.join(''));
      if (offset + page.rows.length >= page.total || page.rows.length === 0) return exitCodes.done;
    }
  },
};
