import { useState } from 'react';
import type { UsageReport } from '#shared/domain/usage.ts';
import { formatCount } from '../../../ui/numbers.ts';
import { GrantFlow } from '../grants/grant-flow.tsx';
import { PathsTable } from './paths-table.tsx';
import { UsageStates } from './usage-states.tsx';

/** So many permissions are laid out as a graph. */
const most = 5_000;

interface PathsPartProps {
  readonly subject: string;
  readonly asOf: string | null;
}

/** How it got what it may do: as a graph, or as the table behind it. */
export function PathsPart({ subject, asOf }: PathsPartProps) {
  return (
    <UsageStates subject={subject} asOf={asOf} limit={most}>
      {(report) => <Paths subject={subject} report={report} />}
    </UsageStates>
  );
}

function Paths({ subject, report }: { readonly subject: string; readonly report: UsageReport }) {
  const [asTable, setAsTable] = useState(false);
  const { rows, total } = report;
  return (
    <div className="story-part">
      <div className="story-bar">
        <div className="story-shape" role="group" aria-label="Shown as">
          <button type="button" className="button" aria-pressed={!asTable} onClick={() => setAsTable(false)}>
            Graph
          </button>
          <button type="button" className="button" aria-pressed={asTable} onClick={() => setAsTable(true)}>
            Table
          </button>
        </div>
        <span className="muted">
          {formatCount(total)} {total === 1 ? 'permission' : 'permissions'}
          {total > rows.length ? `, the first ${formatCount(rows.length)} of them here` : ''}. Dashed lines
          lead to what limits a permission.
        </span>
      </div>
      {asTable ? <PathsTable rows={rows} /> : <GrantFlow subject={subject} rows={rows} />}
    </div>
  );
}
