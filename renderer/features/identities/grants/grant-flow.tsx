import {
  type Edge,
  Handle,
  type Node,
  type NodeProps,
  Panel,
  Position,
  ReactFlow,
  useReactFlow,
  useStore,
} from '@xyflow/react';
import { type KeyboardEvent, useCallback, useEffect, useId, useMemo, useRef, useState } from 'react';
import type { EntitlementUsage } from '#shared/domain/usage.ts';
import { IconButton } from '../../../ui/button.tsx';
import { Icon } from '../../../ui/icon.tsx';
import { LogText } from '../../../ui/log-line.tsx';
import { formatCount } from '../../../ui/numbers.ts';
import { ShortText } from '../../../ui/short-text.tsx';
import { shortened } from '../../../ui/values.tsx';
import { type FoldNode, type ShownGraph, shownGraph } from './folded.ts';
import { type GrantNode, grantGraph } from './grant-graph.ts';
import { type Place, nodeBeside, nodeHeight, nodeWidth, placesOf } from './layout.ts';
import { riskWords } from './risk-words.ts';
import '@xyflow/react/dist/base.css';
import './grant-flow.css';

interface GrantFlowProps {
  readonly subject: string;
  readonly rows: readonly EntitlementUsage[];
}

type BoxNode = Node<
  { readonly node: GrantNode | FoldNode; readonly current: boolean; readonly domId: string },
  'box'
>;

const nodeTypes = { box: Box };
/** The text beside the graph; its table is a tab away. */
const help =
  'Arrows move along the paths and between neighbours, Enter folds and unfolds. The same stands as a table.';

/** The ways from an identity to what it may do, as a graph with one tab stop. */
export function GrantFlow({ subject, rows }: GrantFlowProps) {
  const prefix = useId();
  const graph = useMemo(() => grantGraph(subject, rows), [subject, rows]);
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const shown = useMemo(() => shownGraph(graph, open), [graph, open]);
  const places = useMemo(() => placesOf(shown), [shown]);
  const [wanted, setCursor] = useState(graph.root);
  const cursor = places.has(wanted) ? wanted : graph.root;
  const current = shown.nodes.find(({ id }) => id === cursor);
  const { nodes, edges } = useMemo(
    () => drawn(shown, places, cursor, prefix),
    [shown, places, cursor, prefix],
  );

  const activate = useCallback((node: GrantNode | FoldNode | undefined) => {
    if (node?.kind !== 'fold') return;
    setOpen((before) => {
      const next = new Set(before);
      if (!next.delete(node.id)) next.add(node.id);
      return next;
    });
  }, []);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.target !== event.currentTarget) return;
    const { key } = event;
    if (key === 'ArrowLeft' || key === 'ArrowRight' || key === 'ArrowUp' || key === 'ArrowDown') {
      setCursor(nodeBeside(cursor, key, shown, places));
    } else if (key === 'Home') setCursor(graph.root);
    else if (key === 'Enter' || key === ' ') activate(current);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <div className="grants">
      {/* Its keys are its own, and it has one tab stop (WAI-ARIA 1.2, application, which the library makes it). */}
      <ReactFlow
        className="grants-graph"
        aria-roledescription="graph"
        aria-label={`Ways to what it may do: ${formatCount(shown.nodes.length)} nodes. ${help}`}
        aria-activedescendant={current === undefined ? undefined : domIdOf(prefix, current.id)}
        tabIndex={0}
        onKeyDown={onKeyDown}
        nodes={nodes}
        edges={edges}
        nodeTypes={nodeTypes}
        fitView
        fitViewOptions={{ maxZoom: 1, minZoom: 0.4 }}
        minZoom={0.1}
        maxZoom={1.5}
        nodesDraggable={false}
        nodesConnectable={false}
        nodesFocusable={false}
        edgesFocusable={false}
        elementsSelectable={false}
        disableKeyboardA11y
        deleteKeyCode={null}
        selectionKeyCode={null}
        onlyRenderVisibleElements={shown.nodes.length > 150}
        // A link out of the console leads nowhere; the library is named among the dependencies.
        proOptions={{ hideAttribution: true }}
        onNodeClick={(_event, { data }) => {
          setCursor(data.node.id);
          activate(data.node);
        }}
      >
        <View cursor={cursor} place={places.get(cursor)} />
      </ReactFlow>
      <p className="grants-current" aria-live="polite">
        {current === undefined ? null : <Current node={current} />}
        {shown.left === 0 ? null : (
          <span className="muted">
            {' '}
            · {formatCount(shown.left)} more stand in the table: the graph would be too large
          </span>
        )}
      </p>
    </div>
  );
}

