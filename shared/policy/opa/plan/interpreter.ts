import { builtinFunction } from '../builtins/registry.ts';
import type { Run } from '../evaluate/context.ts';
import { BuiltinProblem, Halt, refuseFunction } from '../evaluate/problems.ts';
import { parseNumber } from '../value/number.ts';
import { dataPath, plainText } from '../value/print.ts';
import {
  emptyObject,
  type Entry,
  entriesOf,
  isArray,
  lookup,
  RegoObject,
  RegoSet,
  sameValue,
  type Value,
} from '../value/value.ts';
import { Draft, Locals } from './locals.ts';
import type { Operand, PlanBlock, PlanFunction, PlanPolicy, Statement } from './model.ts';

/** How a block ended: at its end, undefined, by a jump out of so many blocks, or by the function's return. */
type Ending = 'end' | 'undefined' | 'return' | { readonly jump: number };

export interface PlanObserver {
  executed(frame: PlanFrame, statement: Statement, defined: boolean): void;
  builtinError(statement: Statement, message: string): void;
}

/** One execution of a plan or function. */
export interface PlanFrame {
  readonly function: PlanFunction | null;
  readonly locals: Locals;
  /** Locals that hold parts of the input, each with its path. */
  readonly inputPaths: Map<number, string>;
  /** The outermost block that is being executed. */
  block: PlanBlock | null;
  result: Value | undefined;
}

const inputLocal = 0;
const dataLocal = 1;

function check(holds: boolean): Ending {
  return holds ? 'end' : 'undefined';
}

/** Executes plans. Throws `Halt` where OPA would raise an exception, and for what is not supported. */
export class PlanInterpreter {
  readonly #policy: PlanPolicy;
  readonly #run: Run;
  readonly #observer: PlanObserver;
  readonly #byName: ReadonlyMap<string, PlanFunction>;
  readonly #byPath: ReadonlyMap<string, PlanFunction>;
  readonly #results: Value[] = [];

