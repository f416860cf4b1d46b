import { existsSync } from 'node:fs';
import type { ChildLauncher } from '#electron/platform/children.ts';
import type { Session } from '../session.ts';
import type { Terminal } from '../terminal.ts';
import type { Arguments, OptionTable } from '../arguments.ts';
import type { ExitCode } from '../exit-code.ts';
import { FailureError } from '#shared/util/result.ts';

/** What a command works with. */
export interface Invocation extends Arguments {
  readonly terminal: Terminal;
  /** Fires on Ctrl-C: end consistently and soon. */
  readonly signal: AbortSignal;
  /** Starts the child processes of whichever program this is. */
  readonly launcher: ChildLauncher;
  /** The engine under this process; started when it is first asked for. */
  readonly session: () => Session;
}

export interface Command {
  readonly name: string;
  /** After the name, e.g. `--case DIR ID [--raw]`. */
  readonly usage: string;
  readonly summary: string;
  /** More for `--help`. */
  readonly notes?: string;
  readonly options: OptionTable;
  /** How many words besides options it takes. */
  readonly positionals: { readonly min: number; readonly max: number };
  run(invocation: Invocation): Promise<ExitCode>;
}

export const caseOption = {
  case: { type: 'string', value: 'DIR', help: 'the case folder', required: true },
} as const satisfies OptionTable;

export const systemOption = {
  system: { type: 'string', value: 'S', help: 'the policy system, instead of recognising it' },
} as const satisfies OptionTable;

export const queryOption = {
  query: {
    type: 'string',
    value: 'Q',
    help: 'only events that match, e.g. outcome:deny subject.id:*admin* -service:kms',
  },
} as const satisfies OptionTable;

export const rangeOptions = {
  from: { type: 'string', value: 'T', help: 'only events from this time on (RFC 3339)' },
  to: { type: 'string', value: 'T', help: 'only events up to this time (RFC 3339)' },
} as const satisfies OptionTable;

export const portOption = {
  port: { type: 'string', value: 'N', help: 'the port on 127.0.0.1 (default: a random one)' },
} as const satisfies OptionTable;

/** The port that was asked for; 0 for a random one. Throws kind `invalid-input`. */
export function portOf(given: Arguments): number {
  const port = numberOf(given, 'port') ?? 0;
  if (port <= 65_535) return port;
  throw new FailureError('invalid-input', `--port is a number up to 65535, not ${port}.`);
}

/** The text of an option; undefined where it was not given. */
export function textOf({ options }: Arguments, name: string): string | undefined {
  const value = options[name];
  return typeof value === 'string' ? value : undefined;
}

/** The text of an option that must be there. Throws kind `invalid-input` with what to write. */
export function neededOf(given: Arguments, name: string, value: string): string {
  const text = textOf(given, name);
  if (text !== undefined && text !== '') return text;
  throw new FailureError('invalid-input', `--${name} ${value} is missing.`);
}

/** A whole number from 0 on; undefined where it was not given. Throws kind `invalid-input`. */
export function numberOf(given: Arguments, name: string): number | undefined {
  const text = textOf(given, name);
  if (text === undefined) return undefined;
  if (/^\d{1,12}$/.test(text)) return Number(text);
  throw new FailureError('invalid-input', `--${name} is a whole number, not “${text}”.`);
}

/** The case folder that was named. */
export function caseOf(given: Arguments): string {
  const folder = textOf(given, 'case');
  if (folder === undefined || folder === '') {
    throw new FailureError('invalid-input', 'Name the case folder with --case DIR.');
  }
  return folder;
}

/** Opens the named case for reading. */
export async function openCase(invocation: Invocation): Promise<Session> {
  const session = invocation.session();
  const folder = caseOf(invocation);
  if (!existsSync(folder)) {
    throw new FailureError(
      'not-found',
      `There is no ${folder}. “rescind ingest --case ${folder} FILE…” makes a case out of logs.`,
    );
  }
  await session.engine.openCase(folder);
  return session;
}

/** Prints one JSON document where a program reads it, and text for a person. */
export async function printDocument(
  { options, terminal }: Invocation,
  document: unknown,
  text: () => string,
): Promise<void> {
  const asJson = options['json'] === true || !terminal.isInteractive;
  await terminal.write(asJson ? `${JSON.stringify(document)}\n` : text());
}