/** Keeps what the keys are at in sight, and zooms. */
function View({ cursor, place }: { readonly cursor: string; readonly place: Place | undefined }) {
  const flow = useReactFlow();
  const width = useStore((state) => state.width);
  const height = useStore((state) => state.height);
  const shown = useRef(cursor);
  useEffect(() => {
    if (shown.current === cursor || place === undefined) return;
    shown.current = cursor;
    // What is in sight stays where it is.
    const { x, y, zoom } = flow.getViewport();
    const [left, top] = [place.x * zoom + x, place.y * zoom + y];
    const isIn =
      left >= 0 && left + nodeWidth * zoom <= width && top >= 0 && top + nodeHeight * zoom <= height;
    if (isIn) return;
    void flow.setCenter(place.x + nodeWidth / 2, place.y + nodeHeight / 2, {
      zoom: Math.max(0.6, flow.getZoom()),
    });
  }, [cursor, place, flow, width, height]);
  return (
    <Panel position="top-right" className="grants-zoom">
      <IconButton icon="plus" label="Larger" onClick={() => void flow.zoomIn()} />
      <IconButton icon="minus" label="Smaller" onClick={() => void flow.zoomOut()} />
      <IconButton icon="columns" label="Show all of it" onClick={() => void flow.fitView({ maxZoom: 1 })} />
    </Panel>
  );
}

function Current({ node }: { readonly node: GrantNode | FoldNode }) {
  if (node.kind === 'fold') {
    return (
      <>
        <LogText text={`${node.label}: ${node.note}`} />.{' '}
        {node.isOpen ? 'Enter folds it.' : 'Enter unfolds it.'}
      </>
    );
  }
  return (
    <>
      <strong>
        <LogText text={shortened(node.whole, 160)} />
      </strong>{' '}
      <LogText text={node.note} />
      {node.risks.length === 0 ? null : <span className="grants-risk"> · {riskWords(node.risks)}</span>}
    </>
  );
}

function Box({ data: { node, current, domId } }: NodeProps<BoxNode>) {
  const isFold = node.kind === 'fold';
  const kind = isFold ? node.of : node.kind;
  return (
    <div
      id={domId}
      role="img"
      aria-label={`${node.label}, ${node.note}${node.risks.length === 0 ? '' : `, ${riskWords(node.risks)}`}`}
      className={`grant-box ${kind}${isFold ? ' fold' : ''}${current ? ' current' : ''}`}
    >
      <Handle type="target" position={Position.Left} isConnectable={false} />
      <Handle type="source" position={Position.Right} isConnectable={false} />
      <span className="grant-label">
        {isFold ? (
          <span className={node.isOpen ? 'grant-twist open' : 'grant-twist'}>
            <Icon name="right" />
          </span>
        ) : null}
        <span className="grant-name">
          <ShortText whole={node.label} shown={shortened(node.label, 26)} />
        </span>
        {node.risks.length === 0 ? null : (
          <span className="grants-risk">
            <Icon name="warning" />
          </span>
        )}
      </span>
      <span className="grant-note">
        <ShortText whole={node.note} shown={shortened(node.note, 36)} />
      </span>
    </div>
  );
}

function domIdOf(prefix: string, id: string): string {
  return `${prefix}${encodeURIComponent(id)}`;
}

function drawn(
  shown: ShownGraph,
  places: ReadonlyMap<string, Place>,
  cursor: string,
  prefix: string,
): { readonly nodes: BoxNode[]; readonly edges: Edge[] } {
  return {
    nodes: shown.nodes.map((node) => ({
      id: node.id,
      type: 'box',
      position: places.get(node.id) ?? { x: 0, y: 0 },
      width: nodeWidth,
      height: nodeHeight,
      data: { node, current: node.id === cursor, domId: domIdOf(prefix, node.id) },
    })),
    edges: shown.links.map(({ from, to, limit }) => ({
      id: `${from}\n${to}`,
      source: from,
      target: to,
      className: [limit ? 'limit' : '', from === cursor || to === cursor ? 'current' : ''].join(' ').trim(),
    })),
  };
}
