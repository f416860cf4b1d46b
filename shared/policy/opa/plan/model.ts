/** Plans as `opa build -t plan` writes them (https://www.openpolicyagent.org/docs/ir). */

export type Operand =
  | { readonly type: 'local'; readonly value: number }
  | { readonly type: 'bool'; readonly value: boolean }
  | { readonly type: 'string_index'; readonly value: number };

export interface Position {
  readonly file: number;
  readonly row: number;
  readonly col: number;
}

interface Kinds {
  ArrayAppendStmt: { readonly array: number; readonly value: Operand };
  AssignIntStmt: { readonly value: number; readonly target: number };
  AssignVarOnceStmt: { readonly source: Operand; readonly target: number };
  AssignVarStmt: { readonly source: Operand; readonly target: number };
  BlockStmt: { readonly blocks: readonly PlanBlock[] };
  BreakStmt: { readonly index: number };
  CallDynamicStmt: {
    readonly path: readonly Operand[];
    readonly args: readonly Operand[];
    readonly result: number;
  };
  CallStmt: { readonly func: string; readonly args: readonly Operand[]; readonly result: number };
  DotStmt: { readonly source: Operand; readonly key: Operand; readonly target: number };
  EqualStmt: { readonly a: Operand; readonly b: Operand };
  IsArrayStmt: { readonly source: Operand };
  IsDefinedStmt: { readonly source: Operand };
  IsObjectStmt: { readonly source: Operand };
  IsSetStmt: { readonly source: Operand };
  IsUndefinedStmt: { readonly source: Operand };
  LenStmt: { readonly source: Operand; readonly target: number };
  MakeArrayStmt: { readonly target: number };
  MakeNullStmt: { readonly target: number };
  MakeNumberIntStmt: { readonly value: number; readonly target: number };
  MakeNumberRefStmt: { readonly index: number; readonly target: number };
  MakeObjectStmt: { readonly target: number };
  MakeSetStmt: { readonly target: number };
  NopStmt: object;
  NotEqualStmt: { readonly a: Operand; readonly b: Operand };
  NotStmt: { readonly block: PlanBlock };
  ObjectInsertOnceStmt: { readonly key: Operand; readonly value: Operand; readonly object: number };
  ObjectInsertStmt: { readonly key: Operand; readonly value: Operand; readonly object: number };
  ObjectMergeStmt: { readonly a: number; readonly b: number; readonly target: number };
  ResetLocalStmt: { readonly target: number };
  ResultSetAddStmt: { readonly value: number };
  ReturnLocalStmt: { readonly source: number };
  ScanStmt: {
    readonly source: number;
    readonly key: number;
    readonly value: number;
    readonly block: PlanBlock;
  };
  SetAddStmt: { readonly value: Operand; readonly set: number };
  WithStmt: {
    readonly local: number;
    readonly path: readonly number[];
    readonly value: Operand;
    readonly block: PlanBlock;
  };
}

export type StatementType = keyof Kinds;
export type Statement = {
  [Type in StatementType]: Kinds[Type] & { readonly type: Type; readonly at: Position };
}[StatementType];

export interface PlanBlock {
  readonly statements: readonly Statement[];
}

export interface PlanFunction {
  readonly name: string;
  /** Without the first part, a number of the planner's. */
  readonly path: readonly string[];
  readonly params: readonly number[];
  readonly result: number;
  readonly blocks: readonly PlanBlock[];
}

export interface Plan {
  readonly name: string;
  readonly blocks: readonly PlanBlock[];
}

export interface PlanPolicy {
  readonly strings: readonly string[];
  readonly files: readonly string[];
  readonly builtins: ReadonlySet<string>;
  readonly plans: readonly Plan[];
  readonly functions: readonly PlanFunction[];
}
