import type { Branch, Definition } from '../compile/code.ts';
import type { RuleGroup } from '../compile/tree.ts';
import { dataPath } from '../value/print.ts';
import { emptySet, RegoSet, sameValue, type Value } from '../value/value.ts';
import { type Context, emptySlots, type Frame } from './context.ts';
import { match, resolve, undo } from './patterns.ts';
import { Halt } from './problems.ts';

/** Evaluates rules: complete rules, sets and functions. */

/** The document that a rule makes; undefined where no definition holds and there is no default. */
export function evaluateRule(context: Context, group: RuleGroup): Value | undefined {
  const { cache, run } = context;
  if (cache.has(group)) {
    run.hidden?.again(cache, group);
    return cache.get(group);
  }
  const work = (): Value | undefined =>
    run.deeper(() =>
      group.kind === 'set' ? setOf(context, group.definitions) : completeValue(context, group, []),
    );
  const value = run.hidden === null ? work() : run.hidden.kept(cache, group, work);
  cache.set(group, value);
  return value;
}

export function evaluateFunction(
  context: Context,
  group: RuleGroup,
  args: readonly Value[],
): Value | undefined {
  return context.run.deeper(() => completeValue(context, group, args));
}

/** One value, on which all definitions that hold must agree. */
export function completeValue(context: Context, group: RuleGroup, args: readonly Value[]): Value | undefined {
  let found: Value | undefined;
  const accept = (value: Value, definition: Definition): void => {
    if (found !== undefined && !sameValue(found, value)) {
      const [what, when] = group.kind === 'function' ? ['function', ' for the same inputs'] : ['rule', ''];
      const name = `${what} ${dataPath(group.path)}`;
      const halt = new Halt('eval_conflict_error', `${name} produced conflicting values${when}`);
      halt.span = { ...definition.span, path: definition.module.path };
      throw halt;
    }
    found = value;
  };
  const alike = sameConstant(group.definitions);
  const { hidden } = context.run;
  const reads: ReadonlySet<string>[] = [];
  let isCertain = false;
  for (const definition of group.definitions) {
    const decided = alike && found !== undefined;
    try {
      if (hidden === null) chain(context, definition, args, accept);
      else {
        let holds = false;
        const { read } = hidden.apart(() =>
          chain(context, definition, args, (value, from) => {
            holds = true;
            accept(value, from);
          }),
        );
        reads.push(read);
        isCertain ||= holds && read.size === 0;
      }
    } catch (problem) {
      // OPA stops at the first of definitions that all give the same constant: an error in a later one is never met.
      if (!decided || !(problem instanceof Halt) || problem.code === 'limit') throw problem;
      context.program.tracer.ignored(definition, problem.message);
    }
  }
  // Where one that holds reads nothing hidden, no other that can only give the same matters.
  if (!(alike && isCertain)) for (const read of reads) hidden?.count(read);
  if (found === undefined && group.fallback !== null) chain(context, group.fallback, args, accept);
  return found;
}

function sameConstant(definitions: readonly Definition[]): boolean {
  const first = definitions[0]?.branches[0]?.value;
  return definitions.every(({ branches }) =>
    branches.every(
      ({ value }) => first?.kind === 'value' && value.kind === 'value' && sameValue(first.value, value.value),
    ),
  );
}

/** The main branch, or the first `else` that holds. */
function chain(
  context: Context,
  definition: Definition,
  args: readonly Value[],
  accept: (value: Value, definition: Definition) => void,
): void {
  for (const branch of definition.branches) {
    let holds = false;
    evaluateBranch(context, definition, branch, { args, keys: [] }, (frame) => {
      const value = resolve(branch.value, frame);
      if (value === undefined) return false;
      holds = true;
      accept(value, definition);
      return branch.constant;
    });
    if (holds) return;
  }
}

export function setOf(context: Context, definitions: readonly Definition[]): RegoSet {
  const items: Value[] = [];
  for (const definition of definitions) {
    for (const branch of definition.branches) {
      evaluateBranch(context, definition, branch, { args: [], keys: [] }, (frame) => {
        const value = resolve(branch.value, frame);
        if (value !== undefined) items.push(value);
        context.run.charge(1);
        return false;
      });
    }
  }
  return items.length === 0 ? emptySet : RegoSet.of(items);
}

/** Finds the solutions of one branch whose arguments and leading keys are these. */
export function evaluateBranch(
  context: Context,
  definition: Definition,
  branch: Branch,
  given: { readonly args: readonly Value[]; readonly keys: readonly Value[] },
  visit: (frame: Frame) => boolean,
): number {
  const { instructions } = branch.block;
  const frame: Frame = {
    slots: emptySlots(branch.slots),
    trail: [],
    definition,
    block: branch.block,
    reached: zeros(instructions.length),
    passed: zeros(instructions.length),
    seen: [],
    solution: null,
  };
  context.run.step();
  let solutions = 0;
  const fits =
    branch.args.every((pattern, index) => match(pattern, given.args[index] as Value, frame)) &&
    branch.keys.every((pattern, index) => keyFits(pattern, given.keys[index], frame));
  if (fits) {
    context.program.evaluator.block(context, branch.block, frame, () => {
      if (solutions++ === 0) frame.solution = [...frame.slots];
      return visit(frame);
    });
    context.program.tracer.evaluated(definition, branch, frame, solutions);
  }
  undo(frame, 0);
  return solutions;
}

function zeros(length: number): number[] {
  const list: number[] = [];
  for (let index = 0; index < length; index++) list.push(0);
  return list;
}

function keyFits(pattern: Branch['keys'][number], key: Value | undefined, frame: Frame): boolean {
  if (key === undefined) return true;
  const simple = pattern.kind === 'slot' || pattern.kind === 'value';
  return !simple || match(pattern, key, frame);
}
