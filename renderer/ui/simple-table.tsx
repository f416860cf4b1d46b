import { type ReactNode, useLayoutEffect, useRef, useState } from 'react';
import './simple-table.css';

interface SimpleColumn<Row> {
  readonly title: string;
  /** Numbers stand at the end. */
  readonly align?: 'end';
  /** Pixels; the columns without one share what is left. */
  readonly width?: number;
  readonly render: (row: Row) => ReactNode;
}

interface SimpleTableProps<Row> {
  readonly label: string;
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row) => string;
  readonly columns: readonly SimpleColumn<Row>[];
  /** Said in place of a table without rows. */
  readonly empty: string;
}

/** A short table that shows whole, its texts cut where there is no room. For long ones see `VirtualTable`. */
export function SimpleTable<Row>({ label, rows, keyOf, columns, empty }: SimpleTableProps<Row>) {
  const place = useRef<HTMLDivElement>(null);
  const [scrolls, setScrolls] = useState(false);
  const isEmpty = rows.length === 0;
  useLayoutEffect(() => {
    const element = place.current;
    if (element === null || isEmpty) return undefined;
    const observer = new ResizeObserver(() => setScrolls(element.scrollWidth > element.clientWidth));
    observer.observe(element);
    return () => observer.disconnect();
  }, [isEmpty]);
  if (isEmpty) return <p className="simple-empty">{empty}</p>;
  return (
    // Where it is wider than its place it scrolls, so the keys must reach it.
    <div
      ref={place}
      className="simple-table"
      {...(scrolls ? { role: 'group', tabIndex: 0, 'aria-label': `${label}, scrolls sideways` } : {})}
    >
      <table aria-label={label}>
        <thead>
          <tr>
            {columns.map(({ title, align, width }) => (
              <th key={title} scope="col" className={align} style={{ width }}>
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={keyOf(row)}>
              {columns.map(({ title, align, render }) => (
                <td key={title} className={align}>
                  {render(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
