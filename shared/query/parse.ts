import { type ParseResult, type Query, type QueryProblem, join, literalOf, negate } from './ast.ts';
import { type BoundValue, fieldTest, rangeTest } from './field-test.ts';
import { type QueryField, fieldNamed, nearest, queryFields } from './fields.ts';
import { ProblemError } from './problem.ts';
import { Scanner } from './scanner.ts';

const deepest = 50;

/** Characters of the longest query. */
const longest = 10_000;

/**
 * Reads a query:
 * - `field:value`, `"free text"`; side by side all must hold; `AND`, `OR`, `NOT` (upper case) or `&&`, `||`, `!`, `-`,
 *   and parentheses. AND binds closer than OR.
 * - Values: letter case does not matter, except for ids that are kept as hashes; `*` and `?` are wildcards unless quoted
 *   or after `\`; a colon within a value needs no quotes; `field:*` asks whether there is a value.
 * - `field:(a OR b)` asks one field for several values. `field:[a TO b]`, `{a TO b}` (bounds excluded), `>=`, `>`, `<=`,
 *   `<` ask for ranges; `*` leaves a bound open.
 * - A time stands for the span that it names (`2026-05-01` is that day); `ip` takes networks (`10.0.0.0/8`).
 */
export function parseQuery(text: string): ParseResult {
  if (text.length > longest) {
    const message = `A query has at most ${longest} characters; this one has ${text.length}.`;
    return { problem: { message, from: longest, to: text.length } };
  }
  const scanner = new Scanner(text);
  try {
    scanner.skipBlanks();
    if (scanner.isAtEnd) return { ast: { kind: 'all' } };
    const ast = parseOr(scanner, null, 0);
    if (!scanner.isAtEnd) {
      throw new ProblemError(
        'This parenthesis closes nothing: remove it, or quote it.',
        scanner.at,
        scanner.at + 1,
      );
    }
    return { ast };
  } catch (thrown) {
    if (thrown instanceof ProblemError) return { problem: within(text, thrown.problem) };
    throw thrown;
  }
}

/** What is missing at the end is marked at the end: a problem never points past the text. */
function within(text: string, { message, from, to }: QueryProblem): QueryProblem {
  return { message, from: Math.min(from, text.length), to: Math.min(to, text.length) };
}

function parseOr(scanner: Scanner, field: QueryField | null, depth: number): Query {
  const parts = [parseAnd(scanner, field, depth)];
  while (takeOperator(scanner, 'OR', '||')) parts.push(parseAnd(scanner, field, depth));
  return join('or', parts);
}

function parseAnd(scanner: Scanner, field: QueryField | null, depth: number): Query {
  const parts = [parseNot(scanner, field, depth)];
  for (;;) {
    scanner.skipBlanks();
    if (takeOperator(scanner, 'AND', '&&')) {
      parts.push(parseNot(scanner, field, depth));
      continue;
    }
    if (scanner.isAtEnd || scanner.peek() === ')' || isOrNext(scanner)) return join('and', parts);
    if (field !== null) {
      throw new ProblemError(
        `Write OR or AND between the values of ${field.name}.`,
        scanner.at,
        scanner.at + 1,
      );
    }
    parts.push(parseNot(scanner, field, depth));
  }
}

function parseNot(scanner: Scanner, field: QueryField | null, depth: number): Query {
  let negated = false;
  for (;;) {
    scanner.skipBlanks();
    const from = scanner.at;
    if (!scanner.takeWord('NOT') && !scanner.take('-') && !scanner.take('!')) break;
    scanner.skipBlanks();
    if (scanner.isAtEnd) throw new ProblemError('Something to exclude must follow.', from, scanner.at);
    negated = !negated;
  }
  const query = parsePrimary(scanner, field, depth);
  return negated ? negate(query) : query;
}

function parsePrimary(scanner: Scanner, field: QueryField | null, depth: number): Query {
  const from = scanner.at;
  if (scanner.peek() === '(') return parseGroup(scanner, field, depth);
  if (field !== null) return parseFieldValue(scanner, field, depth);
  const name = scanner.takeFieldName();
  if (name !== null) return parseFieldValue(scanner, knownField(name, from), depth);
  checkNoOperator(scanner);
  const value = scanner.readValue('query');
  if (value === null) {
    throw new ProblemError('A condition is missing here.', from, from + 1);
  }
  if (literalOf(value.glob) === '')
    throw new ProblemError('There is no text between these quotes.', value.from, value.to);
  if (value.glob.every((part) => part === '*')) return { kind: 'all' };
  return { kind: 'text', glob: value.glob };
}

