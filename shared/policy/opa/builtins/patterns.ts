import { RE2JS } from 're2js';
import type { BuiltinFunction } from '../evaluate/context.ts';
import { beyond, BuiltinProblem } from '../evaluate/problems.ts';
import { characters } from '../value/text.ts';
import { isArray, type Value } from '../value/value.ts';
import { globExpression } from './glob.ts';
import { globsMeet } from './glob-intersection.ts';
import { any, array, integer, text, texts } from './operands.ts';

/** Regular expressions and globs. SECURITY: patterns are foreign; RE2 matches in linear time. */

const compiled = new Map<string, RE2JS>();
const cacheSize = 500;

function expression(pattern: string): RE2JS {
  const known = compiled.get(pattern);
  if (known !== undefined) return known;
  let regex: RE2JS;
  try {
    regex = RE2JS.compile(pattern);
  } catch (problem) {
    throw new BuiltinProblem(`error parsing regexp: ${problem instanceof Error ? problem.message : pattern}`);
  }
  if (compiled.size >= cacheSize) compiled.clear();
  compiled.set(pattern, regex);
  return regex;
}

interface Found {
  readonly start: number;
  readonly end: number;
  readonly groups: readonly string[];
}

/** Successive matches as Go finds them: an empty match next to the match before is none. */
function matches(pattern: string, value: string, limit: number): Found[] {
  const matcher = expression(pattern).matcher(value);
  const found: Found[] = [];
  let last = -1;
  const most = limit < 0 ? Number.POSITIVE_INFINITY : limit;
  while (matcher.find()) {
    if (found.length >= most) break;
    const [start, end] = [matcher.start(), matcher.end()];
    if (start === end && start === last) continue;
    last = end;
    const groups = Array.from({ length: matcher.groupCount() + 1 }, (_, group) => matcher.group(group) ?? '');
    found.push({ start, end, groups });
  }
  return found;
}

function replaceAll(args: readonly Value[]): string {
  const [value, pattern, replacement] = [text(args, 0), text(args, 1), text(args, 2)];
  const names = expression(pattern).namedGroups();
  let result = '';
  let last = 0;
  for (const { start, end, groups } of matches(pattern, value, -1)) {
    result += value.slice(last, start) + expanded(replacement, groups, names);
    last = end;
    if (result.length > 16 * 1024 * 1024) throw beyond('the result is too long');
  }
  return result + value.slice(last);
}

/** `$1`, `${1}`, `$name` as Go's `Regexp.Expand`: the longest name counts, an unknown one is empty. */
function expanded(
  template: string,
  groups: readonly string[],
  names: Readonly<Record<string, number>>,
): string {
  return template.replaceAll(/\$(?:\$|(\w+)|\{(\w+)\})/g, (_, bare?: string, braced?: string) => {
    const name = bare ?? braced;
    if (name === undefined) return '$';
    const index = /^\d+$/.test(name) ? Number(name) : names[name];
    return index === undefined ? '' : (groups[index] ?? '');
  });
}

function split(args: readonly Value[]): string[] {
  const [pattern, value] = [text(args, 0), text(args, 1)];
  if (pattern !== '' && value === '') {
    expression(pattern);
    return [''];
  }
  const parts: string[] = [];
  let begin = 0;
  let end = 0;
  for (const match of matches(pattern, value, -1)) {
    if (match.end === 0) continue;
    end = match.start;
    if (match.end !== 0) parts.push(value.slice(begin, end));
    begin = match.end;
  }
  if (end !== value.length) parts.push(value.slice(begin));
  return parts;
}

/** A text with regular expressions between two delimiters. */
function templateMatch(args: readonly Value[]): boolean {
  const [template, value] = [text(args, 0), text(args, 1)];
  const [open, close] = [text(args, 2), text(args, 3)];
  // OPA counts bytes.
  if (!/^\p{ASCII}$/u.test(open) || !/^\p{ASCII}$/u.test(close))
    throw new BuiltinProblem('delimiters must be one character');
  let pattern = '^';
  let depth = 0;
  let last = 0;
  for (let index = 0; index < template.length; index++) {
    if (template[index] === open) {
      if (depth++ === 0) {
        pattern += RE2JS.quote(template.slice(last, index));
        last = index + 1;
      }
    } else if (template[index] === close) {
      if (--depth === 0) {
        pattern += `(${template.slice(last, index)})`;
        last = index + 1;
      } else if (depth < 0) throw new BuiltinProblem('unbalanced braces');
    }
  }
  if (depth !== 0) throw new BuiltinProblem('unbalanced braces');
  return expression(`${pattern}${RE2JS.quote(template.slice(last))}$`)
    .matcher(value)
    .find();
}

function globMatch(args: readonly Value[]): boolean {
  const [pattern, value] = [text(args, 0), text(args, 2)];
  const given = any(args, 1);
  const delimiters =
    given === null ? [] : isArray(given) && array(args, 1).length === 0 ? ['.'] : texts(args, 1);
  const wrong = delimiters.find((delimiter) => characters(delimiter).length !== 1);
  if (wrong !== undefined) throw new BuiltinProblem('delimiters must be single characters');
  return expression(globExpression(pattern, delimiters)).matches(value);
}

export const patternBuiltins: Readonly<Record<string, BuiltinFunction>> = {
  'regex.match': (args) => expression(text(args, 0)).matcher(text(args, 1)).find(),
  re_match: (args) => expression(text(args, 0)).matcher(text(args, 1)).find(),
  'regex.is_valid': (args) => {
    if (typeof args[0] !== 'string') return false;
    try {
      expression(args[0]);
      return true;
    } catch {
      return false;
    }
  },
  'regex.find_n': (args) =>
    matches(text(args, 0), text(args, 1), integer(args, 2)).map(({ groups }) => groups[0] ?? ''),
  'regex.find_all_string_submatch_n': (args) =>
    matches(text(args, 0), text(args, 1), integer(args, 2)).map(({ groups }) => groups),
  'regex.replace': replaceAll,
  'regex.split': split,
  'regex.template_match': templateMatch,
  'regex.globs_match': (args) => globsMeet(text(args, 0), text(args, 1)),
  'glob.match': globMatch,
  'glob.quote_meta': (args) => text(args, 0).replaceAll(/[*?\\[\]{}]/g, (character) => `\\${character}`),
};