  constructor(policy: PlanPolicy, run: Run, observer: PlanObserver) {
    this.#policy = policy;
    this.#run = run;
    this.#observer = observer;
    this.#byName = new Map(policy.functions.map((definition) => [definition.name, definition]));
    this.#byPath = new Map(
      policy.functions.map((definition) => [JSON.stringify(definition.path), definition]),
    );
  }

  /** The result set of a plan: each an object of bindings. */
  execute(blocks: readonly PlanBlock[], input: Value | undefined, data: Value): readonly Value[] {
    const frame: PlanFrame = {
      function: null,
      locals: new Locals(),
      inputPaths: new Map(),
      block: null,
      result: undefined,
    };
    frame.locals.set(inputLocal, input);
    frame.locals.set(dataLocal, data);
    this.#blocks(blocks, frame, true);
    return this.#results;
  }

  #blocks(blocks: readonly PlanBlock[], frame: PlanFrame, outermost = false): Ending {
    for (const block of blocks) {
      if (outermost) frame.block = block;
      const ending = this.#block(block, frame);
      if (ending === 'return') return ending;
      if (typeof ending === 'object' && ending.jump > 0) return { jump: ending.jump - 1 };
    }
    return 'end';
  }

  #block(block: PlanBlock, frame: PlanFrame): Ending {
    for (const statement of block.statements) {
      this.#run.step();
      const ending = this.#statement(statement, frame);
      this.#observer.executed(frame, statement, ending !== 'undefined');
      if (ending !== 'end') return ending;
    }
    return 'end';
  }

  #operand(operand: Operand, { locals }: PlanFrame): Value | undefined {
    if (operand.type === 'bool') return operand.value;
    return operand.type === 'local' ? locals.get(operand.value) : this.#policy.strings[operand.value];
  }

  #statement(statement: Statement, frame: PlanFrame): Ending {
    const { locals } = frame;
    const operand = (given: Operand): Value | undefined => this.#operand(given, frame);
    const assign = (target: number, value: Value | Draft | undefined): Ending => {
      if (value === undefined) return 'undefined';
      locals.set(target, value);
      return 'end';
    };
    switch (statement.type) {
      case 'ArrayAppendStmt':
        return this.#add(locals.draft(statement.array, 'array'), operand(statement.value));
      case 'SetAddStmt':
        return this.#add(locals.draft(statement.set, 'set'), operand(statement.value));
      case 'AssignIntStmt':
      case 'MakeNumberIntStmt':
        return assign(statement.target, statement.value);
      case 'AssignVarOnceStmt': {
        const [value, before] = [operand(statement.source), locals.get(statement.target)];
        if (value !== undefined && before !== undefined && !sameValue(value, before)) {
          throw conflict(frame, 'produced conflicting values');
        }
        return assign(statement.target, value);
      }
      case 'AssignVarStmt':
        return assign(statement.target, operand(statement.source));
      case 'BlockStmt':
        return this.#blocks(statement.blocks, frame);
      case 'BreakStmt':
        return { jump: statement.index };
      case 'CallDynamicStmt':
        return this.#callDynamic(statement, frame);
      case 'CallStmt':
        return this.#call(statement, frame);
      case 'DotStmt': {
        const [source, key] = [operand(statement.source), operand(statement.key)];
        const value = source === undefined || key === undefined ? undefined : lookup(source, key);
        this.#noteInput(statement, key, value, frame);
        return assign(statement.target, value);
      }
      case 'EqualStmt':
      case 'NotEqualStmt': {
        const [first, second] = [operand(statement.a), operand(statement.b)];
        if (first === undefined || second === undefined) return 'undefined';
        return check(sameValue(first, second) === (statement.type === 'EqualStmt'));
      }
      case 'IsArrayStmt':
        return check(isArray(operand(statement.source)));
      case 'IsDefinedStmt':
        return check(operand(statement.source) !== undefined);
      case 'IsObjectStmt':
        return check(operand(statement.source) instanceof RegoObject);
      case 'IsSetStmt':
        return check(operand(statement.source) instanceof RegoSet);
      case 'IsUndefinedStmt':
        return check(operand(statement.source) === undefined);
      case 'LenStmt':
        return assign(statement.target, lengthOf(operand(statement.source)));
      case 'MakeArrayStmt':
        return assign(statement.target, new Draft('array'));
      case 'MakeObjectStmt':
        return assign(statement.target, new Draft('object'));
      case 'MakeSetStmt':
        return assign(statement.target, new Draft('set'));
      case 'MakeNullStmt':
        return assign(statement.target, null);
      case 'MakeNumberRefStmt':
        return assign(statement.target, parseNumber(this.#policy.strings[statement.index] ?? ''));
      case 'NopStmt':
        return 'end';
      case 'NotStmt':
        return this.#not(statement.block, frame);
      case 'ObjectInsertOnceStmt':
      case 'ObjectInsertStmt': {
        const [key, value] = [operand(statement.key), operand(statement.value)];
        const draft = locals.draft(statement.object, 'object');
        if (key === undefined || value === undefined || draft === undefined) return 'undefined';
        this.#run.charge(1);
        if (draft.insert(key, value, statement.type === 'ObjectInsertOnceStmt')) return 'end';
        throw conflict(frame, 'object keys must be unique');
      }
      case 'ObjectMergeStmt': {
        const [first, second] = [locals.get(statement.a), locals.get(statement.b)];
        if (first === undefined || second === undefined) return 'undefined';
        return assign(statement.target, merged(first, second));
      }
      case 'ResetLocalStmt':
        locals.set(statement.target, undefined);
        return 'end';
      case 'ResultSetAddStmt': {
        const value = locals.get(statement.value);
        if (value !== undefined) this.#results.push(value);
        return check(value !== undefined);
      }
      case 'ReturnLocalStmt':
        frame.result = locals.get(statement.source);
        return 'return';
      case 'ScanStmt':
        return this.#scan(statement, frame);
      case 'WithStmt':
      default:
        return this.#with(statement, frame);
    }
  }

  /** Remembers which parts of the input are read and are not there. */
  #noteInput(
    { source, target }: Extract<Statement, { type: 'DotStmt' }>,
    key: Value | undefined,
    value: Value | undefined,
    frame: PlanFrame,
  ): void {
    if (source.type !== 'local' || key === undefined) return;
    const above = source.value === inputLocal ? '' : frame.inputPaths.get(source.value);
    frame.inputPaths.delete(target);
    if (above === undefined) return;
    const path = above === '' ? plainText(key) : `${above}.${plainText(key)}`;
    if (value === undefined) this.#run.missingInput.add(path);
    else frame.inputPaths.set(target, path);
  }

  #add(draft: Draft | undefined, value: Value | undefined): Ending {
    if (draft === undefined || value === undefined) return 'undefined';
    this.#run.charge(1);
    draft.add(value);
    return 'end';
  }

  #not(block: PlanBlock, frame: PlanFrame): Ending {
    const ending = this.#block(block, frame);
    if (ending === 'return') return ending;
    if (typeof ending === 'object') return ending.jump > 0 ? { jump: ending.jump - 1 } : 'end';
    return ending === 'undefined' ? 'end' : 'undefined';
  }

  #scan(statement: Extract<Statement, { type: 'ScanStmt' }>, frame: PlanFrame): Ending {
    const source = frame.locals.get(statement.source);
    let found = false;
    for (const [key, value] of source === undefined ? [] : entriesOf(source)) {
      found = true;
      frame.locals.set(statement.key, key);
      frame.locals.set(statement.value, value);
      const ending = this.#block(statement.block, frame);
      if (ending === 'return') return ending;
      if (typeof ending === 'object' && ending.jump > 0) return { jump: ending.jump - 1 };
    }
    return found ? 'end' : 'undefined';
  }

  #with(statement: Extract<Statement, { type: 'WithStmt' }>, frame: PlanFrame): Ending {
    const value = this.#operand(statement.value, frame);
    if (value === undefined) return 'undefined';
    const before = frame.locals.get(statement.local);
    const path = statement.path.map((index) => this.#policy.strings[index] ?? '');
    frame.locals.set(statement.local, upserted(before, path, value));
    const ending = this.#block(statement.block, frame);
    frame.locals.set(statement.local, before);
    if (typeof ending === 'object') return ending.jump > 0 ? { jump: ending.jump - 1 } : 'end';
    return ending;
  }

  #call(statement: Extract<Statement, { type: 'CallStmt' }>, frame: PlanFrame): Ending {
    const definition = this.#byName.get(statement.func);
    if (definition !== undefined)
      return this.#callFunction(definition, statement.args, statement.result, frame);
    const args: Value[] = [];
    for (const arg of statement.args) {
      const value = this.#operand(arg, frame);
      if (value === undefined) return 'undefined';
      args.push(value);
    }
    const recorded = this.#run.recordedCalls?.answer(statement.func, args);
    if (recorded !== undefined) {
      frame.locals.set(statement.result, recorded);
      return 'end';
    }
    const builtin = builtinFunction(statement.func);
    if (builtin === undefined) throw refuseFunction(statement.func);
    try {
      const value = builtin(args, this.#run);
      if (typeof value === 'string' || isArray(value)) this.#run.charge(value.length);
      if (value === undefined) return 'undefined';
      frame.locals.set(statement.result, value);
      return 'end';
    } catch (problem) {
      if (!(problem instanceof BuiltinProblem)) throw problem;
      this.#observer.builtinError(statement, `${statement.func}: ${problem.message}`);
      return 'undefined';
    }
  }

  #callDynamic(statement: Extract<Statement, { type: 'CallDynamicStmt' }>, frame: PlanFrame): Ending {
    const path: string[] = [];
    for (const part of statement.path) {
      const value = this.#operand(part, frame);
      if (typeof value !== 'string') return 'undefined';
      path.push(value);
    }
    // The first part of a function's path is a number of the planner's, which the call names too.
    const definition =
      this.#byPath.get(JSON.stringify(path.slice(1))) ?? this.#byPath.get(JSON.stringify(path));
    if (definition === undefined) return 'undefined';
    return this.#callFunction(definition, statement.args, statement.result, frame);
  }

  #callFunction(
    definition: PlanFunction,
    args: readonly Operand[],
    target: number,
    caller: PlanFrame,
  ): Ending {
    const frame: PlanFrame = {
      function: definition,
      locals: new Locals(),
      inputPaths: new Map(),
      block: null,
      result: undefined,
    };
    for (const [index, param] of definition.params.entries()) {
      const arg = args[index];
      frame.locals.set(param, arg === undefined ? undefined : this.#operand(arg, caller));
    }
    this.#run.deeper(() => this.#blocks(definition.blocks, frame, true));
    caller.locals.set(target, frame.result);
    return frame.result === undefined ? 'undefined' : 'end';
  }
}

function conflict(frame: PlanFrame, message: string): Halt {
  const name = frame.function === null ? 'the plan' : `rule ${dataPath(frame.function.path)}`;
  return new Halt('eval_conflict_error', `${name}: ${message}`);
}

function lengthOf(value: Value | undefined): number | undefined {
  if (typeof value === 'string') return Array.from(value).length;
  if (value instanceof RegoObject || value instanceof RegoSet) return value.size;
  return isArray(value) ? value.length : undefined;
}

/** Objects merged at every depth; elsewhere the first is kept. */
function merged(first: Value, second: Value): Value {
  if (!(first instanceof RegoObject) || !(second instanceof RegoObject)) return first;
  const entries: Entry[] = [...second.entries];
  for (const [key, value] of first.entries) {
    const other = second.get(key);
    entries.push([key, other === undefined ? value : merged(value, other)]);
  }
  return RegoObject.of(entries);
}

function upserted(document: Value | undefined, path: readonly string[], value: Value): Value {
  const [key, ...rest] = path;
  if (key === undefined) return value;
  const object = document instanceof RegoObject ? document : emptyObject;
  return object.with(key, upserted(object.get(key), rest, value));
}
