import type { ConditionNode, Layer, Step } from '../../../domain/trace.ts';
import { shortened } from '../trace/descriptions.ts';
import type { StepsResult } from '../trace/steps.ts';
import { dataPath } from '../value/print.ts';
import type { PlanFrame, PlanObserver } from './interpreter.ts';
import type { PlanBlock, PlanFunction, PlanPolicy, Position, Statement } from './model.ts';

/** What became of one block of a function: a rule's definition, as the planner lays them out. */
interface BlockRecord {
  readonly function: PlanFunction;
  readonly index: number;
  evaluations: number;
  held: boolean;
  /** The statement that was undefined farthest on. */
  failed: Statement | null;
  progress: number;
}

/** Statements that give a rule its value: where one is executed, the definition held. */
const results: ReadonlySet<Statement['type']> = new Set([
  'AssignVarOnceStmt',
  'SetAddStmt',
  'ObjectInsertOnceStmt',
  'ObjectInsertStmt',
]);

/** Collects the trace of a plan's execution. */
export class PlanRecorder implements PlanObserver {
  readonly errors = new Map<string, Statement>();
  readonly #policy: PlanPolicy;
  readonly #records = new Map<PlanBlock, BlockRecord>();
  readonly #order = new Map<Statement, number>();

  constructor(policy: PlanPolicy) {
    this.#policy = policy;
    for (const definition of policy.functions) for (const block of definition.blocks) this.#number(block);
  }

  #number(block: PlanBlock): void {
    for (const statement of block.statements) {
      this.#order.set(statement, this.#order.size);
      if ('block' in statement) this.#number(statement.block);
      if ('blocks' in statement) for (const inner of statement.blocks) this.#number(inner);
    }
  }

  executed(frame: PlanFrame, statement: Statement, defined: boolean): void {
    const { function: definition, block } = frame;
    if (definition === null || block === null) return;
    let record = this.#records.get(block);
    if (record === undefined) {
      const index = definition.blocks.indexOf(block);
      record = { function: definition, index, evaluations: 0, held: false, failed: null, progress: -1 };
      this.#records.set(block, record);
    }
    if (block.statements[0] === statement) record.evaluations++;
    const progress = this.#order.get(statement) ?? 0;
    if (defined) record.held ||= results.has(statement.type);
    else if (progress > record.progress) {
      record.progress = progress;
      record.failed = statement;
    }
  }

  builtinError(statement: Statement, message: string): void {
    if (this.errors.size < 20 && !this.errors.has(message)) this.errors.set(message, statement);
  }

  /** File and row of a position, as far as the plan tells them. */
  place({ file, row, col }: Position): { readonly path: string; readonly locator: string } {
    return { path: this.#policy.files[file] ?? 'plan.json', locator: row > 0 ? `${row}:${col}` : '' };
  }

  /** `sourceOf` gives a line of a source file that the bundle has. */
  steps(
    path: readonly string[],
    effect: 'allow' | 'deny',
    decision: Layer['outcome'],
    sourceOf: (path: string, row: number) => string | null,
  ): StepsResult {
    const records = [...this.#records.values()].filter(({ function: { blocks }, index }) =>
      isDefinition(blocks[index]),
    );
    const decides = ({ function: { path: own } }: BlockRecord): boolean =>
      path.every((key, index) => own[index] === key);
    const steps = new Map(
      records.map((record, index) => [record, this.#step(record, index, effect, sourceOf)]),
    );
    const stepsAmong = (list: readonly BlockRecord[]): Step[] =>
      list.flatMap((record) => steps.get(record) ?? []);
    const deciding = records.filter(decides);
    const supporting = records.filter((record) => !decides(record));
    const holding = deciding.filter(({ held }) => held);
    const layers: Layer[] = [];
    if (deciding.length > 0) {
      const outcome = holding.length === 0 ? 'no-match' : decision;
      const role = effect === 'deny' ? 'guard' : 'grant';
      layers.push({ name: 'rule', label: dataPath(path), role, outcome, steps: stepsAmong(deciding) });
    }
    if (supporting.length > 0) {
      layers.push({
        name: 'dependencies',
        label: 'rules that the decision uses',
        role: 'limit',
        outcome: supporting.some(({ held }) => held) ? 'allow' : 'no-match',
        steps: stepsAmong(supporting),
      });
    }
    return {
      layers,
      determining: [...new Set(holding.map((record) => this.#title(record)))],
      determiningSteps: stepsAmong(holding).map(({ id }) => id),
      onlyDefaults: holding.every(isDefault),
      cut: false,
    };
  }

  #title({ function: definition, index }: BlockRecord): string {
    const { path, locator } = this.place(positionOf(definition.blocks[index]));
    return `${dataPath(definition.path)} (${path}:${locator.split(':')[0] ?? ''})`;
  }

  #step(
    record: BlockRecord,
    index: number,
    effect: 'allow' | 'deny',
    sourceOf: (path: string, row: number) => string | null,
  ): Step {
    const { function: definition, held, failed, evaluations } = record;
    const place = this.place(positionOf(definition.blocks[record.index]));
    const condition = failed === null || held ? undefined : this.#condition(failed, sourceOf);
    return {
      id: `s${index + 1}`,
      ref: { ...place, policyId: dataPath(definition.path), index: record.index },
      effect,
      matched: held,
      ...(isDefault(record)
        ? { note: 'default' }
        : evaluations > 1
          ? { note: `evaluated ${evaluations} times` }
          : {}),
      tests: condition === undefined ? {} : { condition },
    };
  }

  #condition(failed: Statement, sourceOf: (path: string, row: number) => string | null): ConditionNode {
    const { path, locator } = this.place(failed.at);
    const source = sourceOf(path, failed.at.row);
    const missing = failed.type === 'DotStmt' || failed.type === 'CallStmt' || failed.type === 'ScanStmt';
    return {
      op: 'leaf',
      expr: source === null ? `${path}:${locator}` : shortened(source),
      operator: failed.type,
      result: missing ? 'missing' : 'false',
      why: `${failed.type} at ${path}:${locator} is undefined`,
    };
  }
}

/** Blocks that only make, move on or return the result are no definitions. */
function isDefinition(block: PlanBlock | undefined): boolean {
  if (block === undefined || block.statements[0]?.type === 'IsDefinedStmt') return false;
  return block.statements.some(({ type }) => !bookkeeping.has(type));
}

const bookkeeping: ReadonlySet<Statement['type']> = new Set([
  'MakeArrayStmt',
  'MakeObjectStmt',
  'MakeSetStmt',
  'ResetLocalStmt',
  'ReturnLocalStmt',
  'NopStmt',
]);

/** The default is assigned where nothing else was. */
function isDefault({ function: { blocks }, index }: BlockRecord): boolean {
  return blocks[index]?.statements[0]?.type === 'IsUndefinedStmt';
}

/** Where the block's first statement that tells a row stands. */
function positionOf(block: PlanBlock | undefined): Position {
  return block?.statements.find(({ at }) => at.row > 0)?.at ?? { file: -1, row: 0, col: 0 };
}
