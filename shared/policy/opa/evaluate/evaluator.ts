import type { Branch, Callee } from '../compile/code.ts';
import type { Program } from '../compile/program.ts';
import type { RuleGroup } from '../compile/tree.ts';
import type { RegoObject, Value } from '../value/value.ts';
import { evaluateBlock } from './blocks.ts';
import {
  type BuiltinFunction,
  calleeKey,
  emptySlots,
  type Context,
  type Evaluator,
  type Frame,
  type Limits,
  Run,
  type Tracer,
} from './context.ts';
import type { HiddenReads } from './hidden-reads.ts';
import { evaluateParts } from './parts.ts';
import { Halt, refuseFunction } from './problems.ts';
import type { RecordedCalls } from './recorded-calls.ts';
import { evaluateRef } from './refs.ts';
import { evaluateFunction, evaluateRule } from './rules.ts';

export interface EvaluationInput {
  readonly program: Program;
  readonly data: RegoObject;
  /** Undefined where the request has none. */
  readonly input: Value | undefined;
  readonly tracer: Tracer;
  /** What `time.now_ns` gives; null: nobody knows, so whoever asks is refused. */
  readonly nowNanoseconds: bigint | null;
  readonly limits?: Limits;
  readonly recordedCalls?: RecordedCalls | null;
  /** Null where all of the input is known. */
  readonly hidden?: HiddenReads | null;
  readonly builtin: (name: string) => BuiltinFunction | undefined;
}

export interface Solutions {
  /** The solutions of a query: values of its slots. */
  readonly slots: readonly (readonly (Value | undefined)[])[];
  readonly run: Run;
}

/** Runs a query and gives its solutions. Throws `Halt` where there is no answer. */
export function evaluateQuery(input: EvaluationInput, branch: Branch): Solutions {
  const run = new Run(input.nowNanoseconds, input.limits, input.recordedCalls, input.hidden);
  const context: Context = {
    run,
    program: {
      tracer: input.tracer,
      functions: functionsOf(input.program),
      tree: input.program.tree,
      evaluator: evaluatorWith(input.builtin),
    },
    input: input.input,
    data: input.data,
    shadowed: new Set(),
    mocks: new Map(),
    cache: new Map(),
    partCache: new Map(),
  };
  const slots: (Value | undefined)[][] = [];
  const frame: Frame = {
    slots: emptySlots(branch.slots),
    trail: [],
    definition: null,
    block: null,
    reached: [],
    passed: [],
    seen: [],
    solution: null,
  };
  try {
    evaluateBlock(context, branch.block, frame, () => {
      run.charge(1);
      slots.push([...frame.slots]);
      return false;
    });
  } catch (problem) {
    // The only RangeErrors here are a full stack and a text that grew beyond all bounds.
    if (problem instanceof RangeError) throw new Halt('limit', 'the evaluation was nested too deeply');
    throw problem;
  }
  return { slots, run };
}

const functionTables = new WeakMap<Program, ReadonlyMap<string, RuleGroup>>();

function functionsOf(program: Program): ReadonlyMap<string, RuleGroup> {
  const known = functionTables.get(program);
  if (known !== undefined) return known;
  const groups = new Map<string, { -readonly [Key in keyof RuleGroup]: RuleGroup[Key] }>();
  for (const definition of program.definitions) {
    if (definition.kind !== 'function') continue;
    const key = JSON.stringify(definition.path);
    const group = groups.get(key) ?? {
      path: definition.path,
      kind: 'function' as const,
      definitions: [],
      fallback: null,
    };
    groups.set(key, group);
    if (definition.isDefault) group.fallback = definition;
    else group.definitions = [...group.definitions, definition];
  }
  functionTables.set(program, groups);
  return groups;
}

function evaluatorWith(builtin: EvaluationInput['builtin']): Evaluator {
  return {
    block: evaluateBlock,
    ref: evaluateRef,
    rule: evaluateRule,
    parts: evaluateParts,
    call: (context, callee, args) => call(context, callee, args, builtin),
  };
}

function call(
  context: Context,
  callee: Callee,
  args: readonly Value[],
  builtin: EvaluationInput['builtin'],
): Value | undefined {
  const mock = context.mocks.get(calleeKey(callee));
  if (mock?.kind === 'value') return mock.value;
  if (mock !== undefined) {
    // Inside of a replacement the original functions are back.
    const inner: Context = { ...context, mocks: new Map(), cache: new Map(), partCache: new Map() };
    return call(inner, mock.callee, args, builtin);
  }
  if (callee.kind === 'function') {
    const group = context.program.functions.get(JSON.stringify(callee.path));
    return group === undefined ? undefined : evaluateFunction(context, group, args);
  }
  const recorded = context.run.recordedCalls?.answer(callee.name, args);
  if (recorded !== undefined) return recorded;
  const run = builtin(callee.name);
  if (run === undefined) throw refuseFunction(callee.name);
  const value = run(args, context.run);
  if (typeof value === 'string') context.run.charge(value.length);
  else if (Array.isArray(value)) context.run.charge(value.length);
  return value;
}
