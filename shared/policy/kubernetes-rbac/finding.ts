import type { ConditionNode, EvaluationError, Layer } from '../../domain/trace.ts';
import type { Shape } from './cluster.ts';

/** What RBAC says to one request of one user. */
export interface Finding {
  readonly allowed: boolean;
  readonly layers: readonly Layer[];
  /** Bindings with their roles. */
  /** Steps that were made for this finding alone. */
  readonly made: number;
  readonly determining: readonly string[];
  readonly determiningSteps: readonly string[];
  /** The first of them, with the subject. */
  readonly by: string | null;
  /** Roles that are missing, of bindings that reach the user. */
  readonly errors: readonly EvaluationError[];
  readonly missing: readonly string[];
  /** Bindings that would allow it, to others; only looked for where nothing allows. */
  readonly wouldAllow: readonly ConditionNode[];
}

/** Steps that are held in memory for all users of a cluster together: some 100 MB. */
const mostSteps = 200_000;

/** Counts what is remembered, and has all of it forgotten when it is too much. */
export class Budget {
  #steps = 0;
  /** Grows when everything is to be forgotten. */
  epoch = 0;

  spend(steps: number): void {
    this.#steps += steps;
    if (this.#steps <= mostSteps) return;
    this.#steps = 0;
    this.epoch++;
  }
}

/** Findings of one user that do not depend on a name, by namespace and shape of the request. */
export class Findings {
  readonly #budget: Budget;
  readonly #known = new Map<string, Map<Shape, Finding>>();
  #epoch: number;

  constructor(budget: Budget) {
    this.#budget = budget;
    this.#epoch = budget.epoch;
  }

  get(namespace: string, shape: Shape): Finding | undefined {
    return this.#fresh().get(namespace)?.get(shape);
  }

  set(namespace: string, shape: Shape, finding: Finding): void {
    // Most steps of a finding are those of the bindings, which are there anyway.
    const references = finding.layers.reduce((sum, { steps }) => sum + steps.length, 0);
    this.#budget.spend(finding.made + 2 + references / 32);
    const known = this.#fresh();
    const ofNamespace = known.get(namespace) ?? new Map<Shape, Finding>();
    ofNamespace.set(shape, finding);
    known.set(namespace, ofNamespace);
  }

  #fresh(): Map<string, Map<Shape, Finding>> {
    if (this.#epoch !== this.#budget.epoch) {
      this.#known.clear();
      this.#epoch = this.#budget.epoch;
    }
    return this.#known;
  }
}
