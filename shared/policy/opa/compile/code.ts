import type { Module, Span } from '../syntax/ast.ts';
import type { Value } from '../value/value.ts';

/**
 * What rules are compiled to: blocks of instructions over numbered slots. A slot is empty or holds a value; every
 * instruction may have several solutions, each of which fills slots and goes on to the next.
 */

/** A term without references and calls: compared with a value, it fills the empty slots in it. */
export type Pattern =
  | { readonly kind: 'value'; readonly value: Value }
  | { readonly kind: 'slot'; readonly slot: number }
  | { readonly kind: 'array'; readonly items: readonly Pattern[] }
  /** Its keys and a set's members must be known. */
  | { readonly kind: 'object'; readonly entries: readonly (readonly [key: Pattern, value: Pattern])[] }
  | { readonly kind: 'set'; readonly items: readonly Pattern[] };

export type Callee =
  | { readonly kind: 'builtin'; readonly name: string }
  | { readonly kind: 'function'; readonly path: readonly string[] };

export type Root =
  | { readonly kind: 'data' }
  | { readonly kind: 'input' }
  | { readonly kind: 'term'; readonly term: Pattern };

export type WithTarget =
  | { readonly kind: 'input' | 'data'; readonly path: readonly string[] }
  | { readonly kind: 'callee'; readonly callee: Callee };

export interface Modifier {
  readonly target: WithTarget;
  /** Another function in its place, or a value. */
  readonly replacement:
    | { readonly kind: 'value'; readonly value: Pattern }
    | { readonly kind: 'callee'; readonly callee: Callee };
}

export type Operation =
  | { readonly kind: 'unify'; readonly left: Pattern; readonly right: Pattern }
  /** `out` null: the value must be neither undefined nor false. */
  | {
      readonly kind: 'ref';
      readonly root: Root;
      readonly path: readonly Pattern[];
      readonly out: Pattern | null;
    }
  | {
      readonly kind: 'call';
      readonly callee: Callee;
      readonly args: readonly Pattern[];
      readonly out: Pattern | null;
    }
  | { readonly kind: 'holds'; readonly value: Pattern }
  | {
      readonly kind: 'comprehension';
      readonly of: 'array' | 'set' | 'object';
      readonly key: Pattern | null;
      readonly value: Pattern;
      readonly body: Block;
      readonly out: Pattern;
    }
  | { readonly kind: 'not'; readonly body: Block }
  | {
      readonly kind: 'logical';
      readonly operator: 'and' | 'or';
      readonly left: Block;
      readonly right: Block;
    }
  | {
      readonly kind: 'every';
      readonly key: Pattern;
      readonly value: Pattern;
      readonly domain: Pattern;
      readonly body: Block;
    }
  | { readonly kind: 'with'; readonly modifiers: readonly Modifier[]; readonly body: Block }
  | {
      readonly kind: 'template';
      readonly parts: readonly (string | { readonly body: Block; readonly value: Pattern })[];
      readonly out: Pattern;
    };

export interface Instruction {
  readonly operation: Operation;
  /** Which expression of the body it belongs to; -1 for the rule's head. */
  readonly literal: number;
  readonly span: Span;
  /** Slots that must hold values although it could fill them. */
  readonly needs: readonly number[];
}

export interface Block {
  readonly instructions: readonly Instruction[];
  /** Slots from `from` up to before `to` were made for it: outside they are unknown. */
  readonly from: number;
  readonly to: number;
}

/** One body of a rule with the head's terms. */
export interface Branch {
  readonly args: readonly Pattern[];
  readonly block: Block;
  /** Keys that follow the rule's fixed path, e.g. `x` and `"b"` in `p[x].b`. */
  readonly keys: readonly Pattern[];
  readonly value: Pattern;
  /** The value is the same whatever the body finds, so one solution is enough. */
  readonly constant: boolean;
  readonly slots: number;
  readonly literals: readonly Span[];
  readonly span: Span;
}

export type RuleKind = 'complete' | 'set' | 'function';

/** One definition of a rule: its body and `else` branches in order. */
export interface Definition {
  readonly id: number;
  readonly module: Module;
  readonly kind: RuleKind;
  /** From `data` on, fixed part. */
  readonly path: readonly string[];
  readonly isDefault: boolean;
  readonly arity: number;
  readonly branches: readonly Branch[];
  readonly span: Span;
  readonly headSpan: Span;
}

/** An error that OPA reports when it loads the policy, with OPA's code. */
export class CompileProblem extends Error {
  readonly code: 'rego_compile_error' | 'rego_type_error' | 'rego_unsafe_var_error' | 'rego_recursion_error';
  readonly offset: number;

  constructor(code: CompileProblem['code'], message: string, offset: number) {
    super(message);
    this.code = code;
    this.offset = offset;
  }
}

export const slot = (number: number): Pattern => ({ kind: 'slot', slot: number });
export const constant = (value: Value): Pattern => ({ kind: 'value', value });
