import { Graph, layout } from '@dagrejs/dagre';
import type { ShownGraph } from './folded.ts';

export const nodeWidth = 208;
export const nodeHeight = 48;

export interface Place {
  readonly x: number;
  readonly y: number;
}

/** Where each node stands: from left to right by rank, so that lines cross as little as can be (dagre). */
export function placesOf({ nodes, links }: ShownGraph): ReadonlyMap<string, Place> {
  const graph = new Graph();
  graph.setGraph({ rankdir: 'LR', nodesep: 12, ranksep: 64, marginx: 12, marginy: 12 });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const { id } of nodes) graph.setNode(id, { width: nodeWidth, height: nodeHeight });
  for (const { from, to } of links) graph.setEdge(from, to);
  layout(graph);
  return new Map(
    nodes.map(({ id }) => {
      const place = graph.node(id) as { readonly x: number; readonly y: number };
      return [id, { x: place.x - nodeWidth / 2, y: place.y - nodeHeight / 2 }];
    }),
  );
}

/** The node that an arrow leads to: the nearest in that direction; itself where there is none. */
export function nodeBeside(
  from: string,
  key: 'ArrowLeft' | 'ArrowRight' | 'ArrowUp' | 'ArrowDown',
  shown: ShownGraph,
  places: ReadonlyMap<string, Place>,
): string {
  const here = places.get(from);
  if (here === undefined) return from;
  const across = key === 'ArrowLeft' || key === 'ArrowRight';
  const candidates = across
    ? shown.links.flatMap((link) =>
        key === 'ArrowRight' && link.from === from
          ? link.to
          : key === 'ArrowLeft' && link.to === from
            ? link.from
            : [],
      )
    : shown.nodes
        .map(({ id }) => id)
        .filter((id) => {
          const place = places.get(id);
          if (place === undefined || Math.abs(place.x - here.x) > nodeWidth / 2) return false;
          return key === 'ArrowDown' ? place.y > here.y : place.y < here.y;
        });
  const distance = (id: string): number => Math.abs((places.get(id)?.y ?? 0) - here.y);
  return candidates.toSorted((one, other) => distance(one) - distance(other))[0] ?? from;
}
