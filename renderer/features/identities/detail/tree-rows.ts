import type { LineageNode } from '#shared/domain/lineage.ts';

/** So many children of a node stand in the tree until more are asked for. */
export const childStep = 50;

/** A line of the tree: a node, or the wish for more children of one. */
export interface TreeRow {
  /** The places of the node and its ancestors among their siblings, e.g. `0.2.1`. */
  readonly path: string;
  readonly level: number;
  readonly position: number;
  readonly siblings: number;
  /** Null for the line that brings more children of its parent. */
  readonly node: LineageNode | null;
  /** Children that do not stand in the tree yet; for that line alone. */
  readonly hidden: number;
}

export interface TreeState {
  /** Paths of nodes whose children are folded away. */
  readonly closed: ReadonlySet<string>;
  /** Children that stand in the tree, by the parent's path, where it is more than usual. */
  readonly shown: ReadonlyMap<string, number>;
}

/** The lines that stand in the tree now, from above. */
export function treeRows(roots: readonly LineageNode[], { closed, shown }: TreeState): TreeRow[] {
  const rows: TreeRow[] = [];
  const add = (nodes: readonly LineageNode[], parent: string, level: number): void => {
    const most = shown.get(parent) ?? childStep;
    const hidden = Math.max(0, nodes.length - most);
    for (const [position, node] of nodes.slice(0, most).entries()) {
      const path = parent === '' ? String(position) : `${parent}.${position}`;
      rows.push({ path, level, position, siblings: nodes.length, node, hidden: 0 });
      if (!closed.has(path)) add(node.children, path, level + 1);
    }
    if (hidden > 0) {
      rows.push({
        path: `${parent}+`,
        level,
        position: most,
        siblings: nodes.length,
        node: null,
        hidden,
      });
    }
  };
  add(roots, '', 1);
  return rows;
}

/** The path of the node above; empty for a root. */
export function parentOf(path: string): string {
  return path.endsWith('+') ? path.slice(0, -1) : path.slice(0, Math.max(0, path.lastIndexOf('.')));
}
