import type { ConditionNode } from '../domain/trace.ts';
import type { ConditionTree } from './boolean-expression.ts';

export type LeafResult =
  | { readonly result: 'true' | 'false' | 'unknown'; readonly why?: string }
  | { readonly result: 'error'; readonly why: string };

type Described = Partial<Pick<ConditionNode, 'key' | 'operator' | 'expected' | 'actual'>>;

/** What is known of the leaves of one condition. */
export interface Leaves {
  result(leaf: number): LeafResult;
  describe(leaf: number): Described;
}

/**
 * Puts the results of the leaves together as engines evaluate: from left to right, `&&` ends with the first
 * false, `||` with the first true, an error ends everything; what was not reached is `skipped`
 * (https://docs.cedarpolicy.com/policies/syntax-operators.html).
 */
export function resolveCondition(tree: ConditionTree, leaves: Leaves): ConditionNode {
  const { op, expr } = tree;
  if (op === 'leaf') return { op, expr, ...leaves.describe(tree.leaf), ...leaves.result(tree.leaf) };
  if (op === 'not') {
    const child = resolveCondition(tree.children[0], leaves);
    return { op, expr, result: negated[child.result], children: [child] };
  }
  const ends = op === 'all' ? 'false' : 'true';
  const children: ConditionNode[] = [];
  let result: ConditionNode['result'] = op === 'all' ? 'true' : 'false';
  let over = false;
  for (const part of tree.children) {
    const child: ConditionNode = over ? skipped(part) : resolveCondition(part, leaves);
    children.push(child);
    if (over || result === 'unknown') continue;
    over = child.result === ends || child.result === 'error';
    if (over || child.result === 'unknown') result = child.result;
  }
  return { op, expr, result, children };
}

/** Whether a condition is certainly not satisfied, although parts of it are unknown. */
export function cannotHold(node: ConditionNode): boolean {
  if (node.result !== 'unknown') return node.result !== 'true';
  if (node.op === 'all') return (node.children ?? []).some(cannotHold);
  return node.op === 'any' && (node.children ?? []).every(cannotHold);
}

const negated: Record<ConditionNode['result'], ConditionNode['result']> = {
  true: 'false',
  false: 'true',
  error: 'error',
  missing: 'missing',
  unknown: 'unknown',
  skipped: 'skipped',
};

function skipped(tree: ConditionTree): ConditionNode {
  const { op, expr } = tree;
  if (op === 'leaf') return { op, expr, result: 'skipped' };
  return { op, expr, result: 'skipped', children: tree.children.map(skipped) };
}
