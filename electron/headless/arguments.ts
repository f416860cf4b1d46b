import { type ParseArgsOptionsConfig, parseArgs } from 'node:util';
import { FailureError } from '#shared/util/result.ts';

interface OptionHelp {
  readonly type: 'string' | 'boolean';
  /** The value's name in the help, e.g. `DIR`. */
  readonly value?: string;
  readonly help: string;
  readonly required?: boolean;
  /** May be given several times. */
  readonly multiple?: boolean;
}
export type OptionTable = Readonly<Record<string, OptionHelp>>;

/** What a command was given. Options that are not there have no entry. */
export interface Arguments {
  readonly options: Readonly<Record<string, string | boolean | undefined>>;
  readonly positionals: readonly string[];
  /** Values of the options that may be given several times. */
  readonly lists: Readonly<Record<string, readonly string[]>>;
}

/** Options that every command takes. */
export const commonOptions = {
  json: { type: 'boolean', help: 'print one JSON document (streams are JSON Lines anyway)' },
  progress: {
    type: 'string',
    value: 'MODE',
    help: 'on stderr: “line” (default on a terminal), “json” (one line a second) or “none”',
  },
  help: { type: 'boolean', help: 'show this help' },
} as const satisfies OptionTable;

/** Reads a command's arguments. Throws kind `invalid-input` with what to write instead. */
export function readArguments(words: readonly string[], table: OptionTable): Arguments {
  const config: ParseArgsOptionsConfig = {};
  for (const [name, { type, multiple = false }] of Object.entries(table)) config[name] = { type, multiple };
  try {
    const parsed = parseArgs({
      args: withJoinedValues(words, table),
      options: config,
      allowPositionals: true,
      strict: true,
    });
    const lists = Object.entries(parsed.values).filter(([, value]) => Array.isArray(value));
    const single = Object.entries(parsed.values).filter(([, value]) => !Array.isArray(value));
    return {
      options: Object.fromEntries(single) as Arguments['options'],
      positionals: parsed.positionals,
      lists: Object.fromEntries(lists) as Arguments['lists'],
    };
  } catch (thrown) {
    throw new FailureError('invalid-input', explain(thrown, words, table));
  }
}

/** Gives an option its value also where that begins with a dash, as in `--sort -time`. */
function withJoinedValues(words: readonly string[], table: OptionTable): string[] {
  const joined: string[] = [];
  for (let index = 0; index < words.length; index++) {
    const word = words[index] ?? '';
    if (word === '--') return [...joined, ...words.slice(index)];
    const value = words[index + 1];
    const takesValue = word.startsWith('--') && table[word.slice(2)]?.type === 'string';
    if (takesValue && value !== undefined && !value.startsWith('--')) {
      joined.push(`${word}=${value}`);
      index++;
    } else joined.push(word);
  }
  return joined;
}

function explain(thrown: unknown, words: readonly string[], table: OptionTable): string {
  const { code, message } = thrown as { code?: unknown; message: string };
  if (code !== 'ERR_PARSE_ARGS_UNKNOWN_OPTION') return firstSentence(message);
  const unknown = words.find((word) => word.startsWith('-') && !isKnown(word, table)) ?? '';
  const name = unknown.replace(/^-+/, '').replace(/=.*$/, '');
  const near = nearest(name, Object.keys(table));
  const hint = near === null ? `Known: ${optionList(table)}.` : `Did you mean --${near}?`;
  return `There is no option ${unknown.replace(/=.*$/, '')}. ${hint}`;
}

function isKnown(word: string, table: OptionTable): boolean {
  return word === '-' || Object.hasOwn(table, word.replace(/^--/, '').replace(/=.*$/, ''));
}

function optionList(table: OptionTable): string {
  return Object.keys(table)
    .map((name) => `--${name}`)
    .join(', ');
}

function firstSentence(message: string): string {
  return message.split(/\n|(?<=\.) /)[0] ?? message;
}

/** The name that differs least, if it differs little; null where none is near. */
export function nearest(given: string, names: readonly string[]): string | null {
  let best: string | null = null;
  let least = Math.max(1, Math.floor(given.length / 3)) + 1;
  for (const name of names) {
    const distance = editDistance(given, name);
    if (distance < least) [best, least] = [name, distance];
  }
  return best;
}

/** Levenshtein distance. */
function editDistance(first: string, second: string): number {
  let row = Array.from({ length: second.length + 1 }, (_, index) => index);
  for (let at = 1; at <= first.length; at++) {
    const next = [at];
    for (let other = 1; other <= second.length; other++) {
      const same = first[at - 1] === second[other - 1] ? 0 : 1;
      next.push(Math.min((row[other] ?? 0) + 1, (next[other - 1] ?? 0) + 1, (row[other - 1] ?? 0) + same));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
