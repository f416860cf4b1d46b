import { parseNumber } from '../value/number.ts';
import type { Value } from '../value/value.ts';
import type { Ref, Term, Variable } from './ast.ts';
import { parseCollection } from './collections.ts';
import type { Cursor, Place } from './cursor.ts';
import { SyntaxProblem } from './lexer.ts';
import { parseTemplate } from './template.ts';

/** Operators from the loosest to the tightest, each with the builtin that it means. */
const levels: readonly Readonly<Record<string, string>>[] = [
  { '==': 'equal', '!=': 'neq', '<': 'lt', '<=': 'lte', '>': 'gt', '>=': 'gte' },
  { '|': 'or' },
  { '&': 'and' },
  { '+': 'plus', '-': 'minus' },
  { '*': 'mul', '/': 'div', '%': 'rem' },
];

/** A term with operators: `a + b`, `x in xs`, `k, v in xs`. */
export function parseInfix(cursor: Cursor, place: Place = 'alone', head?: Term): Term {
  let left = parseLevel(cursor, 0, head);
  for (;;) {
    if (place === 'alone' && cursor.isOperator(',') && cursor.keywords.has('in')) {
      const found = cursor.attempt(() => parseKeyedMembership(cursor, left));
      if (found !== undefined) {
        left = found;
        continue;
      }
    }
    if (!cursor.isKeyword('in')) return left;
    cursor.next();
    const right = parseLevel(cursor, 0);
    left = operatorCall('internal.member_2', [left, right]);
  }
}

function parseKeyedMembership(cursor: Cursor, key: Term): Term {
  cursor.expectOperator(',');
  const value = parseLevel(cursor, 0);
  if (!cursor.takeKeyword('in')) throw cursor.problem('"in" expected');
  return operatorCall('internal.member_3', [key, value, parseLevel(cursor, 0)]);
}

function operatorCall(name: string, args: readonly Term[]): Term {
  return {
    kind: 'call',
    name,
    function: null,
    args,
    start: args[0]?.start ?? 0,
    end: args.at(-1)?.end ?? 0,
  };
}

function parseLevel(cursor: Cursor, level: number, head?: Term): Term {
  const names = levels[level];
  if (names === undefined) return head ?? parseTerm(cursor);
  let left = parseLevel(cursor, level + 1, head);
  for (;;) {
    const name = cursor.token.kind === 'operator' ? names[cursor.token.text] : undefined;
    if (name === undefined) return left;
    cursor.next();
    left = operatorCall(name, [left, parseLevel(cursor, level + 1)]);
  }
}

/** Keywords that are builtins too. */
const callableKeywords: ReadonlySet<string> = new Set(['contains', 'and', 'or']);

/** A term without operators: literal, variable, reference, call, collection, comprehension. */
export function parseTerm(cursor: Cursor): Term {
  return cursor.nested(() => finishTerm(cursor, parsePrimary(cursor)));
}

function parsePrimary(cursor: Cursor): Term {
  const token = cursor.token;
  const scalar = (value: Value): Term => {
    cursor.next();
    return { kind: 'scalar', value, start: token.start, end: token.end };
  };
  if (token.kind === 'string') return scalar(token.text);
  if (token.kind === 'number') return scalar(numberAt(cursor, token.text));
  if (token.kind === 'template') return parseTemplate(cursor);
  if (token.kind === 'operator') return parsePunctuated(cursor);
  if (token.kind === 'end') throw cursor.problem('a term expected');
  if (cursor.isReserved) {
    if (token.text === 'true' || token.text === 'false') return scalar(token.text === 'true');
    if (token.text === 'null') return scalar(null);
    // `contains(…)` and the like stay callable although the word is a keyword.
    const callable =
      callableKeywords.has(token.text) && cursor.isOperator('(', cursor.peek()) && !cursor.peek().spaced;
    if (!callable) throw cursor.problem('a term expected');
  }
  if (
    token.text === 'set' &&
    cursor.isOperator('(', cursor.peek()) &&
    cursor.isOperator(')', cursor.peek(2))
  ) {
    cursor.next();
    cursor.next();
    const end = cursor.next().end;
    return { kind: 'set', items: [], start: token.start, end };
  }
  return parseVariable(cursor);
}

