import type { Expression, Literal, Term, With } from '../syntax/ast.ts';
import { dottedName } from '../syntax/terms.ts';
import { plainText } from '../value/print.ts';
import { type Block, CompileProblem, type Modifier, type Pattern, slot } from './code.ts';
import { Sink, TermLowering } from './lower-terms.ts';
import type { RuleMetadata } from './metadata.ts';
import type { Resolver } from './resolver.ts';
import { Scope } from './scope.ts';
import { bodyVariables, visitVariables } from './variables.ts';

/** Turns bodies into instructions. */
export class BodyLowering {
  readonly terms: TermLowering;

  constructor(resolver: Resolver, metadata: RuleMetadata | null) {
    this.terms = new TermLowering(resolver, (body, scope, sink) => this.body(body, scope, sink), metadata);
  }

  /** The expressions of a body that the scope has entered. All belong to the sink's literal. */
  body(body: readonly Literal[], scope: Scope, sink: Sink): void {
    for (const literal of body) this.literal(literal, scope, sink);
  }

  literal(literal: Literal, scope: Scope, sink: Sink): void {
    const { expression, modifiers } = literal;
    if (expression.kind === 'some') {
      for (const { name, start } of expression.names) {
        if (name.startsWith('$')) continue;
        scope.reach(name, start, 'declared');
      }
      return;
    }
    // Values of modifiers are taken outside of what they modify.
    const outside = modifiers.map((modifier) => this.#modifier(modifier, scope, sink));
    const modified = modifiers.length > 0 ? new Sink(sink.literal, scope.counter) : sink;
    if (literal.negation === 'none') this.#expression(expression, literal, scope, modified);
    else {
      const negated = new Sink(sink.literal, scope.counter);
      if (literal.negation === 'whole') this.#expression(expression, literal, scope, negated);
      else this.#negated(expression, literal, scope, modified, negated);
      modified.add({ kind: 'not', body: negated.block() }, literal);
    }
    if (modified !== sink) sink.add({ kind: 'with', modifiers: outside, body: modified.block() }, literal);
  }

  /** A body whose variables stay its own. */
  #inner(body: readonly Literal[], scope: Scope, sink: Sink): void {
    const inner = new Scope(scope, scope.counter);
    inner.enter(body, this.terms.isGlobal);
    this.body(body, inner, sink);
  }

