import type { ElseBranch, Literal, Module, Rule, Span, Term } from '../syntax/ast.ts';
import { type Branch, CompileProblem, constant, type Definition, type Pattern } from './code.ts';
import { BodyLowering } from './lower-bodies.ts';
import { Sink } from './lower-terms.ts';
import type { Metadata, RuleMetadata } from './metadata.ts';
import type { Resolver } from './resolver.ts';
import { isKnown, schedule, type UnsafeSlot } from './schedule.ts';
import { Scope, SlotCounter } from './scope.ts';
import { visitPattern } from './slots.ts';
import { patternVariables, visitVariables } from './variables.ts';

/** The rule's own fixed path below its package: the name and the texts after it. */
export function fixedPath(rule: Rule): { readonly path: readonly string[]; readonly keys: readonly Term[] } {
  const path = [rule.head.name.name];
  const terms = [...rule.head.path];
  while (terms[0]?.kind === 'scalar' && typeof terms[0].value === 'string') {
    path.push(terms[0].value);
    terms.shift();
  }
  return { path, keys: terms };
}

/** Compiles one definition. Throws `CompileProblem`. */
export function lowerRule(
  rule: Rule,
  id: number,
  module: Module,
  resolver: Resolver,
  metadata: Metadata,
): Definition {
  const { path, keys } = fixedPath(rule);
  const { head } = rule;
  const main: ElseBranch = {
    value: head.contains ?? head.value,
    body: rule.body,
    start: rule.start,
    end: rule.end,
  };
  const about = metadata.of(module, rule, [...module.package, ...path]);
  const branches = [main, ...rule.otherwise].map((branch) =>
    lowerBranch(rule, branch, keys, { resolver, metadata: about }),
  );
  return {
    id,
    module,
    kind: head.contains !== null ? 'set' : head.args !== null ? 'function' : 'complete',
    path: [...module.package, ...path],
    isDefault: rule.isDefault,
    arity: head.args?.length ?? 0,
    branches,
    span: { start: rule.start, end: rule.end },
    headSpan: { start: head.start, end: head.end },
  };
}

function lowerBranch(
  rule: Rule,
  branch: ElseBranch,
  keys: readonly Term[],
  { resolver, metadata }: { readonly resolver: Resolver; readonly metadata: RuleMetadata },
): Branch {
  const counter = new SlotCounter();
  const scope = new Scope(null, counter);
  const bodies = new BodyLowering(resolver, metadata);
  const { terms } = bodies;
  const sink = new Sink(-1, counter);
  const argNames = new Set<string>();
  for (const arg of rule.head.args ?? []) {
    for (const name of patternVariables(arg)) {
      if (resolver.isGlobal(name) && (name === 'input' || name === 'data')) {
        throw new CompileProblem('rego_compile_error', `args must not shadow ${name}`, arg.start);
      }
      if (!argNames.has(name)) scope.declareArgument(name);
      argNames.add(name);
    }
  }
  const computed: { readonly term: Term; readonly value: Pattern }[] = [];
  const args = (rule.head.args ?? []).map((term) => {
    if (isPattern(term)) return terms.pattern(term, scope, sink);
    const value = terms.fresh(scope);
    computed.push({ term, value });
    return value;
  });
  const filled = new Set<number>(Array.from({ length: counter.count }, (_, index) => index));
  const used = new Set<string>();
  for (const term of [...keys, ...(branch.value === null ? [] : [branch.value])]) {
    visitVariables(term, (name) => used.add(name));
  }
  const body = branch.body ?? [];
  scope.enter(body, terms.isGlobal, used);
  for (const { term, value } of computed) terms.into(term, value, scope, sink);
  for (const [index, literal] of body.entries()) {
    sink.literal = index;
    bodies.literal(literal, scope, sink);
  }
  sink.literal = -1;
  const keyPatterns = keys.map((key) => terms.pattern(key, scope, sink));
  const value = branch.value === null ? constant(true) : terms.pattern(branch.value, scope, sink);
  const block = ordered(sink, filled, counter);
  for (const [pattern, term] of [
    ...keyPatterns.map((key, index) => [key, keys[index]] as const),
    [value, branch.value] as const,
  ]) {
    if (!isKnown(pattern, filled)) throw unsafeHead(pattern, filled, counter, term ?? rule.head);
  }
  return {
    args,
    block,
    keys: keyPatterns,
    value,
    constant: value.kind === 'value',
    slots: counter.count,
    literals: body.map(({ start, end }) => ({ start, end })),
    span: { start: branch.start, end: branch.end },
  };
}

/** Whether an argument is made of literals and variables alone. */
function isPattern(term: Term): boolean {
  if (term.kind === 'scalar' || term.kind === 'variable') return true;
  if (term.kind === 'array') return term.items.every(isPattern);
  return term.kind === 'object' && term.entries.every(([key, value]) => isPattern(key) && isPattern(value));
}

/** The block of a query, whose variables become the result. */
export function lowerQuery(
  body: readonly Literal[],
  resolver: Resolver,
): { readonly branch: Branch; readonly names: readonly (readonly [name: string, slot: number])[] } {
  const counter = new SlotCounter();
  const scope = new Scope(null, counter);
  const bodies = new BodyLowering(resolver, null);
  const sink = new Sink(0, counter);
  const filled = new Set<number>();
  scope.enter(body, bodies.terms.isGlobal);
  for (const [index, literal] of body.entries()) {
    sink.literal = index;
    bodies.literal(literal, scope, sink);
  }
  const block = ordered(sink, filled, counter);
  const names: [string, number][] = [];
  for (let slot = 0; slot < counter.count; slot++) {
    const name = counter.name(slot);
    if (name !== null && !name.startsWith('$') && scope.find(name) === slot) names.push([name, slot]);
  }
  const span = { start: body[0]?.start ?? 0, end: body.at(-1)?.end ?? 0 };
  const literals = body.map(({ start, end }) => ({ start, end }));
  return {
    branch: {
      args: [],
      block,
      keys: [],
      value: constant(true),
      constant: false,
      slots: counter.count,
      literals,
      span,
    },
    names,
  };
}

function ordered(sink: Sink, filled: Set<number>, counter: SlotCounter): Branch['block'] {
  const result = schedule(sink.block(), filled);
  if ('unsafe' in result) throw unsafeBody(result.unsafe, counter);
  return result.block;
}

function unsafeBody(unsafe: readonly UnsafeSlot[], counter: SlotCounter): CompileProblem {
  const named = unsafe.find(({ slot }) => counter.name(slot) !== null) ?? unsafe[0];
  return unsafeVariable(
    named === undefined ? null : counter.name(named.slot),
    named?.instruction.span ?? null,
  );
}

function unsafeHead(
  pattern: Pattern,
  filled: ReadonlySet<number>,
  counter: SlotCounter,
  span: Span,
): CompileProblem {
  let unsafe: number | undefined;
  visitPattern(pattern, (slot) => {
    if (!filled.has(slot)) unsafe ??= slot;
  });
  return unsafeVariable(unsafe === undefined ? null : counter.name(unsafe), span);
}

function unsafeVariable(name: string | null, span: Span | null): CompileProblem {
  const text = name === null ? 'expression' : name.startsWith('$') ? 'var _' : `var ${name}`;
  return new CompileProblem('rego_unsafe_var_error', `${text} is unsafe`, span?.start ?? 0);
}
