import type { Literal, Module } from '../syntax/ast.ts';
import { type Branch, CompileProblem, type Definition } from './code.ts';
import { checkModule } from './module-checks.ts';
import { fixedPath, lowerQuery, lowerRule } from './lower-rules.ts';
import { Metadata } from './metadata.ts';
import { findRecursion } from './recursion.ts';
import { type BuiltinShape, type Names, Resolver } from './resolver.ts';
import { checkTypes } from './types.ts';
import { buildTree, type TreeNode } from './tree.ts';

/** An error of one module, as OPA reports it when it loads a policy. */
export interface ModuleProblem {
  readonly path: string;
  readonly offset: number;
  readonly code: string;
  readonly message: string;
}

/** Compiled modules. Where there are problems OPA would not load the policy, and nothing is evaluated. */
export interface Program {
  readonly modules: readonly Module[];
  readonly definitions: readonly Definition[];
  readonly tree: TreeNode;
  readonly problems: readonly ModuleProblem[];
  readonly names: Names;
}

export function compileProgram(
  modules: readonly Module[],
  builtin: (name: string) => BuiltinShape | undefined,
): Program {
  const names = collectNames(modules, builtin);
  const metadata = new Metadata(modules);
  const problems: ModuleProblem[] = [];
  const definitions: Definition[] = [];
  const guarded = <Result>(path: string, run: () => Result): Result | undefined => {
    try {
      return run();
    } catch (problem) {
      if (!(problem instanceof CompileProblem)) throw problem;
      problems.push({ path, offset: problem.offset, code: problem.code, message: problem.message });
      return undefined;
    }
  };
  for (const module of modules) {
    guarded(module.path, () => checkModule(module));
    const resolver = guarded(module.path, () => new Resolver(module, names));
    if (resolver === undefined) continue;
    for (const rule of module.rules) {
      const definition = guarded(module.path, () =>
        lowerRule(rule, definitions.length, module, resolver, metadata),
      );
      if (definition !== undefined) definitions.push(definition);
    }
  }
  const packages = modules.map((module) => module.package);
  const firstPath = modules[0]?.path ?? '';
  const tree = guarded(firstPath, () => buildTree(packages, definitions)) ?? buildTree(packages, []);
  for (const { definition, message } of findRecursion(tree, definitions)) {
    problems.push({
      path: definition.module.path,
      offset: definition.span.start,
      code: 'rego_recursion_error',
      message,
    });
  }
  for (const { definition, offset, message } of checkTypes(tree, definitions, builtin)) {
    problems.push({ path: definition.module.path, offset, code: 'rego_type_error', message });
  }
  return { modules, definitions, tree, problems, names };
}

/** Compiles a query against the program. Throws `CompileProblem`. */
export function compileQuery(
  program: Program,
  body: readonly Literal[],
): { readonly branch: Branch; readonly names: readonly (readonly [name: string, slot: number])[] } {
  const module: Module = {
    path: 'query',
    text: '',
    package: [],
    packageSpan: { start: 0, end: 0 },
    imports: [],
    rules: [],
    version: 1,
    annotations: [],
  };
  const names: Names = { ...program.names, rulesOfPackage: new Map() };
  return lowerQuery(body, new Resolver(module, names));
}

function collectNames(
  modules: readonly Module[],
  builtin: (name: string) => BuiltinShape | undefined,
): Names {
  const rulesOfPackage = new Map<string, Set<string>>();
  const functions = new Map<string, number>();
  for (const module of modules) {
    const key = JSON.stringify(module.package);
    const rules = rulesOfPackage.get(key) ?? new Set<string>();
    rulesOfPackage.set(key, rules);
    for (const rule of module.rules) {
      rules.add(rule.head.name.name);
      if (rule.head.args === null) continue;
      functions.set(JSON.stringify([...module.package, ...fixedPath(rule).path]), rule.head.args.length);
    }
  }
  return { rulesOfPackage, functions, builtin };
}
