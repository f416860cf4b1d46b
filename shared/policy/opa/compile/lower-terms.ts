import type { Call, Comprehension, Literal, Ref, Span, Template, Term } from '../syntax/ast.ts';
import { plainText } from '../value/print.ts';
import { type Value, RegoObject, RegoSet } from '../value/value.ts';
import {
  type Block,
  CompileProblem,
  constant,
  type Instruction,
  type Operation,
  type Pattern,
  type Root,
  slot,
} from './code.ts';
import type { RuleMetadata } from './metadata.ts';
import { isDeprecated } from './module-checks.ts';
import type { Resolver } from './resolver.ts';
import { Scope, type SlotCounter } from './scope.ts';
import { patternVariables, visitVariables } from './variables.ts';

/** Instructions of one block as they come about. */
export class Sink {
  readonly instructions: Instruction[] = [];
  readonly #counter: SlotCounter;
  readonly #from: number;
  literal: number;

  constructor(literal: number, counter: SlotCounter) {
    this.literal = literal;
    this.#counter = counter;
    this.#from = counter.count;
  }

  add(operation: Operation, span: Span, needs: readonly number[] = []): void {
    const { start, end } = span;
    this.instructions.push({ operation, literal: this.literal, span: { start, end }, needs });
  }

  block(): Block {
    return { instructions: this.instructions, from: this.#from, to: this.#counter.count };
  }
}

export type BodyLowering = (body: readonly Literal[], scope: Scope, sink: Sink) => void;

/** Takes terms apart: references, calls and comprehensions inside become instructions that fill slots. */
export class TermLowering {
  readonly resolver: Resolver;
  readonly #lowerBody: BodyLowering;
  readonly #metadata: RuleMetadata | null;

  constructor(resolver: Resolver, lowerBody: BodyLowering, metadata: RuleMetadata | null) {
    this.resolver = resolver;
    this.#lowerBody = lowerBody;
    this.#metadata = metadata;
  }

  readonly isGlobal = (name: string): boolean => this.resolver.isGlobal(name);

  fresh(scope: Scope): Pattern {
    return slot(scope.counter.next());
  }

  /** The term as a pattern; what must be evaluated for it is added to the sink. */
  pattern(term: Term, scope: Scope, sink: Sink): Pattern {
    switch (term.kind) {
      case 'scalar':
        return constant(term.value);
      case 'variable':
        return this.#variable(term.name, term, scope, sink);
      case 'array':
        return simplified({
          kind: 'array',
          items: term.items.map((item) => this.pattern(item, scope, sink)),
        });
      case 'set':
        return simplified({ kind: 'set', items: term.items.map((item) => this.pattern(item, scope, sink)) });
      case 'object': {
        const entries = term.entries.map(
          ([key, value]) => [this.pattern(key, scope, sink), this.pattern(value, scope, sink)] as const,
        );
        return simplified({ kind: 'object', entries });
      }
      case 'ref':
      case 'call':
      case 'comprehension':
      case 'template':
    }
    const out = this.fresh(scope);
    this.into(term, out, scope, sink);
    return out;
  }

  #variable(name: string, span: Span, scope: Scope, sink: Sink): Pattern {
    const found = scope.find(name);
    if (found !== undefined) return slot(found);
    const path = this.resolver.global(name);
    if (scope.isPending(name)) {
      throw new CompileProblem('rego_compile_error', `var ${name} referenced above`, span.start);
    }
    if (path === undefined)
      throw new CompileProblem('rego_unsafe_var_error', `var ${name} is unsafe`, span.start);
    const out = this.fresh(scope);
    sink.add({ kind: 'ref', root: rootOf(path), path: path.slice(1).map(constant), out }, span);
    return out;
  }

  /** The term's value meets `out`. */
  into(term: Term, out: Pattern, scope: Scope, sink: Sink): void {
    switch (term.kind) {
      case 'ref':
        this.ref(term, out, scope, sink);
        return;
      case 'call':
        this.call(term, out, scope, sink);
        return;
      case 'comprehension':
        this.#comprehension(term, out, scope, sink);
        return;
      case 'template':
        this.#template(term, out, scope, sink);
        return;
      case 'scalar':
      case 'variable':
      case 'array':
      case 'set':
      case 'object':
        sink.add({ kind: 'unify', left: this.pattern(term, scope, sink), right: out }, term);
    }
  }

  /** The reference's value meets `out`, or only has to be there and not false. */
  ref(ref: Ref, out: Pattern | null, scope: Scope, sink: Sink, target = sink): void {
    let root: Root;
    let fixed: Pattern[] = [];
    const { head } = ref;
    const global =
      head.kind === 'variable' && scope.find(head.name) === undefined && !scope.isPending(head.name)
        ? this.resolver.global(head.name)
        : undefined;
    if (global !== undefined) {
      root = rootOf(global);
      fixed = global.slice(1).map(constant);
    } else root = { kind: 'term', term: this.pattern(head, scope, sink) };
    const path = [...fixed, ...ref.path.map((part) => this.pattern(part, scope, sink))];
    target.add({ kind: 'ref', root, path, out }, ref);
  }

