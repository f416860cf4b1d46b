import type { ConditionNode } from './trace.ts';

/** A condition as text in one form: the order of keys, values and parts makes no difference, nor does the case of keys. */
export function canonicalCondition(node: ConditionNode): string {
  if (node.op === 'leaf') {
    if (node.operator === undefined || node.key === undefined) return node.expr;
    const values: readonly unknown[] = Array.isArray(node.expected) ? node.expected : [node.expected];
    const texts = [...new Set(values.map((value) => String(value)))].toSorted();
    return `${node.operator.toLowerCase()} ${node.key.toLowerCase()} ${JSON.stringify(texts)}`;
  }
  const parts = partsOf(node, node.op);
  const [first] = parts;
  if (node.op !== 'not' && parts.length === 1 && first !== undefined) return first;
  return `${node.op}(${parts.join(', ')})`;
}

/** The parts in order; those of parts of the same kind among them. */
function partsOf({ children = [] }: ConditionNode, op: ConditionNode['op']): string[] {
  const texts = children.flatMap((child) =>
    child.op === op && op !== 'not' ? partsOf(child, op) : [canonicalCondition(child)],
  );
  return [...new Set(texts)].toSorted();
}
