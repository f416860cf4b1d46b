import type { Literal, Ref, Term } from './syntax/ast.ts';
import { SyntaxProblem } from './syntax/lexer.ts';
import { parseQuery } from './syntax/module.ts';

/** What a request asks: a document by its path, or a query of Rego. */
export type Question =
  | { readonly kind: 'document'; readonly path: readonly string[]; readonly body: readonly Literal[] }
  | { readonly kind: 'query'; readonly body: readonly Literal[] };

/**
 * Reads an action's name: a decision path as OPA's API and decision logs write it (`authz/allow`, `/authz/allow`,
 * `v1/data/authz/allow`), a reference (`data.authz.allow`, `authz.allow`), or a query (`data.authz.allow = x`).
 * Undefined where it is none of them.
 */
export function readQuestion(name: string): Question | undefined {
  const trimmed = name.trim();
  if (/^[^\s"'=<>{}()[\]]*$/.test(trimmed) && (trimmed.includes('/') || !/^(?:data|input)\b/.test(trimmed))) {
    const path = trimmed.includes('/')
      ? trimmed
          .replace(/^\/+|\/+$/g, '')
          .replace(/^v1\/data(?:\/|$)|^data(?:\/|$)/, '')
          .split('/')
      : trimmed.split('.');
    return document(path.filter((part) => part !== ''));
  }
  let body: readonly Literal[];
  try {
    body = parseQuery(trimmed);
  } catch (problem) {
    if (problem instanceof SyntaxProblem || problem instanceof RangeError) return undefined;
    throw problem;
  }
  const [literal] = body;
  if (
    body.length === 1 &&
    literal !== undefined &&
    literal.negation === 'none' &&
    literal.modifiers.length === 0
  ) {
    const { expression } = literal;
    if (expression.kind === 'term') {
      const path = documentPath(expression.term);
      if (path !== undefined) return document(path);
    }
  }
  return { kind: 'query', body };
}

function documentPath(term: Term): readonly string[] | undefined {
  if (term.kind === 'variable') return term.name === 'data' ? [] : undefined;
  if (term.kind !== 'ref' || term.head.kind !== 'variable' || term.head.name !== 'data') return undefined;
  const path: string[] = [];
  for (const part of term.path) {
    if (part.kind !== 'scalar' || typeof part.value !== 'string') return undefined;
    path.push(part.value);
  }
  return path;
}

const nowhere = { start: 0, end: 0 };

/** The query that binds the document at the path to one variable. */
function document(path: readonly string[]): Question {
  const head: Term = { kind: 'variable', name: 'data', ...nowhere };
  const keys = path.map((value): Term => ({ kind: 'scalar', value, ...nowhere }));
  const right: Ref | Term = keys.length === 0 ? head : { kind: 'ref', head, path: keys, ...nowhere };
  const left: Term = { kind: 'variable', name: 'result', ...nowhere };
  const literal: Literal = {
    negation: 'none',
    expression: { kind: 'unify', left, right },
    modifiers: [],
    ...nowhere,
  };
  return { kind: 'document', path, body: [literal] };
}
