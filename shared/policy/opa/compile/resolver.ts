import type { Module } from '../syntax/ast.ts';
import { type Callee, CompileProblem } from './code.ts';
import type { BuiltinTypes } from './types.ts';

/** A builtin as the compiler needs it. */
export interface BuiltinShape extends BuiltinTypes {
  readonly arity: number;
}

/** What all modules together define. */
export interface Names {
  /** Names of the rules of each package, by the package's path as JSON. */
  readonly rulesOfPackage: ReadonlyMap<string, ReadonlySet<string>>;
  /** Arity of each function, by its full path as JSON. */
  readonly functions: ReadonlyMap<string, number>;
  builtin(name: string): BuiltinShape | undefined;
}

/** What the names in one module mean. */
export class Resolver {
  readonly module: Module;
  readonly names: Names;
  readonly #globals = new Map<string, readonly string[]>();

  constructor(module: Module, names: Names) {
    this.module = module;
    this.names = names;
    const rules = names.rulesOfPackage.get(JSON.stringify(module.package)) ?? [];
    for (const rule of rules) this.#globals.set(rule, ['data', ...module.package, rule]);
    this.#globals.set('input', ['input']);
    this.#globals.set('data', ['data']);
    for (const { path, alias, start } of module.imports) {
      if (path[0] !== 'data' && path[0] !== 'input') continue;
      const name = alias ?? path.at(-1) ?? '';
      const known = this.#globals.get(name);
      if (known !== undefined && known[0] !== name) {
        throw new CompileProblem('rego_compile_error', `import must not shadow ${name}`, start);
      }
      this.#globals.set(name, path);
    }
  }

  isGlobal(name: string): boolean {
    return this.#globals.has(name);
  }

  /** The full path that a global name stands for, from `data` or `input` on. */
  global(name: string): readonly string[] | undefined {
    return this.#globals.get(name);
  }

  /** The function of that dotted name with the number of its arguments; undefined where there is none. */
  callee(parts: readonly string[]): { callee: Callee; arity: number } | undefined {
    const [first = '', ...rest] = parts;
    const root = this.#globals.get(first);
    if (root?.[0] === 'data') {
      const path = [...root.slice(1), ...rest];
      const arity = this.names.functions.get(JSON.stringify(path));
      if (arity !== undefined) return { callee: { kind: 'function', path }, arity };
    }
    const name = parts.join('.');
    const builtin = this.names.builtin(name);
    return builtin === undefined ? undefined : { callee: { kind: 'builtin', name }, arity: builtin.arity };
  }
}
