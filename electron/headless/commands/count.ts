import { valueOf } from '#electron/router/value-of.ts';
import type { CountRow } from '#shared/ipc/views.ts';
import { commaList } from '#shared/util/comma-list.ts';
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

const mostGroups = 1_000_000;

export const count: Command = {
  name: 'count',
  usage: '--case DIR [--query Q] --by FIELD[,FIELD…] [--bucket hour|day]',
  summary: 'how many events there are of each kind, largest first (JSON Lines)',
  notes: 'Each line has the fields by name and “count”; with --bucket its start in UTC as “hour” or “day”.',
  options: {
    ...caseOption,
    ...queryOption,
    ...rangeOptions,
    by: { type: 'string', value: 'FIELDS', help: 'fields to count by, e.g. outcome,service' },
    bucket: { type: 'string', value: 'hour|day', help: 'count for each hour or day as well' },
    limit: { type: 'string', value: 'N', help: 'at most so many lines' },
  },
  positionals: { min: 0, max: 0 },
  async run(invocation) {
    const { terminal, signal } = invocation;
    const by = commaList(textOf(invocation, 'by') ?? '');
    const bucket = bucketOf(textOf(invocation, 'bucket'));
    if (by.length === 0 && bucket === null) {
      throw new FailureError(
        'invalid-input',
        'Say what to count by: --by FIELD[,FIELD…], e.g. --by outcome.',
      );
    }
    const request = {
      query: textOf(invocation, 'query') ?? '',
      from: textOf(invocation, 'from') ?? null,
      to: textOf(invocation, 'to') ?? null,
      by,
      bucket,
      limit: Math.min(numberOf(invocation, 'limit') ?? mostGroups, mostGroups),
    };
    const { client } = await openCase(invocation);
    const { rows, groups } = valueOf(await client.request('events.count', request, { signal }));
    const names = bucket === null ? by : [bucket, ...by];
    for (const row of rows) {
      const written = terminal.write(`${JSON.stringify(namedRow(row, names))}\n`);
      if (written !== undefined) await written;
    }
    if (groups > rows.length) terminal.note(`${groups - rows.length} smaller groups are left out.`);
    return exitCodes.done;
  },
};

function bucketOf(text: string | undefined): 'hour' | 'day' | null {
  if (text === undefined) return null;
  if (text === 'hour' || text === 'day') return text;
  throw new FailureError('invalid-input', `--bucket is “hour” or “day”, not “${text}”.`);
}

function namedRow({ values, count: events }: CountRow, names: readonly string[]): Record<string, unknown> {
  const named: [string, unknown][] = names.map((name, index) => [name, values[index] ?? null]);
  return Object.fromEntries([...named, ['count', events]]);
}
