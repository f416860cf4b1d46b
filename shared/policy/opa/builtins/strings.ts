import type { BuiltinFunction } from '../evaluate/context.ts';
import { beyond, BuiltinProblem } from '../evaluate/problems.ts';
import { ceiling, floor } from '../value/arithmetic.ts';
import { characters } from '../value/text.ts';
import { compareNumbers, toBigInt } from '../value/number.ts';
import type { Value } from '../value/value.ts';
import { any, array, integer, number, object, text, texts } from './operands.ts';
import { renderTemplate } from './go-template.ts';
import { formatted } from './sprintf.ts';

const longest = 16 * 1024 * 1024;

/** Unicode's white space, as Go's `strings.TrimSpace` knows it. */
const blankStart = /^[\t\n\v\f\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/;
const blankEnd = /[\t\n\v\f\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+$/;

function trimmed(args: readonly Value[], left: boolean, right: boolean): string {
  const cut = new Set(characters(text(args, 1)));
  const list = characters(text(args, 0));
  let start = 0;
  let end = list.length;
  if (left) while (start < end && cut.has(list[start] ?? '')) start++;
  if (right) while (end > start && cut.has(list[end - 1] ?? '')) end--;
  return list.slice(start, end).join('');
}

function substring(args: readonly Value[]): string {
  const list = characters(text(args, 0));
  const [offset, length] = [integer(args, 1), integer(args, 2)];
  if (offset < 0) throw new BuiltinProblem('negative offset');
  if (offset >= list.length) return '';
  return list.slice(offset, length < 0 ? undefined : offset + length).join('');
}

function positions(args: readonly Value[]): number[] {
  const [value, search] = [text(args, 0), text(args, 1)];
  if (search === '') throw new BuiltinProblem('empty search character');
  const found: number[] = [];
  let counted = 0;
  let last = 0;
  for (let index = value.indexOf(search); index !== -1; index = value.indexOf(search, index + 1)) {
    counted += characters(value.slice(last, index)).length;
    last = index;
    found.push(counted);
  }
  return found;
}

function occurrences(args: readonly Value[]): number {
  const [value, search] = [text(args, 0), text(args, 1)];
  if (search === '') return characters(value).length + 1;
  return value.split(search).length - 1;
}

/** The operand as texts: one text, or an array or set of them. */
function oneOrMore(args: readonly Value[], position: number): readonly string[] {
  const value = any(args, position);
  return typeof value === 'string' ? [value] : texts(args, position);
}

function replaced(value: string, old: string, by: string): string {
  if (old === '') {
    const list = characters(value);
    return by + list.map((character) => character + by).join('');
  }
  const count = value.split(old).length - 1;
  if (value.length + count * by.length > longest) throw beyond('the result is too long');
  return value.replaceAll(old, () => by);
}

/**
 * Replaces all pairs at once as Go's `strings.Replacer`: at each position the first key, in the order of keys, that
 * fits; an empty key fits everywhere, but not twice at one position.
 */
function replacedAll(args: readonly Value[]): string {
  const pairs = object(args, 0).entries.map(([old, by]) => {
    if (typeof old !== 'string' || typeof by !== 'string') {
      throw new BuiltinProblem('operand 1 must be object of strings');
    }
    return [old, by] as const;
  });
  const value = text(args, 1);
  let result = '';
  let wasEmpty = false;
  for (let at = 0; at <= value.length; ) {
    const pair = pairs.find(([old]) => value.startsWith(old, at) && !(wasEmpty && old === ''));
    wasEmpty = pair?.[0] === '';
    if (pair === undefined) {
      const character = String.fromCodePoint(value.codePointAt(at) ?? 0);
      result += at < value.length ? character : '';
      at += character.length;
    } else {
      result += pair[1];
      at += pair[0].length;
    }
    if (result.length > longest) throw beyond('the result is too long');
  }
  return result;
}

function formatInteger(args: readonly Value[]): string {
  const base = integer(args, 1);
  if (![2, 8, 10, 16].includes(base)) throw new BuiltinProblem('operand 2 must be one of {2, 8, 10, 16}');
  const value = number(args, 0);
  // A fraction is cut towards zero.
  const negative = compareNumbers(value, 0) < 0;
  return (toBigInt(negative ? ceiling(value) : floor(value)) ?? 0n).toString(base);
}

export const stringBuiltins: Readonly<Record<string, BuiltinFunction>> = {
  concat: (args) => texts(args, 1).join(text(args, 0)),
  format_int: formatInteger,
  indexof: (args) => {
    const [value, search] = [text(args, 0), text(args, 1)];
    if (search === '') throw new BuiltinProblem('empty search character');
    const index = value.indexOf(search);
    return index === -1 ? -1 : characters(value.slice(0, index)).length;
  },
  indexof_n: positions,
  lower: (args) => characters(text(args, 0)).map(lowerCharacter).join(''),
  upper: (args) => characters(text(args, 0)).map(upperCharacter).join(''),
  contains: (args) => text(args, 0).includes(text(args, 1)),
  startswith: (args) => text(args, 0).startsWith(text(args, 1)),
  endswith: (args) => text(args, 0).endsWith(text(args, 1)),
  'strings.any_prefix_match': (args) => {
    const [values, prefixes] = [oneOrMore(args, 0), oneOrMore(args, 1)];
    return values.some((value) => prefixes.some((prefix) => value.startsWith(prefix)));
  },
  'strings.any_suffix_match': (args) => {
    const [values, suffixes] = [oneOrMore(args, 0), oneOrMore(args, 1)];
    return values.some((value) => suffixes.some((suffix) => value.endsWith(suffix)));
  },
  'strings.reverse': (args) => characters(text(args, 0)).toReversed().join(''),
  'strings.count': occurrences,
  'strings.render_template': (args, run) => renderTemplate(text(args, 0), object(args, 1), run),
  'strings.replace_n': replacedAll,
  split: (args) => {
    const separator = text(args, 1);
    return separator === '' ? characters(text(args, 0)) : text(args, 0).split(separator);
  },
  'strings.split_n': (args) => {
    const separator = text(args, 1);
    const parts = separator === '' ? characters(text(args, 0)) : text(args, 0).split(separator);
    const count = integer(args, 2);
    return count >= 0 ? parts.slice(0, count) : parts.slice(Math.max(0, parts.length + count));
  },
  replace: (args) => replaced(text(args, 0), text(args, 1), text(args, 2)),
  substring,
  trim: (args) => trimmed(args, true, true),
  trim_left: (args) => trimmed(args, true, false),
  trim_right: (args) => trimmed(args, false, true),
  trim_prefix: (args) => {
    const [value, prefix] = [text(args, 0), text(args, 1)];
    return value.startsWith(prefix) ? value.slice(prefix.length) : value;
  },
  trim_suffix: (args) => {
    const [value, suffix] = [text(args, 0), text(args, 1)];
    return value.endsWith(suffix) ? value.slice(0, value.length - suffix.length) : value;
  },
  trim_space: (args) => text(args, 0).replace(blankStart, '').replace(blankEnd, ''),
  sprintf: (args) => formatted(text(args, 0), array(args, 1)),
};

/** Go maps character by character: `İ` becomes `i`, and `Σ` is `σ` at the end of a word too. */
function lowerCharacter(character: string): string {
  return characters(character.toLowerCase())[0] ?? character;
}

/** Go maps character by character: `ß` stays. */
function upperCharacter(character: string): string {
  const upper = character.toUpperCase();
  return characters(upper).length === 1 ? upper : character;
}
