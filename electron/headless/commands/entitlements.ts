import { valueOf } from '#electron/router/value-of.ts';
import { FailureError } from '#shared/util/result.ts';
import { type ExitCode, exitCodes } from '../exit-code.ts';
import { type Command, type Invocation, openCase, systemOption, textOf } from './command.ts';

const mostRows = 1_000_000;

const options = {
  case: { type: 'string', value: 'DIR', help: 'the case folder' },
  bundle: {
    type: 'string',
    value: 'PATH|ID',
    help: 'policies in files, or with --case a bundle of the case',
  },
  ...systemOption,
  subject: { type: 'string', value: 'ID', help: 'only this identity’s' },
  'as-of': { type: 'string', value: 'T', help: 'the reference time (RFC 3339)' },
} as const;

const usage = '(--bundle PATH | --case DIR [--bundle ID]) [--subject ID] [--as-of T]';

export const entitlements: Command = {
  name: 'entitlements',
  usage,
  summary:
    'effective permissions, each with every way in which it is held, conditions and limits (JSON Lines)',
  notes:
    'Wildcards of AWS are written out by the catalogue of its actions. “never-effective” is given and taken away\n' +
    'again by a boundary, the organization or a Deny.',
  options,
  positionals: { min: 0, max: 0 },
  run: (invocation) => list(invocation, 'entitlements'),
};

export const paths: Command = {
  name: 'paths',
  usage,
  summary:
    'ways to rights and credentials that were not given: privilege escalation, with the chain (JSON Lines)',
  notes:
    'Each step is decided by the evaluator: Deny statements, boundaries, the organization and conditions count.\n' +
    'An administrator is listed once. “conditional” is possible under the conditions that are named.',
  options,
  positionals: { min: 0, max: 0 },
  run: (invocation) => list(invocation, 'paths'),
};

async function list(invocation: Invocation, what: 'entitlements' | 'paths'): Promise<ExitCode> {
  const { terminal, signal } = invocation;
  const bundle = textOf(invocation, 'bundle') ?? null;
  const subject = textOf(invocation, 'subject') ?? null;
  const asOf = textOf(invocation, 'as-of') ?? null;
  if (textOf(invocation, 'case') === undefined) {
    if (bundle === null) throw new FailureError('invalid-input', 'Give --bundle PATH or --case DIR.');
    const input = {
      bundle: { path: bundle, system: textOf(invocation, 'system') ?? null },
      what,
      subject,
      at: asOf,
    };
    const onItem = (text: string): void | Promise<void> => terminal.write(text);
    const { client } = invocation.session();
    valueOf(await client.request('policy.list', input, { signal, onItem }));
    return exitCodes.done;
  }
  const { client } = await openCase(invocation);
  const operation = what === 'paths' ? 'paths.list' : 'entitlements.list';
  const request = { subject, bundle, asOf, limit: mostRows };
  const { rows } = valueOf(await client.request(operation, request, { signal }));
  for (const row of rows) {
    const written = terminal.write(`${JSON.stringify(row)}\n`);
    if (written !== undefined) await written;
  }
  return exitCodes.done;
}
