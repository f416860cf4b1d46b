import { RE2JS } from 're2js';
import { BuiltinProblem } from '../evaluate/problems.ts';
import { characters } from '../value/text.ts';

/**
 * A glob (https://www.openpolicyagent.org/docs/policy-reference/builtins/glob) as a regular expression: `*` and `?`
 * stop at delimiters, `**` does not, `[a-z]` and `[!a-z]` are classes, `{a,b}` alternatives, `\` escapes.
 */
export function globExpression(glob: string, delimiters: readonly string[]): string {
  const other = delimiters.length === 0 ? '(?s:.)' : `[^${delimiters.map(inClass).join('')}]`;
  const list = characters(glob);
  let pattern = '';
  let depth = 0;
  for (let index = 0; index < list.length; index++) {
    const character = list[index] ?? '';
    if (character === '\\') {
      index++;
      if (index >= list.length) throw new BuiltinProblem('the pattern ends with an escape');
      pattern += RE2JS.quote(list[index] ?? '');
    } else if (character === '*') {
      if (list[index + 1] === '*') {
        while (list[index + 1] === '*') index++;
        pattern += '(?s:.*)';
      } else pattern += `${other}*`;
    } else if (character === '?') pattern += other;
    else if (character === '[') {
      const end = list.indexOf(']', index + 1);
      if (end === -1) throw new BuiltinProblem('a class does not end');
      pattern += classOf(list.slice(index + 1, end));
      index = end;
    } else if (character === '{') {
      depth++;
      pattern += '(?:';
    } else if (character === '}' && depth > 0) {
      depth--;
      pattern += ')';
    } else if (character === ',' && depth > 0) pattern += '|';
    else pattern += RE2JS.quote(character);
  }
  if (depth > 0) throw new BuiltinProblem('alternatives do not end');
  return pattern;
}

function inClass(character: string): string {
  return /[\]^\\[-]/.test(character) ? `\\${character}` : character;
}

function classOf(inside: readonly string[]): string {
  const negated = inside[0] === '!' || inside[0] === '^';
  const rest = negated ? inside.slice(1) : inside;
  if (rest.length === 0) throw new BuiltinProblem('a class is empty');
  const isRange = rest.length === 3 && rest[1] === '-';
  const members = isRange
    ? `${inClass(rest[0] ?? '')}-${inClass(rest[2] ?? '')}`
    : rest.map(inClass).join('');
  return `[${negated ? '^' : ''}${members}]`;
}
