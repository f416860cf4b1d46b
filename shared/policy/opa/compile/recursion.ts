import type { Block, Definition, Operation, Pattern } from './code.ts';
import { dataPath } from '../value/print.ts';
import type { TreeNode } from './tree.ts';

/** Rules that depend on themselves, which OPA refuses. */
export function findRecursion(
  tree: TreeNode,
  definitions: readonly Definition[],
): { readonly definition: Definition; readonly message: string }[] {
  const dependencies = new Map<Definition, readonly Definition[]>();
  for (const definition of definitions) {
    const found = new Set<Definition>();
    for (const branch of definition.branches) collectBlock(branch.block, tree, found);
    dependencies.set(definition, [...found]);
  }
  const problems: { definition: Definition; message: string }[] = [];
  const state = new Map<Definition, 'open' | 'done'>();
  for (const start of definitions) {
    // Depth first with an own stack: chains of rules may be long.
    const stack: { definition: Definition; next: number }[] = [{ definition: start, next: 0 }];
    if (state.has(start)) continue;
    state.set(start, 'open');
    while (stack.length > 0) {
      const top = stack.at(-1);
      if (top === undefined) break;
      const child = dependencies.get(top.definition)?.[top.next++];
      if (child === undefined) {
        state.set(top.definition, 'done');
        stack.pop();
      } else if (state.get(child) === 'open') {
        const from = stack.findIndex(({ definition }) => definition === child);
        const cycle = [...stack.slice(from).map(({ definition }) => name(definition)), name(child)];
        problems.push({
          definition: child,
          message: `rule ${name(child)} is recursive: ${cycle.join(' -> ')}`,
        });
      } else if (!state.has(child)) {
        state.set(child, 'open');
        stack.push({ definition: child, next: 0 });
      }
    }
  }
  return problems;
}

function name(definition: Definition): string {
  return dataPath(definition.path);
}

function collectBlock(block: Block, tree: TreeNode, found: Set<Definition>): void {
  for (const { operation } of block.instructions) collectOperation(operation, tree, found);
}

function collectOperation(operation: Operation, tree: TreeNode, found: Set<Definition>): void {
  switch (operation.kind) {
    case 'ref':
      if (operation.root.kind === 'data') collectPath(tree, operation.path, 0, found);
      return;
    case 'call':
      if (operation.callee.kind === 'function') {
        collectPath(
          tree,
          operation.callee.path.map((value) => ({ kind: 'value', value })),
          0,
          found,
        );
      }
      return;
    case 'comprehension':
    case 'not':
    case 'every':
      collectBlock(operation.body, tree, found);
      return;
    case 'logical':
      collectBlock(operation.left, tree, found);
      collectBlock(operation.right, tree, found);
      return;
    case 'with':
      collectBlock(operation.body, tree, found);
      for (const { replacement } of operation.modifiers) {
        if (replacement.kind === 'callee') {
          collectOperation({ kind: 'call', callee: replacement.callee, args: [], out: null }, tree, found);
        }
      }
      return;
    case 'template':
      for (const part of operation.parts) if (typeof part !== 'string') collectBlock(part.body, tree, found);
      return;
    case 'unify':
    case 'holds':
  }
}

/** Definitions that a reference may reach: a key that only evaluation finds may be any. */
function collectPath(node: TreeNode, path: readonly Pattern[], at: number, found: Set<Definition>): void {
  if (node.parts !== null) {
    for (const part of node.parts) if (mayMatch(node, part, path.slice(at))) found.add(part);
    return;
  }
  if (node.rule !== null) {
    for (const definition of node.rule.definitions) found.add(definition);
    if (node.rule.fallback !== null) found.add(node.rule.fallback);
  }
  const key = path[at];
  if (key?.kind === 'value') {
    const child = typeof key.value === 'string' ? node.children.get(key.value) : undefined;
    if (child !== undefined) collectPath(child, path, at + 1, found);
  } else for (const child of node.children.values()) collectPath(child, path, at + 1, found);
}

function mayMatch(node: TreeNode, part: Definition, path: readonly Pattern[]): boolean {
  const [branch] = part.branches;
  const fixed = part.path.slice(node.path.length).map((value): Pattern => ({ kind: 'value', value }));
  const keys = [...fixed, ...(branch?.keys ?? [])];
  return keys.every((key, index) => {
    const wanted = path[index];
    if (wanted?.kind !== 'value' || key.kind !== 'value') return true;
    return wanted.value === key.value;
  });
}
