import type { Block, Branch, Callee, Definition, Instruction } from '../compile/code.ts';
import type { RuleGroup, TreeNode } from '../compile/tree.ts';
import type { RegoObject, Value } from '../value/value.ts';
import type { HiddenReads } from './hidden-reads.ts';
import { Halt } from './problems.ts';
import type { RecordedCalls } from './recorded-calls.ts';

/** Called for each solution; true stops the search. */
export type Next = () => boolean;

/** Slots of one branch that is being evaluated. */
export interface Frame {
  readonly slots: (Value | undefined)[];
  /** Slots in the order in which they were filled, to empty them again. */
  readonly trail: number[];
  readonly definition: Definition | null;
  /** The branch's own block: its instructions are counted for the trace. */
  readonly block: Block | null;
  /** How often each instruction was reached, and how often it had a solution. */
  readonly reached: number[];
  readonly passed: number[];
  /** What each instruction last compared in vain. */
  readonly seen: (Observation | undefined)[];
  /** The slots of the first solution. */
  solution: readonly (Value | undefined)[] | null;
}

export function emptySlots(count: number): (Value | undefined)[] {
  const slots: (Value | undefined)[] = [];
  for (let index = 0; index < count; index++) slots.push(undefined);
  return slots;
}

export type Observation =
  | { readonly kind: 'values'; readonly values: readonly (Value | undefined)[] }
  | { readonly kind: 'undefined' }
  | { readonly kind: 'error'; readonly message: string };

export interface Tracer {
  evaluated(definition: Definition, branch: Branch, frame: Frame, solutions: number): void;
  /** A definition whose error does not matter, because another gives the same constant value. */
  ignored(definition: Definition, message: string): void;
}

export type Mock =
  | { readonly kind: 'value'; readonly value: Value }
  | { readonly kind: 'callee'; readonly callee: Callee };

export type BuiltinFunction = (args: readonly Value[], run: Run) => Value | undefined;

export interface Limits {
  readonly steps: number;
  readonly size: number;
  readonly depth: number;
}

export const defaultLimits: Limits = { steps: 3_000_000, size: 64 * 1024 * 1024, depth: 400 };

/** One evaluation: what it has cost, and what it has met. */
export class Run {
  /** What `time.now_ns` gives; null: nobody knows, so whoever asks is refused. */
  readonly nowNanoseconds: bigint | null;
  /** Builtin errors, each once, that made an expression undefined. */
  readonly builtinErrors = new Map<string, { definition: Definition | null; instruction: Instruction }>();
  /** Paths below `input` that were read and are not there. */
  readonly missingInput = new Set<string>();
  /** What builtins gave when the decision was taken, where that was recorded. */
  readonly recordedCalls: RecordedCalls | null;
  /** Null where all of the input is known. */
  readonly hidden: HiddenReads | null;
  readonly #limits: Limits;
  #steps = 0;
  #size = 0;
  #depth = 0;

  constructor(
    nowNanoseconds: bigint | null,
    limits: Limits = defaultLimits,
    recordedCalls: RecordedCalls | null = null,
    hidden: HiddenReads | null = null,
  ) {
    this.hidden = hidden;
    this.nowNanoseconds = nowNanoseconds;
    this.recordedCalls = recordedCalls;
    this.#limits = limits;
  }

  step(): void {
    if (++this.#steps > this.#limits.steps) throw new Halt('limit', 'the evaluation took too many steps');
  }

  /** Counts characters and items that are built. */
  charge(size: number): void {
    this.#size += size;
    if (this.#size > this.#limits.size) throw new Halt('limit', 'the evaluation built too large values');
  }

  deeper<Result>(work: () => Result): Result {
    if (++this.#depth > this.#limits.depth) throw new Halt('limit', 'rules call each other too deeply');
    try {
      return work();
    } finally {
      this.#depth--;
    }
  }
}

/** What stays the same throughout an evaluation. */
export interface EvaluatedProgram {
  readonly tracer: Tracer;
  readonly functions: ReadonlyMap<string, RuleGroup>;
  readonly tree: TreeNode;
  readonly evaluator: Evaluator;
}

/** What expressions are evaluated against; `with` makes another one. */
export interface Context {
  readonly run: Run;
  readonly program: EvaluatedProgram;
  readonly input: Value | undefined;
  /** Base documents. */
  readonly data: RegoObject;
  /** Nodes whose rules `with` has replaced. */
  readonly shadowed: ReadonlySet<TreeNode>;
  readonly mocks: ReadonlyMap<string, Mock>;
  readonly cache: Map<object, Value | undefined>;
  readonly partCache: Map<string, Value>;
}

/** The parts of the evaluator that need each other. */
export interface Evaluator {
  block(context: Context, block: Block, frame: Frame, next: Next): boolean;
  call(context: Context, callee: Callee, args: readonly Value[]): Value | undefined;
  ref(
    context: Context,
    operation: Extract<Instruction['operation'], { kind: 'ref' }>,
    frame: Frame,
    next: Next,
  ): boolean;
  rule(context: Context, group: RuleGroup): Value | undefined;
  parts(context: Context, node: TreeNode, keys: readonly Value[]): Value | undefined;
}

export function calleeKey(callee: Callee): string {
  return callee.kind === 'builtin' ? callee.name : JSON.stringify(callee.path);
}
