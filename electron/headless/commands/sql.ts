import { FailureError } from '#shared/util/result.ts';
import { valueOf } from '#electron/router/value-of.ts';
import { csvLine } from '../csv.ts';
import { exitCodes } from '../exit-code.ts';
import { type Command, caseOption, openCase } from './command.ts';

export const sql: Command = {
  name: 'sql',
  usage: '--case DIR "SELECT …" [--csv]',
  summary: 'read-only SQL over events, evidence and identities (JSON Lines; --csv)',
  options: {
    ...caseOption,
    csv: {
      type: 'boolean',
      help: 'CSV with a head line; texts that a spreadsheet would run are neutralised',
    },
  },
  positionals: { min: 1, max: 1 },
  async run(invocation) {
    const [text = ''] = invocation.positionals;
    if (text.trim() === '') throw new FailureError('invalid-input', 'The statement is empty.');
    const { terminal, signal } = invocation;
    const asCsv = invocation.options['csv'] === true;
    const { client } = await openCase(invocation);
    let isFirst = true;
    const onItem = (row: Readonly<Record<string, unknown>>): void | Promise<void> => {
      if (!asCsv) return terminal.write(`${JSON.stringify(row, plain)}\n`);
      const head = isFirst ? csvLine(Object.keys(row)) : '';
      isFirst = false;
      return terminal.write(head + csvLine(Object.values(row)));
    };
    const { columns } = valueOf(await client.request('sql.run', { text }, { signal, onItem }));
    if (asCsv && isFirst) await terminal.write(csvLine(columns));
    return exitCodes.done;
  },
};

/** What SQLite has and JSON has not: large integers as text, blobs in base64. */
function plain(_: string, value: unknown): unknown {
  if (typeof value === 'bigint') return String(value);
  return value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value;
}
