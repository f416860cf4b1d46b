import type { ElseBranch, Literal, Rule, RuleHead, Term, Variable } from './ast.ts';
import type { Cursor } from './cursor.ts';
import { SyntaxProblem } from './lexer.ts';
import { parseBody, parseLiteral } from './literals.ts';
import { parseInfix, parseTerm } from './terms.ts';

/** One rule with its `else` branches; several, where bodies follow each other as Rego v0 allows. */
export function parseRule(cursor: Cursor): Rule[] {
  const start = cursor.token.start;
  const isDefault = cursor.takeKeyword('default');
  const parsed = parseHead(cursor, isDefault);
  const finish = (
    head: RuleHead,
    body: readonly Literal[] | null,
    otherwise: readonly ElseBranch[],
  ): Rule => ({
    isDefault,
    head,
    body,
    otherwise,
    start,
    end: cursor.lastEnd,
  });
  if (isDefault) return [finish(parsed, null, [])];
  const hasIf = cursor.isKeyword('if');
  const head = hasIf ? parsed : legacyHead(cursor, parsed, start);
  const body = parseRuleBody(cursor);
  if (body === null) {
    if (cursor.version === 1 && head.value === null && head.contains === null) {
      throw new SyntaxProblem('rule must have value assignment and/or body declaration', start);
    }
    const otherwise = head.contains === null ? parseElse(cursor) : [];
    return [finish(head, null, otherwise)];
  }
  const rules = [finish(head, body, parseElse(cursor))];
  const mayRepeat = cursor.version === 0 && !hasIf && rules[0]?.otherwise.length === 0;
  if (mayRepeat)
    while (cursor.isOperator('{')) {
      cursor.next();
      rules.push(finish(head, parseBody(cursor, '}'), []));
    }
  return rules;
}

function parseHead(cursor: Cursor, isDefault: boolean): RuleHead {
  const start = cursor.token.start;
  if (cursor.token.kind !== 'name' || cursor.isReserved) {
    throw cursor.problem('a rule name expected');
  }
  const term = parseTerm(cursor);
  const { name, path, args } = headParts(term);
  const contains = cursor.takeKeyword('contains') ? parseInfix(cursor) : null;
  const assigned = contains === null && cursor.takeOperator(':=');
  const hasValue = assigned || (contains === null && cursor.takeOperator('='));
  const value = hasValue ? parseInfix(cursor) : null;
  if (isDefault && value === null) throw cursor.problem('default rules must have a value');
  return { name, path, args, contains, value, assigned, start, end: cursor.lastEnd };
}

function headParts(term: Term): { name: Variable; path: readonly Term[]; args: readonly Term[] | null } {
  if (term.kind === 'call' && term.function !== null) {
    return { ...headParts(term.function), args: term.args };
  }
  if (term.kind === 'variable') return { name: term, path: [], args: null };
  if (term.kind === 'ref' && term.head.kind === 'variable') {
    return { name: term.head, path: term.path, args: null };
  }
  throw new SyntaxProblem('not a rule head', term.start);
}

/** `p[x]` without value and without `if` adds to a set in Rego v0; v1 wants `contains`. */
function legacyHead(cursor: Cursor, head: RuleHead, start: number): RuleHead {
  const [key] = head.path;
  const legacySet =
    head.contains === null && head.value === null && head.args === null && head.path.length === 1;
  if (!legacySet || key === undefined) return head;
  if (cursor.version === 1) {
    throw new SyntaxProblem('`contains` keyword is required for partial set rules', start);
  }
  return { ...head, path: [], contains: key };
}

function parseRuleBody(cursor: Cursor): readonly Literal[] | null {
  if (cursor.takeKeyword('if')) return parseIfBody(cursor);
  if (!cursor.isOperator('{')) return null;
  if (cursor.version === 1)
    throw new SyntaxProblem('`if` keyword is required before rule body', cursor.token.start);
  cursor.next();
  return parseBody(cursor, '}');
}

/** `{…}` after `if` is a body; where it cannot be read as one, it may begin a single expression. */
function parseIfBody(cursor: Cursor): readonly Literal[] {
  const braced = (): readonly Literal[] => {
    cursor.expectOperator('{');
    const body = parseBody(cursor, '}');
    if (!cursor.token.newLine && !cursor.isKeyword('else') && !cursor.isOperator(';')) {
      throw cursor.problem('a new line expected');
    }
    return body;
  };
  if (!cursor.isOperator('{')) return [parseLiteral(cursor)];
  const body =
    cursor.attempt(braced) ??
    cursor.attempt(() => {
      const literal = parseLiteral(cursor);
      if (!cursor.token.newLine && !cursor.isKeyword('else')) throw cursor.problem('a new line expected');
      return [literal];
    });
  // Neither reading works: the error of the braces is the one that people mean.
  return body ?? braced();
}

function parseElse(cursor: Cursor): ElseBranch[] {
  const branches: ElseBranch[] = [];
  while (cursor.isKeyword('else')) {
    const start = cursor.next().start;
    const hasValue = cursor.takeOperator(':=') || cursor.takeOperator('=');
    const value = hasValue ? parseInfix(cursor) : null;
    const body = parseRuleBody(cursor);
    if (value === null && body === null) throw cursor.problem('else needs a value or a body');
    branches.push({ value, body, start, end: cursor.lastEnd });
  }
  return branches;
}
