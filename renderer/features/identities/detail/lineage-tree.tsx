import { type KeyboardEvent, useId, useMemo, useState } from 'react';
import { shortResource } from '#shared/domain/event-sentence.ts';
import type { LineageNode } from '#shared/domain/lineage.ts';
import { useConsole, useHref } from '../../../state/context.ts';
import { useRevoke } from '../../../state/use-revoke.ts';
import { EntityLink } from '../../../ui/entity-link.tsx';
import { Icon } from '../../../ui/icon.tsx';
import { formatCount } from '../../../ui/numbers.ts';
import { ShortId, Time } from '../../../ui/values.tsx';
import { type TreeRow, type TreeState, childStep, parentOf, treeRows } from './tree-rows.ts';

/**
 * Credentials and sessions below those that made them (WAI-ARIA 1.2, tree): up and down move, right opens, left
 * closes or leads to the parent, Enter shows the credential, r revokes it.
 */
export function LineageTree({ roots }: { readonly roots: readonly LineageNode[] }) {
  const prefix = useId();
  const { address } = useConsole();
  const revoke = useRevoke();
  const [state, setState] = useState<TreeState>({ closed: new Set(), shown: new Map() });
  const [cursor, setCursor] = useState('0');
  const rows = useMemo(() => treeRows(roots, state), [roots, state]);
  const at = Math.max(
    0,
    rows.findIndex(({ path }) => path === cursor),
  );

  const fold = (path: string, close: boolean): void => {
    const closed = new Set(state.closed);
    if (close) closed.add(path);
    else closed.delete(path);
    setState({ ...state, closed });
  };
  const open = ({ node, path }: TreeRow): void => {
    if (node === null) {
      const parent = parentOf(path);
      const shown = (state.shown.get(parent) ?? childStep) + 4 * childStep;
      setState({ ...state, shown: new Map(state.shown).set(parent, shown) });
    } else if (node.credential !== null) {
      address.getState().go({
        view: 'identities',
        selected: { kind: 'credential', id: node.credential.id },
      });
    }
  };
  const onKeyDown = (event: KeyboardEvent<HTMLElement>): void => {
    const row = rows[at];
    if (event.target !== event.currentTarget || row === undefined) return;
    const { path, node } = row;
    const isOpen = !state.closed.has(path);
    const hasChildren = node !== null && node.children.length > 0;
    const targets: Readonly<Record<string, number>> = {
      ArrowDown: at + 1,
      j: at + 1,
      ArrowUp: at - 1,
      k: at - 1,
      Home: 0,
      End: rows.length - 1,
    };
    const target = targets[event.key];
    if (target !== undefined) setCursor(rows[Math.max(0, Math.min(rows.length - 1, target))]?.path ?? '0');
    else if (event.key === 'ArrowRight' && hasChildren && !isOpen) fold(path, false);
    else if (event.key === 'ArrowRight' && hasChildren) setCursor(`${path}.0`);
    else if (event.key === 'ArrowLeft' && hasChildren && isOpen) fold(path, true);
    else if (event.key === 'ArrowLeft') setCursor(parentOf(path) === '' ? path : parentOf(path));
    else if (event.key === 'Enter') open(row);
    else if (event.key === 'r' && revoke !== null && node?.credential) {
      revoke([{ kind: 'credential', id: node.credential.id }]);
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <div
      role="tree"
      aria-label="What descends from the credential"
      className="tree"
      tabIndex={0}
      aria-activedescendant={`${prefix}${rows[at]?.path}`}
      onKeyDown={onKeyDown}
    >
      {rows.map((row, index) => (
        // Its keys are the tree's own.
        // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/interactive-supports-focus
        <div
          key={row.path}
          id={`${prefix}${row.path}`}
          role="treeitem"
          aria-level={row.level}
          aria-posinset={row.position + 1}
          aria-setsize={row.siblings}
          aria-selected={index === at}
          aria-expanded={
            row.node === null || row.node.children.length === 0 ? undefined : !state.closed.has(row.path)
          }
          className={index === at ? 'tree-item at-cursor' : 'tree-item'}
          style={{ paddingLeft: row.level * 16 - 8 }}
          onClick={() => {
            setCursor(row.path);
            if (row.node === null) open(row);
            else if (row.node.children.length > 0) fold(row.path, !state.closed.has(row.path));
          }}
        >
          {row.node === null ? (
            `${formatCount(row.hidden)} more …`
          ) : (
            <NodeLine node={row.node} open={!state.closed.has(row.path)} />
          )}
        </div>
      ))}
    </div>
  );
}

function NodeLine({ node, open }: { readonly node: LineageNode; readonly open: boolean }) {
  const { credential, holder, madeBy, events, denied, first, subjects, children } = node;
  const origin = useHref({
    view: 'events',
    query: '',
    from: null,
    to: null,
    selected: madeBy === null ? null : { kind: 'event', id: madeBy.event },
  });
  const who = holder ?? subjects[0];
  return (
    <>
      <span className={open ? 'tree-twist open' : 'tree-twist'}>
        {children.length === 0 ? null : <Icon name="right" />}
      </span>
      {credential === null ? (
        'session'
      ) : (
        <EntityLink field="credential.id" value={credential.id} length={20} inGrid />
      )}
      {who === undefined ? null : <ShortId value={shortResource(who)} length={32} />}
      <span className="muted numeric">
        {formatCount(events)} {events === 1 ? 'event' : 'events'}
        {denied === 0 ? '' : `, ${formatCount(denied)} denied`}
      </span>
      {madeBy === null ? null : (
        <a
          href={origin}
          tabIndex={-1}
          title={madeBy.subject === null ? undefined : `by ${madeBy.subject}`}
          onClick={(event) => event.stopPropagation()}
        >
          {madeBy.operation ?? 'made'}
        </a>
      )}
      {first === null ? null : <Time value={first} to="second" />}
    </>
  );
}
