import { valueOf } from '#electron/router/value-of.ts';
import type { EvaluateReport, PolicyBundle } from '#shared/ipc/views.ts';
import { FailureError } from '#shared/util/result.ts';
import { type ExitCode, exitCodes } from '../exit-code.ts';
import type { Terminal } from '../terminal.ts';
import { visible } from '../text.ts';
import { type Command, type Invocation, systemOption, textOf } from './command.ts';

export const evaluate: Command = {
  name: 'evaluate',
  usage: '(--bundle PATH [--system S] (REQUESTS.jsonl | --expect FILE.yaml) | --batch FILE.jsonl)',
  summary: 'what a policy decides, and by which rule: one trace a request, in order (JSON Lines)',
  notes:
    'A request is an AuthZEN evaluation request; “-” reads requests or a batch from standard input. A line of a batch\n' +
    'is {"system", "bundle": {"path"} or a document, "requests": […]}. With --expect policy tests are run; it ends\n' +
    'with 1 where one fails. Ends with 5 where a request could not be read or worked out.',
  options: {
    bundle: { type: 'string', value: 'PATH', help: 'policies: a file, a folder, a .tar.gz or a .zip' },
    ...systemOption,
    batch: { type: 'string', value: 'FILE', help: 'lines that each name their bundle and requests' },
    expect: { type: 'string', value: 'FILE', help: 'policy tests (YAML): expected decisions' },
  },
  positionals: { min: 0, max: 1 },
  async run(invocation) {
    const bundle = textOf(invocation, 'bundle');
    const batch = textOf(invocation, 'batch');
    const expected = textOf(invocation, 'expect');
    const [requests] = invocation.positionals;
    const forms = [batch, expected, requests].filter((form) => form !== undefined).length;
    if (forms !== 1 || (batch === undefined) === (bundle === undefined)) {
      throw new FailureError(
        'invalid-input',
        'Give --bundle PATH with a file of requests or with --expect FILE, or give --batch FILE.',
      );
    }
    const system = textOf(invocation, 'system') ?? null;
    if (batch !== undefined && system !== null) {
      throw new FailureError('invalid-input', 'In a batch each line names its system; leave --system out.');
    }
    if (expected !== undefined) return runTests(invocation, { path: bundle ?? '', system }, expected);
    const chosen = bundle === undefined ? null : { path: bundle, system };
    return runRequests(invocation, { bundle: chosen, batch: batch ?? null, requests: requests ?? null });
  },
};

async function runRequests(
  invocation: Invocation,
  input: {
    bundle: { path: string; system: string | null } | null;
    batch: string | null;
    requests: string | null;
  },
): Promise<ExitCode> {
  const { terminal, signal, session } = invocation;
  const onItem = (text: string): void | Promise<void> => terminal.write(text);
  const report = valueOf(await session().client.request('policy.evaluate', input, { signal, onItem }));
  noteReport(report, terminal);
  return report.failed > 0 ? exitCodes.partly : exitCodes.done;
}

async function runTests(
  { terminal, signal, session }: Invocation,
  bundle: { path: string; system: string | null },
  path: string,
): Promise<ExitCode> {
  const onItem = (text: string): void | Promise<void> => terminal.write(text);
  const { tests, failed } = valueOf(
    await session().client.request('policy.expect', { bundle, path }, { signal, onItem }),
  );
  terminal.note(`${tests} policy tests, ${failed} failed.`);
  return failed > 0 ? exitCodes.no : exitCodes.done;
}

function noteReport({ answers, failed, bundle, notes }: EvaluateReport, terminal: Terminal): void {
  for (const note of notes) terminal.note(visible(note));
  if (bundle !== null) noteProblems(bundle, terminal);
  if (failed > 0) terminal.note(`${failed} of ${answers} answers are indeterminate because of an error.`);
}

const mostProblems = 20;

/** What is wrong with a bundle, for the person at the terminal. */
export function noteProblems({ problems }: Pick<PolicyBundle, 'problems'>, terminal: Terminal): void {
  for (const { severity, path, locator, message } of problems.slice(0, mostProblems)) {
    terminal.note(visible(`${severity}: ${path}${locator === '' ? '' : ` ${locator}`}: ${message}`));
  }
  if (problems.length > mostProblems) terminal.note(`… and ${problems.length - mostProblems} more problems.`);
}
