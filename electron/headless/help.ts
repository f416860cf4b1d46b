import { type OptionTable, commonOptions } from './arguments.ts';
import type { Command } from './commands/command.ts';

/** The help of the whole command line. */
export function generalHelp(commands: readonly Command[]): string {
  const width = Math.max(...commands.map(({ name }) => name.length));
  return [
    'Usage: rescind <command> …',
    '',
    'Find out what access was really decided, by which rule. Offline: nothing leaves this machine.',
    '',
    ...commands.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`),
    '',
    'rescind <command> --help explains one; rescind --version prints the version.',
    'Exit codes: 0 done, 1 the answer is no, 2 wrong usage, 3 unusable input, 4 refused, 5 partly done, 70 a bug.',
    '',
  ].join('\n');
}

export function commandHelp({ name, usage, summary, notes, options }: Command): string {
  const parts = [`Usage: rescind ${name} ${usage}`, '', sentence(summary)];
  if (notes !== undefined) parts.push(notes);
  parts.push('', optionHelp({ ...options, ...commonOptions }), '');
  return parts.join('\n');
}

function optionHelp(table: OptionTable): string {
  const rows = Object.entries(table).map(([name, { value, help }]) => ({
    left: value === undefined ? `--${name}` : `--${name} ${value}`,
    help,
  }));
  const width = Math.max(...rows.map(({ left }) => left.length));
  return rows.map(({ left, help }) => `  ${left.padEnd(width)}  ${help}`).join('\n');
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
