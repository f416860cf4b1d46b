import type { Literal, Term } from './ast.ts';
import type { Cursor } from './cursor.ts';

/**
 * Arrays, sets, objects and comprehensions. `{a | b}` is a comprehension where its right side can be a body, as in
 * OPA's parser; otherwise `|` is the operator.
 */
export function parseCollection(cursor: Cursor): Term {
  const open = cursor.next();
  const end = open.text === '[' ? ']' : '}';
  const finish = (term: CollectionParts): Term => ({ ...term, start: open.start, end: cursor.lastEnd });
  // A comma before the first item is tolerated, and makes a comprehension impossible.
  const mayBeComprehension = !cursor.takeOperator(',');
  if (cursor.takeOperator(end)) {
    return finish(end === ']' ? { kind: 'array', items: [] } : { kind: 'object', entries: [] });
  }
  const first = parseHead(cursor, mayBeComprehension ? end : null);
  if (end === '}' && cursor.isOperator(':'))
    return finish(parseObject(cursor, first.term, mayBeComprehension));
  if (first.body !== null) {
    const of = end === ']' ? 'array' : 'set';
    return finish({ kind: 'comprehension', of, key: null, value: first.term, body: first.body });
  }
  const items = [first.term, ...parseTail(cursor, end)];
  return finish({ kind: end === ']' ? 'array' : 'set', items });
}

type CollectionParts = Term extends infer Kind
  ? Kind extends Term
    ? Omit<Kind, 'start' | 'end'>
    : never
  : never;

/** The first term, and the body where a comprehension follows that ends with `end`. */
function parseHead(cursor: Cursor, end: string | null): { term: Term; body: readonly Literal[] | null } {
  const simple = cursor.grammar.term(cursor);
  if (end !== null && cursor.isOperator('|')) {
    const body = cursor.attempt(() => {
      cursor.next();
      return cursor.grammar.body(cursor, end);
    });
    if (body !== undefined) return { term: simple, body };
  }
  return { term: cursor.grammar.infix(cursor, 'list', simple), body: null };
}

function parseTail(cursor: Cursor, end: string): Term[] {
  if (cursor.takeOperator(end)) return [];
  cursor.expectOperator(',');
  return cursor.grammar.list(cursor, end);
}

function parseObject(cursor: Cursor, key: Term, mayBeComprehension: boolean): CollectionParts {
  cursor.expectOperator(':');
  const { term: value, body } = parseHead(cursor, mayBeComprehension ? '}' : null);
  if (body !== null) return { kind: 'comprehension', of: 'object', key, value, body };
  const entries: [Term, Term][] = [[key, value]];
  while (!cursor.takeOperator('}')) {
    cursor.expectOperator(',');
    if (cursor.takeOperator('}')) break;
    const name = cursor.grammar.infix(cursor, 'list');
    cursor.expectOperator(':');
    entries.push([name, cursor.grammar.infix(cursor, 'list')]);
  }
  return { kind: 'object', entries };
}
