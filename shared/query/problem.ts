import type { QueryProblem } from './ast.ts';

/** Leaves the parser at the first problem; `parseQuery` turns it into its result. */
export class ProblemError extends Error {
  readonly problem: QueryProblem;
  constructor(message: string, from: number, to: number) {
    super(message);
    this.problem = { message, from, to };
  }
}
