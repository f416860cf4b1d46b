import type { Span } from '../syntax/ast.ts';

/** A builtin got what it cannot work with: the expression is undefined, as OPA does by default. */
export class BuiltinProblem extends Error {}

/** Ends the evaluation: an error that OPA reports too, something that is not supported here, or a limit. */
export class Halt extends Error {
  readonly code: 'eval_conflict_error' | 'unsupported' | 'limit' | 'rego_compile_error';
  span: (Span & { readonly path: string }) | null = null;

  constructor(code: Halt['code'], message: string) {
    super(message);
    this.code = code;
  }
}

/** What is not supported is named and never guessed. */
export function refuse(construct: string): Halt {
  return new Halt('unsupported', `not supported by this evaluator: ${construct}`);
}

/** More than this evaluator works out, though OPA may: no result is made of that. */
export function beyond(what: string): Halt {
  return new Halt('limit', what);
}
