import type { Literal, Term } from '../syntax/ast.ts';

/** Called with each variable's name that a term uses outside of comprehensions. */
export function visitVariables(term: Term, visit: (name: string) => void): void {
  switch (term.kind) {
    case 'scalar':
    case 'comprehension':
    case 'template':
      return;
    case 'variable':
      visit(term.name);
      return;
    case 'ref':
      visitVariables(term.head, visit);
      for (const part of term.path) visitVariables(part, visit);
      return;
    case 'call':
      for (const arg of term.args) visitVariables(arg, visit);
      return;
    case 'array':
    case 'set':
      for (const item of term.items) visitVariables(item, visit);
      return;
    case 'object':
      for (const [key, value] of term.entries) {
        visitVariables(key, visit);
        visitVariables(value, visit);
      }
  }
}

/** The variables that a body uses itself, not in its comprehensions and `every` bodies. */
export function bodyVariables(body: readonly Literal[]): Set<string> {
  const names = new Set<string>();
  const visit = (name: string): void => void names.add(name);
  for (const { expression, modifiers } of body) {
    switch (expression.kind) {
      case 'term':
        visitVariables(expression.term, visit);
        break;
      case 'unify':
      case 'assign':
        visitVariables(expression.left, visit);
        visitVariables(expression.right, visit);
        break;
      case 'some':
        for (const variable of expression.names) visit(variable.name);
        break;
      case 'some-in':
        if (expression.key !== null) visitVariables(expression.key, visit);
        visitVariables(expression.value, visit);
        visitVariables(expression.domain, visit);
        break;
      case 'every':
        visitVariables(expression.domain, visit);
        break;
      case 'logical':
      case 'body':
    }
    for (const { value } of modifiers) visitVariables(value, visit);
  }
  return names;
}

/** Variables in the places of a term that a value can fill. */
export function patternVariables(term: Term): Set<string> {
  const names = new Set<string>();
  const collect = (part: Term): void => {
    if (part.kind === 'variable') names.add(part.name);
    else if (part.kind === 'array') part.items.forEach(collect);
    else if (part.kind === 'object') for (const [, value] of part.entries) collect(value);
  };
  collect(term);
  return names;
}
