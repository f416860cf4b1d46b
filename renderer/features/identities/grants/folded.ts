import type { GrantGraph, GrantLink, GrantNode, GrantNodeKind } from './grant-graph.ts';

/** Many of one kind below one node, folded into one. */
export interface FoldNode {
  readonly id: string;
  readonly kind: 'fold';
  readonly of: GrantNodeKind;
  readonly label: string;
  readonly note: string;
  readonly count: number;
  readonly isOpen: boolean;
  readonly risks: GrantNode['risks'];
}

export interface ShownGraph {
  readonly nodes: readonly (GrantNode | FoldNode)[];
  readonly links: readonly GrantLink[];
  /** Nodes that stand nowhere, since the graph would be too large. */
  readonly left: number;
}

/** More than so many of one kind below one node are folded. */
const mostBeside = 8;
/** More permissions of one group (such as a service) than this are folded. */
const mostOfGroup = 3;
/** Beyond this a graph is a picture of nothing. */
const mostNodes = 300;

/**
 * The part of the graph that is in sight: from the identity, with what is many folded together unless it is open.
 * What is reached in two ways stands once, and is in sight if one of them is.
 */
export function shownGraph({ root, nodes, links }: GrantGraph, open: ReadonlySet<string>): ShownGraph {
  const below = Map.groupBy(links, ({ from }) => from);
  const shown = new Map<string, GrantNode | FoldNode>();
  const drawn: GrantLink[] = [];
  let left = 0;

  const draw = (
    from: string,
    to: GrantNode | FoldNode,
    link: Pick<GrantLink, 'label' | 'limit'>,
  ): boolean => {
    const isNew = !shown.has(to.id);
    if (isNew && shown.size >= mostNodes) {
      left += to.kind === 'fold' ? to.count : 1;
      return false;
    }
    shown.set(to.id, to);
    drawn.push({ from, to: to.id, label: link.label, limit: link.limit });
    return isNew;
  };

  const first = nodes.get(root);
  if (first === undefined) return { nodes: [], links: [], left: 0 };
  shown.set(root, first);
  const waiting = [root];
  for (let parent = waiting.shift(); parent !== undefined; parent = waiting.shift()) {
    for (const { fold, members } of bundled(parent, below.get(parent) ?? [], nodes, open)) {
      let from = parent;
      if (fold !== null) {
        draw(parent, fold, members[0]?.link ?? { label: '', limit: false });
        if (!fold.isOpen || !shown.has(fold.id)) continue;
        from = fold.id;
      }
      for (const { node, link } of members) {
        if (draw(from, node, link)) waiting.push(node.id);
      }
    }
  }
  return { nodes: [...shown.values()], links: drawn, left };
}

interface Member {
  readonly node: GrantNode;
  readonly link: GrantLink;
}

interface Bundle {
  /** Null where they stand each for itself. */
  readonly fold: FoldNode | null;
  readonly members: readonly Member[];
}

/** What stands below a node: by kind, permissions by their group too. */
function bundled(
  parent: string,
  links: readonly GrantLink[],
  nodes: GrantGraph['nodes'],
  open: ReadonlySet<string>,
): Bundle[] {
  const members = links.flatMap((link): Member[] => {
    const node = nodes.get(link.to);
    return node === undefined ? [] : [{ node, link }];
  });
  const groups = Map.groupBy(members, ({ node }) =>
    node.kind === 'permission' ? `permission ${node.group ?? ''}` : node.kind,
  );
  return [...groups].map(([name, own]): Bundle => {
    const [one] = own;
    const most = one?.node.kind === 'permission' && groups.size > 1 ? mostOfGroup : mostBeside;
    if (one === undefined || own.length <= most) return { fold: null, members: own };
    const id = `fold ${parent}\n${name}`;
    const risks = [...new Set(own.flatMap(({ node }) => node.risks))];
    const used = own.filter(({ node }) => node.usage === 'used').length;
    const isPermission = one.node.kind === 'permission';
    return {
      fold: {
        id,
        kind: 'fold',
        of: one.node.kind,
        label: isPermission ? (one.node.group ?? 'permissions') : plurals[one.node.kind],
        note: isPermission ? `${own.length} permissions, ${used} used` : `${own.length} folded together`,
        count: own.length,
        isOpen: open.has(id),
        risks,
      },
      members: own,
    };
  });
}

const plurals: Readonly<Record<GrantNodeKind, string>> = {
  identity: 'identities',
  holder: 'groups and roles',
  policy: 'policies',
  statement: 'statements',
  permission: 'permissions',
  limit: 'limits',
};
