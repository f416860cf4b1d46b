import { valueOf } from '#electron/router/value-of.ts';
import { FailureError } from '#shared/util/result.ts';
import { exitCodes } from '../exit-code.ts';
import {
  type Command,
  caseOption,
  numberOf,
  openCase,
  queryOption,
  rangeOptions,
  textOf,
} from './command.ts';

export const events: Command = {
  name: 'events',
  usage: '--case DIR [--query Q] [--from T] [--to T] [--sort time|-time] [--limit N]',
  summary: 'the events that match, whole (JSON Lines)',
  options: {
    ...caseOption,
    ...queryOption,
    ...rangeOptions,
    sort: { type: 'string', value: 'ORDER', help: '“time” (oldest first, the default) or “-time”' },
    limit: { type: 'string', value: 'N', help: 'at most so many' },
  },
  positionals: { min: 0, max: 0 },
  async run(invocation) {
    const { terminal, signal } = invocation;
    const sort = textOf(invocation, 'sort') ?? 'time';
    if (sort !== 'time' && sort !== '-time') {
      throw new FailureError('invalid-input', `--sort is “time” or “-time”, not “${sort}”.`);
    }
    const limit = numberOf(invocation, 'limit') ?? null;
    const filter = {
      query: textOf(invocation, 'query') ?? '',
      from: textOf(invocation, 'from') ?? null,
      to: textOf(invocation, 'to') ?? null,
    };
    const { client } = await openCase(invocation);
    const onItem = (event: unknown): void | Promise<void> => terminal.write(`${JSON.stringify(event)}\n`);
    valueOf(await client.request('events.stream', { ...filter, sort, limit }, { signal, onItem }));
    return exitCodes.done;
  },
};
