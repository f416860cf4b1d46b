import { existsSync } from 'node:fs';
import { valueOf } from '#electron/router/value-of.ts';
import { FailureError } from '#shared/util/result.ts';
import { exitCodes } from '../exit-code.ts';
import { type Command, type Invocation, caseOption, openCase, textOf } from './command.ts';

const mostChanges = 1_000_000;

export const drift: Command = {
  name: 'drift',
  usage: '--case DIR (--from ID|PATH --to ID | --series)',
  summary: 'how effective permissions changed from one bundle to another, and by which event (JSON Lines)',
  notes:
    'Text, order and the number of statements do not count: only what can be done. “attribution” holds the logged\n' +
    'events that explain a change, latest first; an empty one is unexplained. --from may be a declared baseline: a\n' +
    'folder, file or archive of policies. --series compares each bundle of a system with the next one.',
  options: {
    ...caseOption,
    from: { type: 'string', value: 'ID|PATH', help: 'a bundle of the case, or a baseline in files' },
    to: { type: 'string', value: 'ID', help: 'a later bundle of the case' },
    series: { type: 'boolean', help: 'all bundles of the case, in the order of their times' },
  },
  positionals: { min: 0, max: 0 },
  async run(invocation) {
    const [from, to] = [textOf(invocation, 'from'), textOf(invocation, 'to')];
    const isSeries = invocation.options['series'] === true;
    if (
      isSeries === (from !== undefined || to !== undefined) ||
      (from === undefined) !== (to === undefined)
    ) {
      throw new FailureError('invalid-input', 'Give --from and --to, or --series.');
    }
    const { client } = await openCase(invocation);
    const { signal } = invocation;
    if (from === undefined || to === undefined) {
      const { steps } = valueOf(await client.request('drift.series', {}, { signal }));
      for (const { changes, from: before, to: after } of steps) {
        await writeLines(
          invocation,
          changes.map((change) => ({ from: before, to: after, ...change })),
        );
      }
      return exitCodes.done;
    }
    const bundles = valueOf(await client.request('bundles.list', {}, { signal }));
    const isBundle = bundles.some(({ id }) => id === from) || !existsSync(from);
    const { changes } = isBundle
      ? valueOf(await client.request('drift.run', { from, to, limit: mostChanges }, { signal }))
      : valueOf(await client.request('drift.baseline', { path: from, to }, { signal }));
    await writeLines(invocation, changes);
    return exitCodes.done;
  },
};

async function writeLines({ terminal }: Invocation, rows: readonly unknown[]): Promise<void> {
  for (const row of rows) {
    const written = terminal.write(`${JSON.stringify(row)}\n`);
    if (written !== undefined) await written;
  }
}
