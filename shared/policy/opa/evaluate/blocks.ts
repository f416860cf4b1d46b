import type { Block, Callee, Instruction, Pattern } from '../compile/code.ts';
import { textOfValue } from '../value/print.ts';
import {
  entriesOf,
  identityOf,
  isArray,
  RegoObject,
  RegoSet,
  typeOf,
  type Entry,
  type Value,
} from '../value/value.ts';
import type { Context, Frame, Next } from './context.ts';
import { match, resolve, resolveAll, undo, unify } from './patterns.ts';
import { BuiltinProblem, Halt } from './problems.ts';
import { modified } from './with.ts';

/** Finds the solutions of a block one after the other. Slots are as before when it returns. */
export function evaluateBlock(context: Context, block: Block, frame: Frame, next: Next): boolean {
  return from(context, block, 0, frame, next);
}

function from(context: Context, block: Block, at: number, frame: Frame, next: Next): boolean {
  const instruction = block.instructions[at];
  if (instruction === undefined) return next();
  context.run.step();
  const counted = frame.block === block;
  if (counted) frame.reached[at] = (frame.reached[at] ?? 0) + 1;
  const mark = frame.trail.length;
  const advance = (values?: readonly (Value | undefined)[]): boolean => {
    if (counted) {
      if (frame.passed[at] === 0 && values !== undefined) frame.seen[at] = { kind: 'values', values };
      frame.passed[at] = (frame.passed[at] ?? 0) + 1;
    }
    return from(context, block, at + 1, frame, next);
  };
  const stop = perform(context, instruction, frame, advance, counted ? at : null);
  undo(frame, mark);
  return stop;
}

function perform(
  context: Context,
  instruction: Instruction,
  frame: Frame,
  advance: (values?: readonly (Value | undefined)[]) => boolean,
  counted: number | null,
): boolean {
  const { operation } = instruction;
  const observe = (values: readonly (Value | undefined)[]): false => {
    if (counted !== null) frame.seen[counted] = { kind: 'values', values };
    return false;
  };
  const meet = (pattern: Pattern, value: Value): boolean =>
    match(pattern, value, frame) ? advance() : observe([resolve(pattern, frame), value]);
  switch (operation.kind) {
    case 'unify':
      if (unify(operation.left, operation.right, frame))
        return advance(resolveAll([operation.left, operation.right], frame));
      return observe([resolve(operation.left, frame), resolve(operation.right, frame)]);
    case 'ref': {
      let found = false;
      const stop = context.program.evaluator.ref(context, operation, frame, () => {
        found = true;
        return advance();
      });
      if (!found && counted !== null) frame.seen[counted] = { kind: 'undefined' };
      return stop;
    }
    case 'call': {
      const args = resolveAll(operation.args, frame);
      if (args === undefined) return false;
      const value = called(context, instruction, operation.callee, args, frame, counted);
      if (value === undefined) return false;
      if (operation.callee.kind === 'builtin' && isRelation(operation.callee.name) && isArray(value)) {
        return eachResult(operation.out, value, frame, advance);
      }
      if (operation.out !== null) return meet(operation.out, value);
      return value === false ? observe(args) : advance(args);
    }
    case 'holds': {
      const value = resolve(operation.value, frame);
      return value === false || value === undefined ? observe([value]) : advance();
    }
    case 'comprehension':
      return meet(operation.out, collect(context, operation, frame));
    case 'not':
      return context.program.evaluator.block(context, operation.body, frame, () => true) ? false : advance();
    case 'logical': {
      const holds = (body: Block): boolean =>
        context.program.evaluator.block(context, body, frame, () => true);
      const first = holds(operation.left);
      const decided = first === (operation.operator === 'or');
      return (decided ? first : holds(operation.right)) && advance();
    }
    case 'every':
      return holdsForEvery(context, operation, frame) && advance();
    case 'with': {
      const inner = modified(context, operation.modifiers, frame);
      return inner !== undefined && context.program.evaluator.block(inner, operation.body, frame, advance);
    }
    case 'template':
    default:
      return meet(operation.out, filledTemplate(context, operation, frame));
  }
}

