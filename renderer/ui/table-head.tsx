import type { KeyboardEvent } from 'react';
import { followDrag } from './drag.ts';

interface HeadColumn {
  readonly id: string;
  readonly title: string;
  readonly width: number;
  readonly align?: 'start' | 'end';
}

interface TableHeadProps {
  readonly columns: readonly HeadColumn[];
  readonly template: string;
  readonly width: number;
  readonly widthOf: (column: HeadColumn) => number;
  readonly onResize: (column: string, width: number) => void;
}

/** The names of the columns, with a handle each that changes the width by pointer or arrow keys. */
export function TableHead({ columns, template, width, widthOf, onResize }: TableHeadProps) {
  return (
    <div role="rowgroup" className="table-head" style={{ minWidth: width }}>
      <div role="row" aria-rowindex={1} className="table-head-row" style={{ gridTemplateColumns: template }}>
        {columns.map((column, position) => (
          <div
            key={column.id}
            role="columnheader"
            aria-colindex={position + 1}
            className={column.align === 'end' ? 'table-cell end' : 'table-cell'}
          >
            <span className="ellipsis">{column.title}</span>
            {position === columns.length - 1 ? null : (
              <Handle column={column} width={widthOf(column)} onResize={onResize} />
            )}
          </div>
        ))}
      </div>
    </div>
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
