import type { ConditionNode } from '../../../domain/trace.ts';
import type { Instruction } from '../compile/code.ts';
import type { Frame, Observation } from '../evaluate/context.ts';
import { resolve } from '../evaluate/patterns.ts';
import { jsonOfValue } from '../value/json.ts';
import type { Value } from '../value/value.ts';
import { type Description, type Placed, shortened } from './descriptions.ts';
import type { BranchRecord } from './recorder.ts';

/** The expressions of a branch's body with what became of each. */
export function conditionOf(record: BranchRecord, description: Description): ConditionNode | undefined {
  if (description.literals.length === 0) return undefined;
  const children = description.literals.map(({ expression, instructions }) =>
    leaf(record, expression, instructions),
  );
  const failed = children.some(({ result }) => result === 'error') ? 'error' : 'false';
  return { op: 'all', expr: description.body, result: record.held > 0 ? 'true' : failed, children };
}

function leaf(record: BranchRecord, expr: string, own: readonly Placed[]): ConditionNode {
  const { frame, held } = record;
  const failed = own.find(({ index }) => frame.reached[index] !== 0 && frame.passed[index] === 0);
  if (failed !== undefined && held === 0) {
    return { op: 'leaf', expr, ...failure(record, failed.instruction, frame.seen[failed.index]) };
  }
  const reached = own.every(({ index }) => frame.reached[index] !== 0);
  return reached
    ? { op: 'leaf', expr, result: 'true', ...operands(own, frame) }
    : { op: 'leaf', expr, result: 'skipped' };
}

type Details = Omit<ConditionNode, 'op' | 'expr'>;

function failure(record: BranchRecord, instruction: Instruction, seen: Observation | undefined): Details {
  const { operation, span } = instruction;
  const { text } = record.definition.module;
  if (operation.kind === 'not') return { result: 'false', why: 'what is negated holds' };
  if (seen?.kind === 'error') return { result: 'error', why: seen.message };
  if (operation.kind === 'ref') {
    const key = shortened(text.slice(span.start, span.end));
    if (seen?.kind === 'undefined') return { key, result: 'missing', why: `${key} is undefined` };
    return { key, result: 'false' };
  }
  const operator = operatorOf(instruction);
  if (seen?.kind !== 'values') return { ...operator, result: 'false' };
  return { ...operator, ...compared(seen.values), result: 'false' };
}

function operatorOf({ operation }: Instruction): { operator?: string } {
  if (operation.kind === 'call') {
    return {
      operator: operation.callee.kind === 'builtin' ? operation.callee.name : operation.callee.path.join('.'),
    };
  }
  return operation.kind === 'unify' ? { operator: 'eq' } : {};
}

/** What the last comparison or call of an expression worked on when it held. */
function operands(own: readonly Placed[], frame: Frame): Partial<Details> {
  const last = own.findLast(
    ({ instruction: { operation } }) => operation.kind === 'call' || operation.kind === 'unify',
  );
  if (last === undefined) return {};
  const seen = frame.solution === null ? frame.seen[last.index] : undefined;
  if (seen?.kind === 'values') return { ...operatorOf(last.instruction), ...compared(seen.values) };
  if (frame.solution === null) return {};
  const solved: Frame = { ...frame, slots: [...frame.solution] };
  const { operation } = last.instruction;
  const patterns =
    operation.kind === 'call'
      ? operation.args
      : operation.kind === 'unify'
        ? [operation.left, operation.right]
        : [];
  return {
    ...operatorOf(last.instruction),
    ...compared(patterns.map((pattern) => resolve(pattern, solved))),
  };
}

function compared(values: readonly (Value | undefined)[]): { actual?: unknown; expected?: unknown } {
  const [actual, expected] = values;
  return {
    ...(actual === undefined ? {} : { actual: small(actual) }),
    ...(expected === undefined ? {} : { expected: small(expected) }),
  };
}

const largestValue = 2000;

/** The value as JSON; a large one is told by its text's beginning. */
function small(value: Value): unknown {
  if (typeof value !== 'object' && typeof value !== 'string') return value;
  const { json } = jsonOfValue(value);
  const text = JSON.stringify(json);
  return text.length > largestValue ? `${text.slice(0, largestValue)}…` : json;
}