  /** An operand of `and` or `or`: it holds or not, and gives nothing to the outside. */
  #operand(literal: Literal, scope: Scope, sink: Sink): Block {
    const body = new Sink(sink.literal, scope.counter);
    this.#inner([literal], scope, body);
    return body.block();
  }

  /**
   * Only the outermost operation is negated. References and calls in its operands are evaluated before, so that
   * `not f(input.x)` is undefined where `input.x` is, as OPA's compiler has it (its issue 1877); operands of `=` and
   * `==` that are references stay inside.
   */
  #negated(expression: Expression, literal: Literal, scope: Scope, sink: Sink, target: Sink): void {
    const before = sink.instructions.length;
    const operands = equated(expression);
    if (operands !== null) {
      const patterns = operands.map((term) => {
        if (term.kind !== 'ref') return this.terms.pattern(term, scope, sink);
        const out = this.terms.fresh(scope);
        this.terms.ref(term, out, scope, sink, target);
        return out;
      });
      const [first, second] = patterns as [Pattern, Pattern];
      target.add({ kind: 'unify', left: first, right: second }, literal);
    } else if (expression.kind === 'term') this.terms.holds(expression.term, scope, sink, target);
    else this.#expression(expression, literal, scope, target);
    // Variables get no value from a negated expression, except in calls within it.
    if (hasInnerCall(expression)) return;
    const needs = [...bodyVariables([literal])].flatMap((name) => scope.find(name) ?? []);
    for (let index = before; index < sink.instructions.length; index++) {
      const instruction = sink.instructions[index];
      if (instruction !== undefined) sink.instructions[index] = { ...instruction, needs };
    }
  }

  #expression(expression: Expression, literal: Literal, scope: Scope, sink: Sink): void {
    switch (expression.kind) {
      case 'term':
        this.terms.holds(expression.term, scope, sink);
        return;
      case 'unify':
        this.#unify(expression.left, expression.right, literal, scope, sink);
        return;
      case 'assign':
        this.#assign(expression.left, expression.right, literal, scope, sink);
        return;
      case 'some-in':
        this.#someIn(expression, literal, scope, sink);
        return;
      case 'every':
        this.#every(expression, literal, scope, sink);
        return;
      case 'logical': {
        const { operator } = expression;
        const [left, right] = [
          this.#operand(expression.left, scope, sink),
          this.#operand(expression.right, scope, sink),
        ];
        sink.add({ kind: 'logical', operator, left, right }, literal);
        return;
      }
      case 'body':
        this.#inner(expression.body, scope, sink);
        return;
      case 'some':
    }
  }

  #unify(left: Term, right: Term, literal: Literal, scope: Scope, sink: Sink): void {
    if (isComputed(right)) this.terms.into(right, this.terms.pattern(left, scope, sink), scope, sink);
    else if (isComputed(left)) this.terms.into(left, this.terms.pattern(right, scope, sink), scope, sink);
    else {
      const pattern = this.terms.pattern(left, scope, sink);
      sink.add({ kind: 'unify', left: pattern, right: this.terms.pattern(right, scope, sink) }, literal);
    }
  }

  #assign(left: Term, right: Term, literal: Literal, scope: Scope, sink: Sink): void {
    // The right side is read before the left side's names are known.
    const value = this.terms.pattern(right, scope, sink);
    sink.add({ kind: 'unify', left: this.terms.declared(left, scope, sink), right: value }, literal);
  }

  #someIn(
    expression: Extract<Expression, { kind: 'some-in' }>,
    literal: Literal,
    scope: Scope,
    sink: Sink,
  ): void {
    const domain = this.terms.pattern(expression.domain, scope, sink);
    for (const term of [expression.key, expression.value]) {
      if (term === null) continue;
      const names = new Set<string>();
      visitVariables(term, (name) => names.add(name));
      for (const name of names) scope.reach(name, term.start, 'declared');
    }
    const key =
      expression.key === null ? this.terms.fresh(scope) : this.terms.pattern(expression.key, scope, sink);
    const value = this.terms.pattern(expression.value, scope, sink);
    sink.add({ kind: 'ref', root: { kind: 'term', term: domain }, path: [key], out: value }, literal);
  }

  #every(
    expression: Extract<Expression, { kind: 'every' }>,
    literal: Literal,
    scope: Scope,
    sink: Sink,
  ): void {
    const domain = this.terms.pattern(expression.domain, scope, sink);
    const body = new Sink(sink.literal, scope.counter);
    const inner = new Scope(scope, scope.counter);
    const key: Pattern =
      expression.key === null ? this.terms.fresh(scope) : slot(inner.declare(expression.key.name));
    const value = slot(inner.declare(expression.value.name));
    inner.enter(expression.body, this.terms.isGlobal);
    this.body(expression.body, inner, body);
    sink.add({ kind: 'every', key, value, domain, body: body.block() }, literal);
  }

  #modifier(modifier: With, scope: Scope, sink: Sink): Modifier {
    const { target } = modifier;
    const parts = targetPath(target);
    const problem = (message: string): CompileProblem =>
      new CompileProblem('rego_type_error', message, target.start);
    if (parts === undefined)
      throw problem('with keyword target must reference existing input, data, or a function');
    const [first = '', ...rest] = parts;
    const { resolver } = this.terms;
    const global = resolver.global(first);
    const found = resolver.callee(parts);
    if (found !== undefined) {
      return {
        target: { kind: 'callee', callee: found.callee },
        replacement: this.#replacement(modifier.value, found.arity, scope, sink),
      };
    }
    if (global === undefined)
      throw problem(`with keyword target must reference existing input, data, or a function`);
    const path = [...global.slice(1), ...rest];
    const kind = global[0] === 'input' ? 'input' : 'data';
    return {
      target: { kind, path },
      replacement: { kind: 'value', value: this.terms.pattern(modifier.value, scope, sink) },
    };
  }

  /** What stands for a function: another function of as many arguments, else a value. */
  #replacement(value: Term, arity: number, scope: Scope, sink: Sink): Modifier['replacement'] {
    const isName = value.kind === 'variable' || value.kind === 'ref';
    const parts = isName ? targetPath(value) : undefined;
    if (parts !== undefined) {
      const found = this.terms.resolver.callee(parts);
      // A built-in function is meant even where the name could be a variable's.
      if (
        found?.callee.kind === 'builtin' ||
        (found !== undefined && scope.find(parts[0] ?? '') === undefined)
      ) {
        if (found.arity !== arity) {
          throw new CompileProblem('rego_type_error', `${parts.join('.')} has another arity`, value.start);
        }
        return { kind: 'callee', callee: found.callee };
      }
    }
    return { kind: 'value', value: this.terms.pattern(value, scope, sink) };
  }
}

/** The operands of `=` or `==`. */
function equated(expression: Expression): readonly Term[] | null {
  if (expression.kind === 'unify') return [expression.left, expression.right];
  if (expression.kind !== 'term') return null;
  const { term } = expression;
  return term.kind === 'call' && term.name === 'equal' ? term.args : null;
}

function hasInnerCall(expression: Expression): boolean {
  if (expression.kind === 'unify') return hasCall(expression.left) || hasCall(expression.right);
  if (expression.kind !== 'term') return false;
  const { term } = expression;
  return term.kind === 'call' ? term.args.some(hasCall) : hasCall(term);
}

function hasCall(term: Term): boolean {
  switch (term.kind) {
    case 'call':
      return true;
    case 'ref':
      return hasCall(term.head) || term.path.some(hasCall);
    case 'array':
    case 'set':
      return term.items.some(hasCall);
    case 'object':
      return term.entries.some(([key, value]) => hasCall(key) || hasCall(value));
    case 'scalar':
    case 'variable':
    case 'comprehension':
    case 'template':
    default:
      return false;
  }
}

function isComputed(term: Term): boolean {
  return (
    term.kind === 'ref' || term.kind === 'call' || term.kind === 'comprehension' || term.kind === 'template'
  );
}

function targetPath(term: Term): readonly string[] | undefined {
  if (term.kind === 'variable') return [term.name];
  if (term.kind !== 'ref' || dottedName(term) === undefined || term.head.kind !== 'variable')
    return undefined;
  return [term.head.name, ...term.path.map((part) => (part.kind === 'scalar' ? plainText(part.value) : ''))];
}
