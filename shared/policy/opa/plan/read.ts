import { arrayAt, isObject, type Json, type JsonObject, objectAt } from '../../../domain/json.ts';
import type {
  Operand,
  Plan,
  PlanBlock,
  PlanFunction,
  PlanPolicy,
  Statement,
  StatementType,
} from './model.ts';

/** What a statement's fields hold. */
type Field = 'local' | 'operand' | 'operands' | 'integer' | 'integers' | 'text' | 'block' | 'blocks';

const fields: Readonly<Record<StatementType, Readonly<Record<string, Field>>>> = {
  ArrayAppendStmt: { array: 'local', value: 'operand' },
  AssignIntStmt: { value: 'integer', target: 'local' },
  AssignVarOnceStmt: { source: 'operand', target: 'local' },
  AssignVarStmt: { source: 'operand', target: 'local' },
  BlockStmt: { blocks: 'blocks' },
  BreakStmt: { index: 'integer' },
  CallDynamicStmt: { path: 'operands', args: 'operands', result: 'local' },
  CallStmt: { func: 'text', args: 'operands', result: 'local' },
  DotStmt: { source: 'operand', key: 'operand', target: 'local' },
  EqualStmt: { a: 'operand', b: 'operand' },
  IsArrayStmt: { source: 'operand' },
  IsDefinedStmt: { source: 'operand' },
  IsObjectStmt: { source: 'operand' },
  IsSetStmt: { source: 'operand' },
  IsUndefinedStmt: { source: 'operand' },
  LenStmt: { source: 'operand', target: 'local' },
  MakeArrayStmt: { target: 'local' },
  MakeNullStmt: { target: 'local' },
  MakeNumberIntStmt: { value: 'integer', target: 'local' },
  MakeNumberRefStmt: { index: 'integer', target: 'local' },
  MakeObjectStmt: { target: 'local' },
  MakeSetStmt: { target: 'local' },
  NopStmt: {},
  NotEqualStmt: { a: 'operand', b: 'operand' },
  NotStmt: { block: 'block' },
  ObjectInsertOnceStmt: { key: 'operand', value: 'operand', object: 'local' },
  ObjectInsertStmt: { key: 'operand', value: 'operand', object: 'local' },
  ObjectMergeStmt: { a: 'local', b: 'local', target: 'local' },
  ResetLocalStmt: { target: 'local' },
  ResultSetAddStmt: { value: 'local' },
  ReturnLocalStmt: { source: 'local' },
  ScanStmt: { source: 'local', key: 'local', value: 'local', block: 'block' },
  SetAddStmt: { value: 'operand', set: 'local' },
  WithStmt: { local: 'local', path: 'integers', value: 'operand', block: 'block' },
};

/** More locals than any plan has: slots are an array. */
const mostLocals = 1_000_000;
const greatestDepth = 500;

export class PlanProblem extends Error {}

/** Reads a plan. Throws `PlanProblem` where it is not one that OPA writes. */
export function readPlan(json: unknown): PlanPolicy {
  if (!isObject(json)) throw new PlanProblem('not an object');
  const fixed = objectAt(json, 'static') ?? {};
  const strings = arrayAt(fixed, 'strings').map((entry) => {
    const value = isObject(entry) ? entry['value'] : undefined;
    if (typeof value !== 'string') throw new PlanProblem('a string constant has no value');
    return value;
  });
  return {
    strings,
    files: arrayAt(fixed, 'files').map((entry) => (isObject(entry) ? textAt(entry, 'value') : '')),
    builtins: new Set(arrayAt(fixed, 'builtin_funcs').map(nameAt)),
    plans: arrayAt(objectAt(json, 'plans'), 'plans').map(
      (entry): Plan => ({ name: nameAt(entry), blocks: blocksAt(entry, 'blocks', 0) }),
    ),
    functions: arrayAt(objectAt(json, 'funcs'), 'funcs').map((entry): PlanFunction => {
      if (!isObject(entry)) throw new PlanProblem('a function is no object');
      const path = arrayAt(entry, 'path').filter((part) => typeof part === 'string');
      return {
        name: nameAt(entry),
        path: path.slice(1),
        params: arrayAt(entry, 'params').map(local),
        result: local(entry['return']),
        blocks: blocksAt(entry, 'blocks', 0),
      };
    }),
  };
}

function nameAt(entry: Json): string {
  return isObject(entry) ? textAt(entry, 'name') : '';
}

function textAt(entry: JsonObject, key: string): string {
  const value = entry[key];
  return typeof value === 'string' ? value : '';
}

function integer(value: Json | undefined): number {
  if (typeof value !== 'number' || !Number.isInteger(value))
    throw new PlanProblem('a whole number is missing');
  return value;
}

function local(value: Json | undefined): number {
  const index = integer(value);
  if (index < 0 || index > mostLocals) throw new PlanProblem('a local variable out of range');
  return index;
}

/** Plans of older versions give arguments as plain numbers. */
function operand(value: Json | undefined): Operand {
  if (typeof value === 'number') return { type: 'local', value: local(value) };
  if (!isObject(value)) throw new PlanProblem('an operand is missing');
  const { type } = value;
  const content = value['value'];
  if (type === 'local') return { type, value: local(content) };
  if (type === 'string_index') return { type, value: integer(content) };
  if (type === 'bool' && typeof content === 'boolean') return { type, value: content };
  throw new PlanProblem(`an operand of unknown type ${JSON.stringify(type)}`);
}

function blocksAt(entry: Json, key: string, depth: number): PlanBlock[] {
  return (isObject(entry) ? arrayAt(entry, key) : []).map((block) => blockOf(block, depth));
}

function blockOf(value: Json | undefined, depth: number): PlanBlock {
  if (depth > greatestDepth) throw new PlanProblem('nested too deeply');
  if (!isObject(value)) throw new PlanProblem('a block is missing');
  return { statements: arrayAt(value, 'stmts').map((entry) => statementOf(entry, depth + 1)) };
}

function isStatementType(type: unknown): type is StatementType {
  return typeof type === 'string' && Object.hasOwn(fields, type);
}

function statementOf(entry: Json, depth: number): Statement {
  if (!isObject(entry)) throw new PlanProblem('a statement is no object');
  const type = entry['type'];
  const content = objectAt(entry, 'stmt') ?? {};
  if (!isStatementType(type)) throw new PlanProblem(`unknown statement ${JSON.stringify(type)}`);
  const number = (key: string): number => {
    const value = content[key] ?? entry[key];
    return typeof value === 'number' ? value : 0;
  };
  const read: Record<string, unknown> = {
    type,
    at: { file: number('file'), row: number('row'), col: number('col') },
  };
  for (const [name, kind] of Object.entries(fields[type])) read[name] = fieldOf(kind, content[name], depth);
  return read as unknown as Statement;
}

function fieldOf(kind: Field, value: Json | undefined, depth: number): unknown {
  switch (kind) {
    case 'local':
      return local(value);
    case 'operand':
      return operand(value);
    case 'operands':
      return listOf(value).map(operand);
    case 'integer':
      return integer(value);
    case 'integers':
      return listOf(value).map(integer);
    case 'text':
      if (typeof value !== 'string') throw new PlanProblem('a name is missing');
      return value;
    case 'block':
      return blockOf(value, depth);
    case 'blocks':
    default:
      return listOf(value).map((block) => blockOf(block, depth));
  }
}

function listOf(value: Json | undefined): readonly Json[] {
  if (value === null || value === undefined) return [];
  if (!Array.isArray(value)) throw new PlanProblem('a list is missing');
  return value;
}
