import { type ReactNode, useState } from 'react';
import { IconButton } from './button.tsx';
import './chart-frame.css';

/** The numbers of a chart: a heading each column, the first column names the row. */
export interface ChartTable {
  readonly columns: readonly string[];
  readonly rows: readonly { readonly key: string; readonly cells: readonly ReactNode[] }[];
}

interface ChartFrameProps {
  readonly title: string;
  /** What the chart says, in a sentence or two, for those who do not see it. */
  readonly summary: string;
  /** Beside the title. */
  readonly note?: ReactNode;
  readonly legend?: ReactNode;
  readonly table: () => ChartTable;
  readonly children: ReactNode;
}

/** A chart with its words and with its numbers as a table, one key press away. */
export function ChartFrame({ title, summary, note, legend, table, children }: ChartFrameProps) {
  const [asTable, setAsTable] = useState(false);
  return (
    <figure className="chart" aria-label={title}>
      <figcaption className="chart-head">
        <h2>{title}</h2>
        <span className="visually-hidden">{summary}</span>
        {note === undefined ? null : <span className="chart-note">{note}</span>}
        <span className="chart-legend">{legend}</span>
        <IconButton
          icon="table"
          label={asTable ? `${title} as chart` : `${title} as table`}
          aria-pressed={asTable}
          onClick={() => setAsTable(!asTable)}
        />
      </figcaption>
      {asTable ? <ChartNumbers title={title} {...table()} /> : children}
    </figure>
  );
}

function ChartNumbers({ title, columns, rows }: ChartTable & { readonly title: string }) {
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- scrolls, so keys must reach it
    <section className="chart-numbers" tabIndex={0} aria-label={`${title}: numbers`}>
      <table>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column} scope="col">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ key, cells: [name, ...cells] }) => (
            <tr key={key}>
              <th scope="row">{name}</th>
              {cells.map((cell, at) => (
                <td key={columns[at + 1]}>{cell}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
