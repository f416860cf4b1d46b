import type { Literal } from '../syntax/ast.ts';
import { CompileProblem } from './code.ts';
import { bodyVariables, patternVariables, visitVariables } from './variables.ts';

/** Hands out the slots of one branch. */
export class SlotCounter {
  readonly #names: (string | null)[] = [];

  next(name: string | null = null): number {
    return this.#names.push(name) - 1;
  }

  get count(): number {
    return this.#names.length;
  }

  /** The variable that the slot stands for; null for an inner term. */
  name(slot: number): string | null {
    return this.#names[slot] ?? null;
  }
}

/**
 * Names that are variables in one body. `:=`, `some` and arguments declare a name for this body and those within
 * it; any other name that is nothing else is a variable of the outermost body that uses it itself.
 */
export class Scope {
  readonly #slots = new Map<string, number>();
  readonly #pending = new Set<string>();
  readonly #seen = new Set<string>();
  readonly #arguments = new Set<string>();
  readonly parent: Scope | null;
  readonly counter: SlotCounter;

  constructor(parent: Scope | null, counter: SlotCounter) {
    this.parent = parent;
    this.counter = counter;
  }

  /** The name stands for a value of its own from here on. */
  declare(name: string): number {
    const slot = this.counter.next(name);
    this.#slots.set(name, slot);
    return slot;
  }

  declareArgument(name: string): number {
    this.#arguments.add(name);
    return this.declare(name);
  }

  /** Prepares for a body: names that it declares, and names that it uses and that mean nothing else. */
  enter(body: readonly Literal[], isGlobal: (name: string) => boolean, used: Iterable<string> = []): void {
    for (const name of declaredNames(body)) this.#pending.add(name);
    for (const name of [...bodyVariables(body), ...used]) {
      if (this.#pending.has(name) || isGlobal(name) || this.find(name) !== undefined) continue;
      this.declare(name);
    }
  }

  /** A declaration is reached: from here on the name may be used. */
  reach(name: string, offset: number, how: 'assigned' | 'declared'): number {
    if (this.#arguments.has(name)) {
      throw new CompileProblem('rego_compile_error', `arg ${name} redeclared`, offset);
    }
    if (this.#slots.has(name) && !this.#pending.has(name)) {
      throw new CompileProblem('rego_compile_error', `var ${name} ${how} above`, offset);
    }
    if (this.#seen.has(name)) {
      throw new CompileProblem('rego_compile_error', `var ${name} referenced above`, offset);
    }
    this.#pending.delete(name);
    return this.declare(name);
  }

  /** The variable's slot; undefined where no body knows the name. */
  find(name: string): number | undefined {
    if (this.#pending.has(name)) this.#seen.add(name);
    return this.#lookUp(name);
  }

  /** A use in an inner body is none in this one: there a name that is declared here later is one of its own. */
  #lookUp(name: string): number | undefined {
    const own = this.#slots.get(name);
    return own !== undefined || this.parent === null ? own : this.parent.#lookUp(name);
  }

  /** The name will be declared later in this body or one around it. */
  isPending(name: string): boolean {
    return this.#pending.has(name) || (!this.#slots.has(name) && (this.parent?.isPending(name) ?? false));
  }
}

function declaredNames(body: readonly Literal[]): Set<string> {
  const names = new Set<string>();
  for (const { expression } of body) {
    if (expression.kind === 'assign') for (const name of patternVariables(expression.left)) names.add(name);
    else if (expression.kind === 'some') for (const { name } of expression.names) names.add(name);
    else if (expression.kind === 'some-in') {
      for (const term of [expression.key, expression.value]) {
        if (term !== null) visitVariables(term, (name) => names.add(name));
      }
    }
  }
  return names;
}
