import { FailureError } from '#shared/util/result.ts';
import { nearest } from '../arguments.ts';
import type { ExitCode } from '../exit-code.ts';
import type { Invocation } from './command.ts';

/** One of the words that may follow a command, e.g. `plan` of `respond plan`. */
export interface Subcommand {
  /** After the word. */
  readonly usage: string;
  readonly summary: string;
  run(invocation: Invocation): Promise<ExitCode>;
}

/** Runs the subcommand that the first word names, with the words after it. Throws kind `invalid-input`. */
export function runSubcommand(
  command: string,
  subcommands: Readonly<Record<string, Subcommand>>,
  invocation: Invocation,
): Promise<ExitCode> {
  const [word = '', ...positionals] = invocation.positionals;
  const found = Object.hasOwn(subcommands, word) ? subcommands[word] : undefined;
  if (found !== undefined) return runFound(command, word, found, { ...invocation, positionals });
  const near = nearest(word, Object.keys(subcommands));
  const hint = near === null ? `Known: ${Object.keys(subcommands).join(', ')}.` : `Did you mean “${near}”?`;
  throw new FailureError('invalid-input', `“rescind ${command} ${word}” is no command. ${hint}`);
}

/** A word that is wrong or missing is told with the usage of the subcommand, not with that of all of them. */
async function runFound(
  command: string,
  word: string,
  found: Subcommand,
  invocation: Invocation,
): Promise<ExitCode> {
  try {
    return await found.run(invocation);
  } catch (thrown) {
    if (thrown instanceof FailureError && thrown.failure.kind === 'invalid-input') {
      throw new UsageError(thrown.message, `rescind ${command} ${word} ${found.usage}`.trim());
    }
    throw thrown;
  }
}

/** What was written wrong, with what to write instead. */
export class UsageError extends FailureError {
  readonly usage: string;
  constructor(message: string, usage: string) {
    super('invalid-input', message);
    this.usage = usage;
  }
}

/** The lines of the help that list subcommands. */
export function subcommandHelp(command: string, subcommands: Readonly<Record<string, Subcommand>>): string {
  return Object.entries(subcommands)
    .map(([word, { usage, summary }]) => `  rescind ${command} ${word} ${usage}\n      ${summary}`)
    .join('\n');
}

/** The one word that is asked for. Throws kind `invalid-input`. */
export function oneWord({ positionals }: Invocation, what: string): string {
  const [word, more] = positionals;
  if (word === undefined) throw new FailureError('invalid-input', `${what} is missing.`);
  if (more !== undefined) throw new FailureError('invalid-input', `“${more}” is one word too many.`);
  return word;
}
