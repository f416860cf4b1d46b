import type { Expression, Literal, Term, Variable, With } from './ast.ts';
import { type Cursor, improvedNot } from './cursor.ts';
import { SyntaxProblem } from './lexer.ts';
import { parseInfix, parseTerm, parseVariable } from './terms.ts';

/** Expressions up to `end`, which is read too: one or more, separated by `;` or line breaks. */
export function parseBody(cursor: Cursor, end: string): Literal[] {
  const literals: Literal[] = [];
  if (cursor.isOperator(end)) throw cursor.problem('an expression expected');
  while (!cursor.takeOperator(end)) {
    literals.push(parseLiteral(cursor));
    if (cursor.isOperator(end)) continue;
    if (cursor.takeOperator(';')) continue;
    if (!cursor.token.newLine) throw cursor.problem(`";", a new line or "${end}" expected`);
  }
  return literals;
}

/** Expressions up to the end of the text. */
export function parseQueryBody(cursor: Cursor): Literal[] {
  const literals: Literal[] = [];
  do {
    literals.push(parseLiteral(cursor));
    if (!cursor.takeOperator(';') && !cursor.token.newLine)
      throw cursor.problem('";" or a new line expected');
  } while (cursor.token.kind !== 'end');
  return literals;
}

export function parseLiteral(cursor: Cursor): Literal {
  return cursor.nested(() => {
    const start = cursor.token.start;
    const literal = parseLogical(cursor, 'or');
    const modifiers = parseModifiers(cursor);
    return { ...literal, modifiers, start, end: cursor.lastEnd };
  });
}

/** `a or b and c`: `and` binds tighter, and `not` tighter than both. */
function parseLogical(cursor: Cursor, operator: 'and' | 'or'): Literal {
  const operand = (): Literal => (operator === 'or' ? parseLogical(cursor, 'and') : parseOperand(cursor));
  let left = operand();
  while (cursor.isKeyword(operator)) {
    cursor.next();
    const right = operand();
    const expression: Expression = { kind: 'logical', operator, left, right };
    left = { negation: 'none', expression, modifiers: [], start: left.start, end: right.end };
  }
  return left;
}

function parseOperand(cursor: Cursor): Literal {
  const start = cursor.token.start;
  const negated = cursor.takeKeyword('not');
  const improved = negated && cursor.keywords.has(improvedNot);
  const grouped =
    cursor.keywords.has('and') || cursor.keywords.has('or') ? parseGroup(cursor, negated) : undefined;
  const expression =
    grouped ?? (improved ? parseNegatedBody(cursor) : undefined) ?? parseExpression(cursor, negated);
  const whole = improved || (negated && grouped !== undefined);
  const negation = whole ? 'whole' : negated ? 'expression' : 'none';
  return { negation, expression, modifiers: [], start, end: cursor.lastEnd };
}

/** `(a or b)`, or `{…}` as an operand of `and` and `or`; undefined where the text is a term. */
function parseGroup(cursor: Cursor, negated: boolean): Expression | undefined {
  if (cursor.isOperator('(')) {
    return cursor.attempt(() => {
      cursor.next();
      const { expression, negation } = parseLogical(cursor, 'or');
      cursor.expectOperator(')');
      if (expression.kind !== 'logical' || negation !== 'none') throw cursor.problem('a term');
      return expression;
    });
  }
  if (!cursor.isOperator('{')) return undefined;
  const before = cursor.mark;
  return cursor.attempt(() => {
    cursor.next();
    const body = parseBody(cursor, '}');
    const isOperand = cursor.isKeyword('and') || cursor.isKeyword('or') || cursor.followsLogical(before);
    if (!isOperand && !negated) throw cursor.problem('a term');
    return { kind: 'body', body };
  });
}

function parseExpression(cursor: Cursor, negated: boolean): Expression {
  const token = cursor.token;
  if (cursor.isKeyword('some')) {
    if (negated) throw new SyntaxProblem('unexpected some keyword', token.start);
    return parseSome(cursor);
  }
  if (cursor.isKeyword('every')) {
    if (negated) throw new SyntaxProblem('unexpected every keyword', token.start);
    return parseEvery(cursor);
  }
  const left = parseInfix(cursor);
  if (cursor.takeOperator(':=')) return { kind: 'assign', left, right: parseInfix(cursor) };
  if (cursor.takeOperator('=')) return { kind: 'unify', left, right: parseInfix(cursor) };
  return { kind: 'term', term: left };
}

/** `{…}` as a body; undefined where it is a set or an object. */
function parseNegatedBody(cursor: Cursor): Expression | undefined {
  if (!cursor.isOperator('{')) return undefined;
  return cursor.attempt(() => {
    cursor.next();
    return { kind: 'body', body: parseBody(cursor, '}') };
  });
}

function parseSome(cursor: Cursor): Expression {
  cursor.next();
  const membership = cursor.attempt(() => someIn(cursor));
  if (membership !== undefined) return membership;
  const names: Variable[] = [];
  do {
    if (cursor.token.kind !== 'name' || cursor.isReserved) {
      throw cursor.problem('a variable expected');
    }
    names.push(parseVariable(cursor));
  } while (cursor.takeOperator(','));
  return { kind: 'some', names };
}

function someIn(cursor: Cursor): Expression {
  const term = parseInfix(cursor);
  if (term.kind !== 'call' || term.function !== null) throw cursor.problem('"in" expected');
  const [first, second, third] = term.args as [Term, Term, Term?];
  if (term.name === 'internal.member_2') return { kind: 'some-in', key: null, value: first, domain: second };
  if (term.name === 'internal.member_3' && third !== undefined) {
    return { kind: 'some-in', key: first, value: second, domain: third };
  }
  throw cursor.problem('"in" expected');
}

function parseEvery(cursor: Cursor): Expression {
  cursor.next();
  const first = parseVariable(cursor);
  const second = cursor.takeOperator(',') ? parseVariable(cursor) : null;
  if (!cursor.takeKeyword('in')) throw cursor.problem('"in" expected');
  const domain = parseInfix(cursor);
  cursor.expectOperator('{');
  const body = parseBody(cursor, '}');
  return {
    kind: 'every',
    key: second === null ? null : first,
    value: second ?? first,
    domain,
    body,
  };
}

export function parseModifiers(cursor: Cursor): With[] {
  const modifiers: With[] = [];
  while (cursor.isKeyword('with')) modifiers.push(parseWith(cursor));
  return modifiers;
}

function parseWith(cursor: Cursor): With {
  const start = cursor.next().start;
  const target = parseTerm(cursor);
  if (!cursor.takeKeyword('as')) throw cursor.problem('"as" expected');
  const value = parseInfix(cursor);
  return { target, value, start, end: value.end };
}
