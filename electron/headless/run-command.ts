import { type ChildLauncher, endableLauncher } from '#electron/platform/children.ts';
import { installation } from '#electron/platform/installation.ts';
import { type Failure, FailureError, failureOf } from '#shared/util/result.ts';
import { commonOptions, nearest, readArguments } from './arguments.ts';
import { type Command, textOf } from './commands/command.ts';
import { commands } from './commands/index.ts';
import { UsageError } from './commands/subcommand.ts';
import { type ExitCode, exitCodeOf, exitCodes } from './exit-code.ts';
import { commandHelp, generalHelp } from './help.ts';
import { type Session, createSession } from './session.ts';
import { type Terminal, systemTerminal } from './terminal.ts';
import { visible } from './text.ts';

/** Runs one command of the command line; resolves to the process's exit code. */
export async function runWords(words: readonly string[], launcher: ChildLauncher): Promise<ExitCode> {
  const terminal = systemTerminal();
  const [first = '--help', ...rest] = words;
  if (first === '--version') {
    await terminal.write(`${installation().version}\n`);
    return exitCodes.done;
  }
  if (first === '--help' || first === '-h' || first === 'help') {
    const named = commands.find(({ name }) => name === rest[0]);
    if (named === undefined && rest[0] !== undefined) return noCommand(rest[0], terminal);
    await terminal.write(named === undefined ? generalHelp(commands) : commandHelp(named));
    return words.length === 0 ? exitCodes.usage : exitCodes.done;
  }
  const command = commands.find(({ name }) => name === first);
  if (command === undefined) return noCommand(first, terminal);
  return runCommand(command, rest, terminal, launcher);
}

function noCommand(given: string, terminal: Terminal): ExitCode {
  const near = nearest(
    given,
    commands.map(({ name }) => name),
  );
  const hint = near === null ? 'See “rescind --help”.' : `Did you mean “${near}”?`;
  terminal.note(`rescind: there is no command “${visible(given)}”. ${hint}`);
  return exitCodes.usage;
}

async function runCommand(
  command: Command,
  words: readonly string[],
  terminal: Terminal,
  ownLauncher: ChildLauncher,
): Promise<ExitCode> {
  let session: Session | null = null;
  let query: string | undefined;
  const { launcher, endAll } = endableLauncher(ownLauncher);
  // What only reads ends at once. An import and a response end themselves, after the commit or action under way.
  const interruption = watchInterrupts(() => {
    if (session !== null && session.engine.work === null) endAll();
  });
  try {
    if (words.includes('--help') || words.includes('-h')) {
      await terminal.write(commandHelp(command));
      return exitCodes.done;
    }
    const given = readArguments(words, { ...command.options, ...commonOptions });
    checkUsage(command, given.options, given.positionals);
    query = textOf(given, 'query');
    return await command.run({
      ...given,
      terminal,
      launcher,
      signal: interruption.signal,
      session: () => (session ??= createSession({ launcher })),
    });
  } catch (thrown) {
    const failed = failureOf(thrown);
    // The children were ended, by this process or by the same signal.
    const isEnded = interruption.signal.aborted && failed.kind === 'crashed';
    const told: Failure = isEnded
      ? { kind: 'cancelled', message: 'Interrupted. The case is intact.' }
      : failed;
    const code = report(told, thrown, command, terminal);
    if (query !== undefined) showPlace(told, query, terminal);
    return code;
  } finally {
    interruption.stop();
    closeSession(session);
  }
}

function closeSession(session: Session | null): void {
  session?.close();
}

function checkUsage(
  { name, options, positionals }: Command,
  given: Readonly<Record<string, unknown>>,
  words: readonly string[],
): void {
  for (const [option, { required, value }] of Object.entries(options)) {
    if (required === true && (given[option] === undefined || given[option] === '')) {
      throw new FailureError(
        'invalid-input',
        `--${option}${value === undefined ? '' : ` ${value}`} is missing.`,
      );
    }
  }
  if (words.length < positionals.min) {
    throw new FailureError('invalid-input', `“rescind ${name}” needs more: see its usage.`);
  }
  if (words.length > positionals.max) {
    throw new FailureError('invalid-input', `“${words[positionals.max]}” is one word too many.`);
  }
}

function report(failure: Failure, thrown: unknown, command: Command, terminal: Terminal): ExitCode {
  terminal.note(`rescind ${command.name}: ${visible(failure.message)}`);
  if (failure.kind === 'invalid-input') {
    const usage = thrown instanceof UsageError ? thrown.usage : `rescind ${command.name} ${command.usage}`;
    terminal.note(`Usage: ${usage}`);
  }
  if (failure.kind === 'internal') {
    terminal.note('This is a bug of Rescind. The case is intact.');
    if (thrown instanceof Error && thrown.stack !== undefined) terminal.note(thrown.stack);
  }
  return exitCodeOf(failure.kind);
}

/** Marks the place of a query that its problem is about; nothing where it is about none. */
function showPlace({ kind, details }: Failure, query: string, terminal: Terminal): void {
  const [from, to] = [details?.['from'], details?.['to']];
  if (kind !== 'query' || typeof from !== 'number' || typeof to !== 'number') return;
  const start = Math.max(0, from - shownAround);
  const before = (start > 0 ? '…' : '') + visible(query.slice(start, from));
  const place = visible(query.slice(from, Math.min(to, from + shownAround)));
  const after = visible(query.slice(to, to + shownAround)) + (query.length > to + shownAround ? '…' : '');
  terminal.note(`  ${before}${place}${after}`);
  terminal.note(`  ${' '.repeat(before.length)}${'^'.repeat(Math.max(1, place.length))}`);
}

/** How much of a long query is shown on each side of a problem. */
const shownAround = 30;

/** How long a command that was interrupted may take to end by itself. */
const graceMs = 500;
/** Ctrl-C in a terminal may come twice, by itself and passed on by a parent: within this time it is one. */
const sameSignalMs = 200;

/**
 * Ctrl-C asks the command to end consistently; `overdue` is called when it has not after a while, since it may wait
 * for a busy child. A second one ends the process, which is safe as well.
 */
function watchInterrupts(overdue: () => void): { readonly signal: AbortSignal; stop(): void } {
  const controller = new AbortController();
  let first = 0;
  let timer: NodeJS.Timeout | undefined;
  const onInterrupt = (): void => {
    if (controller.signal.aborted) {
      if (performance.now() - first > sameSignalMs) process.exit(exitCodes.partly);
      return;
    }
    first = performance.now();
    timer = setTimeout(overdue, graceMs);
    controller.abort();
  };
  process.on('SIGINT', onInterrupt);
  process.on('SIGTERM', onInterrupt);
  return {
    signal: controller.signal,
    stop: () => {
      clearTimeout(timer);
      process.off('SIGINT', onInterrupt);
      process.off('SIGTERM', onInterrupt);
    },
  };
}
