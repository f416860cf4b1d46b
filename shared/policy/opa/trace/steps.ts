import type { Decision, Layer, Step } from '../../../domain/trace.ts';
import { dataPath } from '../value/print.ts';
import { conditionOf } from './conditions.ts';
import type { Descriptions } from './descriptions.ts';
import type { BranchRecord, Recorder } from './recorder.ts';

const mostSteps = 2000;

export interface StepsInput {
  readonly recorder: Recorder;
  readonly descriptions: Descriptions;
  /** The path that was asked for: rules there and below decide, the others support them. */
  readonly path: readonly string[];
  readonly effect: 'allow' | 'deny';
  readonly decision: Decision;
}

export interface StepsResult {
  readonly layers: readonly Layer[];
  readonly determining: readonly string[];
  readonly determiningSteps: readonly string[];
  /** Nothing but defaults held. */
  readonly onlyDefaults: boolean;
  readonly cut: boolean;
}

/** The rules of the decision and those that they depend on, as steps. */
export function stepsOf({ recorder, descriptions, path, effect, decision }: StepsInput): StepsResult {
  const records = [...recorder.records.values()].toSorted(
    (first, second) => first.definition.id - second.definition.id || branchIndex(first) - branchIndex(second),
  );
  const decides = ({ definition }: BranchRecord): boolean =>
    definition.kind !== 'function' &&
    path.every((key, index) => index >= definition.path.length || definition.path[index] === key) &&
    (definition.path.length >= path.length || definition.branches.some(({ keys }) => keys.length > 0));
  const deciding = records.filter(decides);
  const supporting = records.filter((record) => !decides(record));
  const kept = [...deciding, ...supporting].slice(0, mostSteps);
  const steps = new Map(kept.map((record, index) => [record, stepOf(record, index, descriptions, effect)]));
  const stepsAmong = (list: readonly BranchRecord[]): Step[] =>
    list.flatMap((record) => steps.get(record) ?? []);
  const holding = deciding.filter((record) => record.held > 0);
  const layers: Layer[] = [];
  if (deciding.length > 0) {
    layers.push({
      name: 'rule',
      label: dataPath(path),
      role: effect === 'deny' ? 'guard' : 'grant',
      outcome: holding.length === 0 ? 'no-match' : decision === 'indeterminate' ? 'unknown' : decision,
      steps: stepsAmong(deciding),
    });
  }
  if (supporting.length > 0) {
    layers.push({
      name: 'dependencies',
      label: 'rules that the decision uses',
      role: 'limit',
      outcome: supporting.some(({ held }) => held > 0) ? 'allow' : 'no-match',
      steps: stepsAmong(supporting),
    });
  }
  return {
    layers,
    determining: [
      ...new Set(holding.map(({ definition, branch }) => descriptions.of(definition, branch).title)),
    ],
    determiningSteps: stepsAmong(holding).map(({ id }) => id),
    onlyDefaults: holding.every(({ definition }) => definition.isDefault),
    cut: records.length > kept.length,
  };
}

function branchIndex({ definition, branch }: BranchRecord): number {
  return definition.branches.indexOf(branch);
}

function stepOf(
  record: BranchRecord,
  index: number,
  descriptions: Descriptions,
  effect: 'allow' | 'deny',
): Step {
  const { definition, branch, held, evaluations, error } = record;
  const description = descriptions.of(definition, branch);
  const condition = conditionOf(record, description);
  const notes = [
    description.head,
    ...(definition.isDefault ? ['default'] : []),
    ...(evaluations > 1 ? [`held in ${held} of ${evaluations} evaluations`] : []),
    ...(error === null ? [] : [`not needed, and would have failed: ${error}`]),
  ];
  return {
    id: `s${index + 1}`,
    ref: description.ref,
    effect,
    matched: held > 0,
    note: notes.join('; '),
    tests: condition === undefined ? {} : { condition },
  };
}
