import type { Module } from '../syntax/ast.ts';
import { CompileProblem } from './code.ts';

/** Builtins that Rego v1 no longer has. */
const deprecated = new Set([
  'all',
  'any',
  'cast_array',
  'cast_boolean',
  'cast_null',
  'cast_object',
  'cast_set',
  'cast_string',
  'net.cidr_overlap',
  're_match',
  'set_diff',
]);

export function isDeprecated(name: string): boolean {
  return deprecated.has(name);
}

/** What Rego v1 forbids in a module beyond its grammar. Throws `CompileProblem`. */
export function checkModule(module: Module): void {
  if (module.version === 0) return;
  const seen = new Set<string>();
  for (const { path, alias, start } of module.imports) {
    if (path[0] !== 'data' && path[0] !== 'input') continue;
    const name = alias ?? path.at(-1) ?? '';
    if (seen.has(name)) {
      throw new CompileProblem(
        'rego_compile_error',
        `import must not shadow import ${path.join('.')}`,
        start,
      );
    }
    seen.add(name);
  }
  for (const rule of module.rules) {
    const { name, start } = rule.head.name;
    if (name === 'input' || name === 'data') {
      throw new CompileProblem('rego_compile_error', `rules must not shadow ${name}`, start);
    }
  }
}