  /** The term must be there and not be false. */
  holds(term: Term, scope: Scope, sink: Sink, target = sink): void {
    if (term.kind === 'ref') this.ref(term, null, scope, sink, target);
    else if (term.kind === 'call') this.call(term, null, scope, sink, target);
    else if (term.kind === 'variable') {
      const found = scope.find(term.name);
      const path =
        found === undefined && !scope.isPending(term.name) ? this.resolver.global(term.name) : undefined;
      if (path === undefined) target.add({ kind: 'holds', value: this.pattern(term, scope, sink) }, term);
      else
        target.add({ kind: 'ref', root: rootOf(path), path: path.slice(1).map(constant), out: null }, term);
    } else target.add({ kind: 'holds', value: this.pattern(term, scope, sink) }, term);
  }

  /** A call; one argument more than the function takes is compared with its value. */
  call(call: Call, out: Pattern | null, scope: Scope, sink: Sink, target = sink): void {
    const parts = call.function === null ? [call.name] : call.name.split('.');
    const shadowed = call.function !== null && scope.find(parts[0] ?? '') !== undefined;
    const found = shadowed ? undefined : this.resolver.callee(calleeParts(call));
    if (found === undefined) {
      throw new CompileProblem('rego_type_error', `undefined function ${call.name}`, call.start);
    }
    const { callee, arity } = found;
    if (callee.kind === 'builtin' && this.resolver.module.version === 1 && isDeprecated(callee.name)) {
      throw new CompileProblem(
        'rego_type_error',
        `deprecated built-in function calls in expression: ${callee.name}`,
        call.start,
      );
    }
    const isPrint = callee.kind === 'builtin' && callee.name === 'print';
    if (isPrint) return;
    const metadata = callee.kind === 'builtin' ? this.#metadataOf(callee.name) : undefined;
    if (metadata !== undefined) {
      const right = out ?? constant(metadata);
      target.add({ kind: 'unify', left: constant(metadata), right }, call);
      return;
    }
    const args = call.args.map((arg) => this.pattern(arg, scope, sink));
    if (args.length === arity) target.add({ kind: 'call', callee, args, out }, call);
    else if (args.length === arity + 1 && out === null) {
      target.add({ kind: 'call', callee, args: args.slice(0, arity), out: args[arity] as Pattern }, call);
    } else {
      const message = `function ${call.name} has arity ${arity}, got ${args.length} arguments`;
      throw new CompileProblem('rego_type_error', message, call.start);
    }
  }

  /** Metadata belongs to the rule whose text asks for it. */
  #metadataOf(name: string): Value | undefined {
    if (name === 'rego.metadata.rule') return this.#metadata?.rule;
    return name === 'rego.metadata.chain' ? this.#metadata?.chain : undefined;
  }

  #comprehension(term: Comprehension, out: Pattern, scope: Scope, sink: Sink): void {
    const inner = new Scope(scope, scope.counter);
    const body = new Sink(sink.literal, scope.counter);
    const used = new Set<string>();
    for (const head of [term.key, term.value])
      if (head !== null) visitVariables(head, (name) => used.add(name));
    inner.enter(term.body, this.isGlobal, used);
    this.#lowerBody(term.body, inner, body);
    const key = term.key === null ? null : this.pattern(term.key, inner, body);
    const value = this.pattern(term.value, inner, body);
    sink.add({ kind: 'comprehension', of: term.of, key, value, body: body.block(), out }, term);
  }

  #template(term: Template, out: Pattern, scope: Scope, sink: Sink): void {
    const parts = term.parts.map((part) => {
      if (typeof part === 'string') return part;
      const body = new Sink(sink.literal, scope.counter);
      const inner = new Scope(scope, scope.counter);
      const value = slot(inner.declare(part.name));
      this.#lowerBody([part.literal], inner, body);
      return { body: body.block(), value };
    });
    sink.add({ kind: 'template', parts, out }, term);
  }

  /** The term as the left side of `:=`: its variables are declared here. */
  declared(term: Term, scope: Scope, sink: Sink): Pattern {
    const isTarget = term.kind === 'variable' || term.kind === 'array' || term.kind === 'object';
    if (!isTarget) {
      throw new CompileProblem('rego_compile_error', `cannot assign to ${term.kind}`, term.start);
    }
    for (const name of patternVariables(term)) scope.reach(name, term.start, 'assigned');
    return this.pattern(term, scope, sink);
  }
}

function calleeParts(call: Call): readonly string[] {
  const { function: callee } = call;
  if (callee === null) return [call.name];
  if (callee.kind === 'variable') return [callee.name];
  const head = callee.head.kind === 'variable' ? callee.head.name : '';
  return [head, ...callee.path.map((part) => (part.kind === 'scalar' ? plainText(part.value) : ''))];
}

export function rootOf(path: readonly string[]): Root {
  return path[0] === 'input' ? { kind: 'input' } : { kind: 'data' };
}

/** A pattern without slots is a value. */
function simplified(pattern: Pattern): Pattern {
  const known = valueOfPattern(pattern);
  return known === undefined ? pattern : constant(known);
}

function valueOfPattern(pattern: Pattern): Value | undefined {
  if (pattern.kind === 'value') return pattern.value;
  if (pattern.kind === 'slot') return undefined;
  if (pattern.kind === 'object') {
    const entries: [Value, Value][] = [];
    for (const [key, value] of pattern.entries) {
      if (key.kind !== 'value' || value.kind !== 'value') return undefined;
      entries.push([key.value, value.value]);
    }
    return RegoObject.of(entries);
  }
  const items: Value[] = [];
  for (const item of pattern.items) {
    if (item.kind !== 'value') return undefined;
    items.push(item.value);
  }
  return pattern.kind === 'array' ? items : RegoSet.of(items);
}
