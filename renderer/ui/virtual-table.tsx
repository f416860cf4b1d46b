import { type KeyboardEvent, type ReactNode, useEffect, useId } from 'react';
import type { MenuPlace } from './menu.tsx';
import { TableHead } from './table-head.tsx';
import { TableRow } from './table-row.tsx';
import { useColumnWidths } from './use-column-widths.ts';
import { useVirtualScroll } from './use-virtual-scroll.ts';
import { useLatest } from './use-latest.ts';
import { rowAfterKey, rowHeight } from './virtual-window.ts';
import './virtual-table.css';

export interface Column<Row> {
  readonly id: string;
  readonly title: string;
  /** Pixels, until the analyst changes it. */
  readonly width: number;
  /** Takes what is left; the last column where none does. */
  readonly grows?: boolean;
  /** Its heading is a button that asks for another order. */
  readonly sortable?: boolean;
  /** Numbers stand at the end. */
  readonly align?: 'start' | 'end';
  readonly render: (row: Row) => ReactNode;
}

export interface TableSort {
  readonly column: string;
  readonly descending: boolean;
  readonly onSort: (column: string) => void;
}

interface VirtualTableProps<Row> {
  /** Names the table, and keeps its columns' widths. */
  readonly id: string;
  readonly label: string;
  readonly columns: readonly Column<Row>[];
  readonly total: number;
  /** Undefined while the row is on its way: a placeholder shows. */
  readonly rowAt: (index: number) => Row | undefined;
  /** Asked whenever other rows show; load them here (see `usePages`). */
  readonly onVisible?: (first: number, last: number) => void;
  /** The row that the keys act on. */
  readonly cursor: number;
  readonly onCursor: (index: number) => void;
  /** Enter, or a click on the row. */
  readonly onOpen?: (row: Row, index: number) => void;
  /** Menu key, Shift+F10, `f` or a right click on the row. */
  readonly onMenu?: (row: Row, place: MenuPlace, index: number) => void;
  readonly isSelected?: (row: Row) => boolean;
  /** The order of the rows, where a column is sortable. */
  readonly sort?: TableSort;
}

/** A table of any number of rows: 28 pixels each, only those in sight are drawn. */
export function VirtualTable<Row>(props: VirtualTableProps<Row>) {
  const { id, label, columns, total, rowAt, onVisible, cursor, onCursor, onOpen, onMenu, isSelected, sort } =
    props;
  const prefix = useId();
  const actions = useLatest({ onCursor, onOpen, onMenu });
  const { scroller, scale, first, last, viewport, offsetOf, show } = useVirtualScroll(total, rowHeight);
  const { template, width, resize, widthOf } = useColumnWidths(id, columns);

  useEffect(() => {
    if (last >= first) onVisible?.(first, last);
  }, [first, last, onVisible]);
  useEffect(() => {
    if (cursor < total) show(cursor);
  }, [cursor, total, show]);

  const onKeyDown = (event: KeyboardEvent<HTMLElement>): void => {
    if (event.target !== event.currentTarget || event.ctrlKey || event.metaKey || event.altKey) return;
    const target = rowAfterKey(event.key, cursor, total, viewport);
    const row = rowAt(cursor);
    if (target !== null && total > 0) onCursor(target);
    else if (event.key === 'Enter' && row !== undefined && onOpen !== undefined) onOpen(row, cursor);
    else if (opensMenu(event) && row !== undefined && onMenu !== undefined) {
      const box = document.getElementById(`${prefix}${cursor}`)?.getBoundingClientRect();
      onMenu(row, { x: (box?.left ?? 0) + 24, y: box?.bottom ?? 0 }, cursor);
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };

  const rows = Array.from({ length: Math.max(0, last - first + 1) }, (_, at) => {
    const index = first + at;
    const row = rowAt(index);
    return (
      <TableRow
        key={index}
        id={`${prefix}${index}`}
        index={index}
        row={row}
        columns={columns}
        template={template}
        offset={offsetOf(index)}
        atCursor={index === cursor}
        selected={row !== undefined && isSelected?.(row) === true}
        actions={actions}
      />
    );
  });

  return (
    <div
      ref={scroller}
      role="grid"
      aria-label={label}
      aria-rowcount={total + 1}
      aria-colcount={columns.length}
      aria-activedescendant={cursor >= first && cursor <= last ? `${prefix}${cursor}` : undefined}
      tabIndex={0}
      className="table"
      onKeyDown={onKeyDown}
    >
      <TableHead
        columns={columns}
        template={template}
        width={width}
        widthOf={widthOf}
        onResize={resize}
        sort={sort}
      />
      <div role="rowgroup" className="table-body" style={{ height: scale.height, minWidth: width }}>
        {rows}
      </div>
    </div>
  );
}

function opensMenu(event: KeyboardEvent): boolean {
  return event.key === 'ContextMenu' || event.key === 'f' || (event.key === 'F10' && event.shiftKey);
}