/** `walk` gives its results one after the other. */
function isRelation(name: string): boolean {
  return name === 'walk';
}

function eachResult(out: Pattern | null, results: readonly Value[], frame: Frame, advance: Next): boolean {
  for (const result of results) {
    const mark = frame.trail.length;
    const stop = (out === null || match(out, result, frame)) && advance();
    undo(frame, mark);
    if (stop) return true;
  }
  return false;
}

function called(
  context: Context,
  instruction: Instruction,
  callee: Callee,
  args: readonly Value[],
  frame: Frame,
  counted: number | null,
): Value | undefined {
  try {
    const value = context.program.evaluator.call(context, callee, args);
    if (value === undefined && counted !== null) frame.seen[counted] = { kind: 'undefined' };
    return value;
  } catch (problem) {
    if (problem instanceof Halt && problem.span === null && frame.definition !== null) {
      problem.span = { ...instruction.span, path: frame.definition.module.path };
    }
    if (!(problem instanceof BuiltinProblem)) throw problem;
    const name = callee.kind === 'builtin' ? callee.name : callee.path.join('.');
    const message = `${name}: ${problem.message}`;
    if (counted !== null) frame.seen[counted] = { kind: 'error', message };
    if (context.run.builtinErrors.size < 20 && !context.run.builtinErrors.has(message)) {
      context.run.builtinErrors.set(message, { definition: frame.definition, instruction });
    }
    return undefined;
  }
}

type Operation<Kind> = Extract<Instruction['operation'], { kind: Kind }>;

function collect(context: Context, operation: Operation<'comprehension'>, frame: Frame): Value {
  const values: Value[] = [];
  const entries: Entry[] = [];
  const members = new Map<string, string>();
  const next = (): boolean => {
    context.run.charge(1);
    const value = resolve(operation.value, frame);
    const key = operation.key === null ? undefined : resolve(operation.key, frame);
    if (value === undefined) return false;
    if (key === undefined) values.push(value);
    else {
      entries.push([key, value]);
      checkUnique(members, identityOf(key), identityOf(value));
    }
    return false;
  };
  context.program.evaluator.block(context, operation.body, frame, next);
  if (operation.of === 'array') return values;
  return operation.of === 'set' ? RegoSet.of(values) : RegoObject.of(entries);
}

function checkUnique(members: Map<string, string>, key: string, value: string): void {
  const before = members.get(key);
  if (before !== undefined && before !== value) {
    throw new Halt('eval_conflict_error', 'object keys must be unique');
  }
  members.set(key, value);
}

function holdsForEvery(context: Context, operation: Operation<'every'>, frame: Frame): boolean {
  const domain = resolve(operation.domain, frame);
  if (domain === undefined || !['array', 'object', 'set'].includes(typeOf(domain))) return false;
  for (const [key, value] of entriesOf(domain)) {
    const mark = frame.trail.length;
    const holds =
      match(operation.key, key, frame) &&
      match(operation.value, value, frame) &&
      context.program.evaluator.block(context, operation.body, frame, () => true);
    undo(frame, mark);
    if (!holds) return false;
  }
  return true;
}

/** What is undefined prints as `<undefined>`, as OPA's string interpolation does. */
function filledTemplate(context: Context, operation: Operation<'template'>, frame: Frame): string {
  let text = '';
  for (const part of operation.parts) {
    if (typeof part === 'string') text += part;
    else {
      let found: Value | undefined;
      context.program.evaluator.block(context, part.body, frame, () => {
        found = resolve(part.value, frame);
        return true;
      });
      text += found === undefined ? '<undefined>' : typeof found === 'string' ? found : textOfValue(found);
    }
  }
  context.run.charge(text.length);
  return text;
}