function numberAt(cursor: Cursor, text: string): Value {
  const value = parseNumber(text);
  if (value === undefined) throw new SyntaxProblem('a number out of range', cursor.token.start);
  return value;
}

export function parseVariable(cursor: Cursor): Variable {
  const token = cursor.token;
  if (token.kind !== 'name') throw cursor.problem('a name expected');
  cursor.next();
  const name = token.text === '_' ? cursor.wildcard() : token.text;
  return { kind: 'variable', name, start: token.start, end: token.end };
}

function parsePunctuated(cursor: Cursor): Term {
  const token = cursor.token;
  if (token.text === '-') {
    const digits = cursor.peek();
    if (digits.kind !== 'number' || digits.spaced) throw cursor.problem('a term expected');
    cursor.next();
    const value = numberAt(cursor, `-${digits.text}`);
    cursor.next();
    return { kind: 'scalar', value, start: token.start, end: digits.end };
  }
  if (token.text === '(') {
    cursor.next();
    const term = parseInfix(cursor);
    const end = cursor.expectOperator(')').end;
    return { ...term, start: token.start, end };
  }
  if (token.text === '[' || token.text === '{') return parseCollection(cursor);
  throw cursor.problem('a term expected');
}

/** What follows a term without a blank: `.name`, `[key]`, `(arguments)`. */
function finishTerm(cursor: Cursor, primary: Term): Term {
  let term = primary;
  let path: Term[] = [];
  const ref = (): Term =>
    path.length === 0
      ? term
      : { kind: 'ref', head: term, path, start: primary.start, end: path.at(-1)?.end ?? primary.end };
  for (;;) {
    const token = cursor.token;
    if (token.kind !== 'operator' || token.spaced) break;
    if (token.text === '.') {
      cursor.next();
      const field = cursor.token;
      if (field.kind !== 'name') throw cursor.problem('a name expected after "."');
      cursor.next();
      path.push({ kind: 'scalar', value: field.text, start: field.start, end: field.end });
    } else if (token.text === '[') {
      if (term.kind === 'scalar' || term.kind === 'template') break;
      cursor.next();
      const key = parseInfix(cursor);
      const end = cursor.expectOperator(']').end;
      path.push({ ...key, end: Math.max(key.end, end - 1) });
    } else if (token.text === '(') {
      const callee = ref();
      term = parseCall(cursor, callee);
      path = [];
    } else break;
  }
  return path.length === 0 ? term : { ...ref(), end: cursor.lastEnd };
}

function parseCall(cursor: Cursor, callee: Term): Term {
  if (callee.kind !== 'variable' && callee.kind !== 'ref')
    throw cursor.problem('only functions can be called');
  const name = dottedName(callee);
  if (name === undefined) throw cursor.problem('a function has a fixed name');
  cursor.expectOperator('(');
  const args = parseList(cursor, ')');
  return { kind: 'call', name, function: callee, args, start: callee.start, end: cursor.lastEnd };
}

/** `a.b["c"]` as `a.b.c`; undefined where a part is not a fixed text. */
export function dottedName(term: Variable | Ref): string | undefined {
  if (term.kind === 'variable') return term.name;
  if (term.head.kind !== 'variable') return undefined;
  const parts: string[] = [term.head.name];
  for (const part of term.path) {
    if (part.kind !== 'scalar' || typeof part.value !== 'string') return undefined;
    parts.push(part.value);
  }
  return parts.join('.');
}

/** Terms up to `end`, which is read too. A comma may follow the last. */
export function parseList(cursor: Cursor, end: string): Term[] {
  const items: Term[] = [];
  while (!cursor.takeOperator(end)) {
    items.push(parseInfix(cursor, 'list'));
    if (!cursor.isOperator(end)) cursor.expectOperator(',');
  }
  return items;
}
