import { readFileSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { type JsonObject, isObject } from '#shared/domain/json.ts';
import { FailureError } from '#shared/util/result.ts';
import type { IngestReport } from '#shared/ipc/views.ts';
import { exitCodes } from '../exit-code.ts';
import { createProgress, ingestLine } from '../progress.ts';
import { byteSize, count, duration, table, visible } from '../text.ts';
import {
  type Command,
  type Invocation,
  caseOf,
  caseOption,
  numberOf,
  printDocument,
  textOf,
} from './command.ts';

export const ingest: Command = {
  name: 'ingest',
  usage: '--case DIR [--format NAME] [--time-zone ZONE] [--taken-at T] [--mapping FILE] [--jobs N] PATH…',
  summary: 'import logs and exports of directories: files, folders, archives, - for standard input',
  notes:
    'The case is made where there is none. A file that is in the case already adds nothing. Ctrl-C stops after the\n' +
    'last commit; the same command again continues.\n' +
    'Exports of directories (credential report, Okta users, LDIF …) are recognised as well. --mapping is a JSON file\n' +
    'that tells what the columns of a table of identities mean: {"columns":{"id":"Number","mail":"E-mail"}}.',
  options: {
    ...caseOption,
    format: { type: 'string', value: 'NAME', help: 'the log format, instead of detecting it for each file' },
    'time-zone': { type: 'string', value: 'ZONE', help: 'for times without one, e.g. Europe/Berlin' },
    'taken-at': {
      type: 'string',
      value: 'T',
      help: 'when exports of directories were made, where they do not say',
    },
    mapping: { type: 'string', value: 'FILE', help: 'what the columns of a table of identities mean' },
    jobs: { type: 'string', value: 'N', help: 'worker threads (default: one a core)' },
  },
  positionals: { min: 1, max: Number.POSITIVE_INFINITY },
  async run(invocation) {
    const folder = caseOf(invocation);
    const progress = createProgress(textOf(invocation, 'progress'), invocation.terminal, ingestLine);
    const request = {
      paths: invocation.positionals,
      format: textOf(invocation, 'format') ?? null,
      timeZone: textOf(invocation, 'time-zone') ?? null,
      workers: jobsOf(invocation),
      directory: {
        mapping: mappingOf(textOf(invocation, 'mapping')),
        takenAt: textOf(invocation, 'taken-at') ?? null,
      },
    };
    const report = await invocation.session().engine.importInto(folder, basename(resolve(folder)), request, {
      signal: invocation.signal,
      onProgress: progress.show,
    });
    progress.end();
    await printDocument(invocation, report, () => reportText(report));
    if (report.cancelled) {
      invocation.terminal.note('Stopped. The same command again continues.');
      return exitCodes.partly;
    }
    if (report.files > 0 || report.records > 0 || report.skipped.length === 0) return exitCodes.done;
    invocation.terminal.note('Nothing could be imported: see what was skipped, and why.');
    return exitCodes.input;
  },
};

/** How many worker threads were asked for; 0 for one a core. Throws kind `invalid-input`. */
function jobsOf(invocation: Invocation): number {
  const jobs = numberOf(invocation, 'jobs');
  if (jobs === 0) throw new FailureError('invalid-input', '--jobs is 1 or more, or left out.');
  return jobs ?? 0;
}

/** The mapping in a file. Throws kind `invalid-input`. */
function mappingOf(path: string | undefined): JsonObject | null {
  if (path === undefined) return null;
  try {
    const value: unknown = JSON.parse(readFileSync(path, 'utf8'));
    if (isObject(value)) return value;
  } catch (thrown) {
    const why = thrown instanceof Error ? thrown.message : String(thrown);
    throw new FailureError('invalid-input', `The mapping at ${path} cannot be read (${why}).`);
  }
  throw new FailureError('invalid-input', `The mapping at ${path} is no JSON object.`);
}

function reportText(report: IngestReport): string {
  const { files, bytes, records, events, duplicates, rejected, seconds } = report;
  const lines = [
    `${count(files)} files, ${byteSize(bytes)}, in ${duration(seconds)}`,
    `${count(records)} records = ${count(events)} events + ${count(duplicates)} duplicates + ${count(rejected)} rejected`,
    '',
    table(Object.entries(report.outcomes), [
      { title: 'outcome', value: ([outcome]) => outcome },
      { title: 'events', value: ([, events]) => events },
    ]),
    table(report.sources, [
      { title: 'source', value: ({ format }) => format },
      { title: 'events', value: ({ events }) => events },
      { title: 'from', value: ({ from }) => from },
      { title: 'to', value: ({ to }) => to },
    ]),
  ];
  if (report.directories.length > 0) {
    lines.push(
      table(report.directories, [
        { title: 'directory', value: ({ format }) => format },
        { title: 'entries', value: ({ entries }) => entries },
      ]),
    );
  }
  if (report.skipped.length > 0) lines.push(`Skipped ${count(report.skipped.length)}:`);
  for (const { path, reason } of report.skipped.slice(0, 20))
    lines.push(`  ${visible(path)}: ${visible(reason)}`);
  if (report.skipped.length > 20) lines.push('  … all of them with --json');
  return `${lines.join('\n')}\n`;
}
