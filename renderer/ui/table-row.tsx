import { type MouseEvent, type RefObject, memo } from 'react';
import type { MenuPlace } from './menu.tsx';
import type { Column } from './virtual-table.tsx';

interface TableRowProps<Row> {
  readonly id: string;
  readonly index: number;
  readonly row: Row | undefined;
  readonly columns: readonly Column<Row>[];
  readonly template: string;
  /** Pixels from the top of the scroll area. */
  readonly offset: number;
  readonly atCursor: boolean;
  readonly selected: boolean;
  /** What a pointer does, as the table has it when it is done. */
  readonly actions: RefObject<RowActions<Row>>;
}

export interface RowActions<Row> {
  readonly onCursor: (index: number) => void;
  readonly onOpen?: ((row: Row, index: number) => void) | undefined;
  readonly onMenu?: ((row: Row, place: MenuPlace, index: number) => void) | undefined;
}

/** Drawn again only when it is another row: while an answer is on its way the table stays as it is. */
export const TableRow = memo(PlainRow) as typeof PlainRow;

/** One row of a virtual table. Its keys are the table's own; a pointer acts on the row. */
function PlainRow<Row>(props: TableRowProps<Row>) {
  const { id, index, row, columns, template, offset, atCursor, selected, actions } = props;

  const onClick = (event: MouseEvent): void => {
    if (event.defaultPrevented) return;
    const { onCursor, onOpen } = actions.current;
    onCursor(index);
    // Text that was just selected in the row is meant to be copied.
    if (row !== undefined && document.getSelection()?.isCollapsed !== false) onOpen?.(row, index);
  };
  const onContextMenu = (event: MouseEvent): void => {
    const { onCursor, onMenu } = actions.current;
    if (event.defaultPrevented || row === undefined || onMenu === undefined) return;
    event.preventDefault();
    onCursor(index);
    onMenu(row, { x: event.clientX, y: event.clientY }, index);
  };

  return (
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/interactive-supports-focus
    <div
      id={id}
      role="row"
      aria-rowindex={index + 2}
      aria-selected={selected}
      className={`table-row${atCursor ? ' at-cursor' : ''}${selected ? ' selected' : ''}`}
      style={{ transform: `translateY(${offset}px)`, gridTemplateColumns: template }}
      onClick={onClick}
      onContextMenu={onContextMenu}
    >
      {columns.map((column, position) => (
        <div
          key={column.id}
          role="gridcell"
          aria-colindex={position + 1}
          className={column.align === 'end' ? 'table-cell end' : 'table-cell'}
        >
          {row === undefined ? <span className="table-pending" /> : column.render(row)}
        </div>
      ))}
    </div>
  );
}