function parseGroup(scanner: Scanner, field: QueryField | null, depth: number): Query {
  const from = scanner.at;
  if (depth >= deepest) throw new ProblemError(`More than ${deepest} nested parentheses.`, from, from + 1);
  scanner.take('(');
  const query = parseOr(scanner, field, depth + 1);
  if (!scanner.take(')'))
    throw new ProblemError('This parenthesis is not closed: add ) at its end.', from, from + 1);
  return query;
}

function parseFieldValue(scanner: Scanner, field: QueryField, depth: number): Query {
  const from = scanner.at;
  const next = scanner.peek();
  if (next === '(') return parseGroup(scanner, field, depth);
  const test =
    next === '[' || next === '{'
      ? parseRange(scanner, field)
      : (parseComparison(scanner, field) ?? undefined);
  if (test !== undefined) return { kind: 'field', field: field.name, test };
  checkNoOperator(scanner);
  const value = scanner.readValue('query');
  if (value === null) {
    throw new ProblemError(
      `A value of ${field.name} is missing here; write ${field.name}:* for any.`,
      Math.max(0, from - 1),
      from + 1,
    );
  }
  return { kind: 'field', field: field.name, test: fieldTest(field, value) };
}

function parseComparison(scanner: Scanner, field: QueryField): ReturnType<typeof rangeTest> | null {
  const from = scanner.at;
  const sign = ['>=', '<=', '>', '<'].find((candidate) => scanner.take(candidate));
  if (sign === undefined) return null;
  const value = scanner.readValue('query');
  if (value === null) throw new ProblemError(`A value is missing after ${sign}.`, from, scanner.at);
  const bound = { value, inclusive: sign.endsWith('=') };
  return sign.startsWith('>') ? rangeTest(field, bound, null) : rangeTest(field, null, bound);
}

function parseRange(scanner: Scanner, field: QueryField): ReturnType<typeof rangeTest> {
  const start = scanner.at;
  const fromInclusive = scanner.take('[') || !scanner.take('{');
  const from = parseBound(scanner, fromInclusive);
  scanner.skipBlanks();
  if (!scanner.takeWord('TO')) throw rangeProblem(start, scanner.at);
  const to = parseBound(scanner, true);
  scanner.skipBlanks();
  const toInclusive = scanner.take(']');
  if (!toInclusive && !scanner.take('}')) throw rangeProblem(start, scanner.at);
  return rangeTest(field, from, to === null ? null : { value: to.value, inclusive: toInclusive });
}

/** One end of a range; null where it is open. */
function parseBound(scanner: Scanner, inclusive: boolean): BoundValue | null {
  scanner.skipBlanks();
  const from = scanner.at;
  const value = scanner.readValue('range');
  if (value === null) throw rangeProblem(from, scanner.at + 1);
  return !value.quoted && value.glob.length === 1 && value.glob[0] === '*' ? null : { value, inclusive };
}

function rangeProblem(from: number, to: number): ProblemError {
  return new ProblemError('A range is written [from TO to], or {from TO to} without its ends.', from, to);
}

function takeOperator(scanner: Scanner, word: string, sign: string): boolean {
  scanner.skipBlanks();
  return scanner.takeWord(word) || scanner.take(sign);
}

function isOrNext(scanner: Scanner): boolean {
  const { at } = scanner;
  const found = takeOperator(scanner, 'OR', '||');
  scanner.at = at;
  return found;
}

function checkNoOperator(scanner: Scanner): void {
  const { at } = scanner;
  const found = ['AND', 'OR', 'NOT'].find((word) => scanner.takeWord(word));
  if (found === undefined) return;
  throw new ProblemError(
    `A condition is missing before ${found}; quote it to search for the word.`,
    at,
    scanner.at,
  );
}

function knownField(name: string, from: number): QueryField {
  const field = fieldNamed(name);
  if (field !== undefined) return field;
  const meant = nearest(
    name,
    queryFields.map((candidate) => candidate.name),
  );
  const advice = meant === undefined ? '' : ` Did you mean ${meant}?`;
  throw new ProblemError(
    `There is no field “${name}”.${advice} To search for text with a colon, put it in quotes.`,
    from,
    from + name.length,
  );
}
