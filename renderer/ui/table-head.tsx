import type { KeyboardEvent } from 'react';
import { followDrag } from './drag.ts';
import type { TableSort } from './virtual-table.tsx';

interface HeadColumn {
  readonly id: string;
  readonly title: string;
  readonly width: number;
  readonly align?: 'start' | 'end';
  readonly sortable?: boolean;
}

interface TableHeadProps {
  readonly columns: readonly HeadColumn[];
  readonly template: string;
  readonly width: number;
  readonly widthOf: (column: HeadColumn) => number;
  readonly onResize: (column: string, width: number) => void;
  readonly sort: TableSort | undefined;
}

/** The names of the columns, with a handle each that changes the width by pointer or arrow keys. */
export function TableHead({ columns, template, width, widthOf, onResize, sort }: TableHeadProps) {
  return (
    <div role="rowgroup" className="table-head" style={{ minWidth: width }}>
      <div role="row" aria-rowindex={1} className="table-head-row" style={{ gridTemplateColumns: template }}>
        {columns.map((column, position) => (
          <div
            key={column.id}
            role="columnheader"
            aria-colindex={position + 1}
            aria-sort={
              column.sortable !== true || sort?.column !== column.id
                ? undefined
                : sort.descending
                  ? 'descending'
                  : 'ascending'
            }
            className={column.align === 'end' ? 'table-cell end' : 'table-cell'}
          >
            <Title column={column} sort={sort} />
            {position === columns.length - 1 ? null : (
              <Handle column={column} width={widthOf(column)} onResize={onResize} />
            )}
          </div>
        ))}
      </div>
    </div>
  );
}

/** A column's name; where it can be sorted by, a button with the present order. */
function Title({ column, sort }: { readonly column: HeadColumn; readonly sort: TableSort | undefined }) {
  if (column.sortable !== true || sort === undefined) return <span className="ellipsis">{column.title}</span>;
  return (
    <button type="button" className="table-sort" onClick={() => sort.onSort(column.id)}>
      {column.title}
      <span aria-hidden="true">{sort.column !== column.id ? '' : sort.descending ? ' ↓' : ' ↑'}</span>
    </button>
  );
}

interface HandleProps {
  readonly column: HeadColumn;
  readonly width: number;
  readonly onResize: (column: string, width: number) => void;
}

function Handle({ column, width, onResize }: HandleProps) {
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') return;
    event.preventDefault();
    event.stopPropagation();
    onResize(column.id, width + (event.key === 'ArrowLeft' ? -16 : 16));
  };
  return (
    // A separator that can be moved is a control (WAI-ARIA 1.2, separator).
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <span
      role="separator"
      aria-orientation="vertical"
      aria-label={`Width of ${column.title}`}
      aria-valuenow={Math.round(width)}
      aria-valuemin={48}
      aria-valuemax={1600}
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
      tabIndex={0}
      className="table-handle"
      onPointerDown={(event) => followDrag(event, (distance) => onResize(column.id, width + distance))}
      onKeyDown={onKeyDown}
    />
  );
}
