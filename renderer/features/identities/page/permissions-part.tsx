import { useDeferredValue, useMemo, useState } from 'react';
import type { EntitlementUsage, UsageReport, UsageState } from '#shared/domain/usage.ts';
import { Input } from '../../../ui/field.tsx';
import { LogText } from '../../../ui/log-line.tsx';
import { formatCount } from '../../../ui/numbers.ts';
import { ShortText } from '../../../ui/short-text.tsx';
import { EmptyState } from '../../../ui/states.tsx';
import { Count, Time, shortened } from '../../../ui/values.tsx';
import { type Column, VirtualTable } from '../../../ui/virtual-table.tsx';
import { riskWords } from '../grants/risk-words.ts';
import { usageStates, usageWords } from '../usage-words.ts';
import { UsageStates } from './usage-states.tsx';

interface PermissionsPartProps {
  readonly subject: string;
  readonly asOf: string | null;
}

/** What it is granted, beside what the log shows used, not used, or cannot show. */
export function PermissionsPart({ subject, asOf }: PermissionsPartProps) {
  return (
    <UsageStates subject={subject} asOf={asOf}>
      {(report) => <Permissions report={report} />}
    </UsageStates>
  );
}

const columns: readonly Column<EntitlementUsage>[] = [
  {
    id: 'usage',
    title: 'Use',
    width: 100,
    render: ({ usage }) => usageWords[usage],
  },
  {
    id: 'action',
    title: 'Action',
    width: 220,
    render: ({ entitlement }) => <Pattern text={entitlement.action.pattern} />,
  },
  {
    id: 'level',
    title: 'Level',
    width: 148,
    render: ({ entitlement }) => entitlement.action.level ?? '–',
  },
  {
    id: 'resource',
    title: 'Resource',
    width: 240,
    render: ({ entitlement }) => <Pattern text={entitlement.resource.pattern} />,
  },
  {
    id: 'condition',
    title: 'Condition',
    width: 140,
    render: ({ entitlement }) => <LogText text={entitlement.condition?.expr ?? entitlement.conditionality} />,
  },
  {
    id: 'lastUsed',
    title: 'Last used',
    width: 148,
    render: ({ lastUsed }) => (lastUsed === null ? '–' : <Time value={lastUsed} to="minute" />),
  },
  { id: 'count', title: 'Used', width: 64, align: 'end', render: ({ count }) => <Count value={count} /> },
  {
    id: 'denied',
    title: 'Denied',
    width: 64,
    align: 'end',
    render: ({ denied }) => <Count value={denied} />,
  },
  {
    id: 'risks',
    title: 'Risks',
    width: 180,
    render: ({ entitlement }) => riskWords(entitlement.risks),
  },
  { id: 'why', title: 'Why', width: 360, grows: true, render: ({ why }) => <span title={why}>{why}</span> },
];

function Permissions({ report: { rows, total } }: { readonly report: UsageReport }) {
  const [state, setState] = useState<UsageState | null>(null);
  const [text, setText] = useState('');
  const [at, setAt] = useState(0);
  const wanted = useDeferredValue(text).trim().toLowerCase();
  const chosen = useMemo(
    () =>
      rows.filter(
        ({ usage, entitlement }) =>
          (state === null || usage === state) &&
          (wanted === '' ||
            entitlement.action.pattern.toLowerCase().includes(wanted) ||
            entitlement.resource.pattern.toLowerCase().includes(wanted)),
      ),
    [rows, state, wanted],
  );
  return (
    <div className="story-part">
      <div className="story-bar">
        <Input
          className="identities-text"
          aria-label="Part of the action or resource"
          placeholder="Action or resource"
          value={text}
          onChange={({ target }) => setText(target.value)}
        />
        <div className="story-shape" role="group" aria-label="Use">
          {usageStates.map((candidate) => (
            <button
              key={candidate}
              type="button"
              className="button"
              aria-pressed={candidate === state}
              onClick={() => setState(candidate === state ? null : candidate)}
            >
              {usageWords[candidate]}{' '}
              <span className="numeric">
                {formatCount(rows.filter(({ usage }) => usage === candidate).length)}
              </span>
            </button>
          ))}
        </div>
        <span className="muted">
          {formatCount(chosen.length)} of {formatCount(total)} permissions
          {total > rows.length ? `; the first ${formatCount(rows.length)} are looked through` : ''}
        </span>
      </div>
      {chosen.length === 0 ? (
        <EmptyState title="No permission is like that">
          Change the text or the use that is asked for.
        </EmptyState>
      ) : (
        <VirtualTable
          id="permissions"
          label="Granted and used"
          columns={columns}
          total={chosen.length}
          rowAt={(index) => chosen[index]}
          cursor={Math.min(at, chosen.length - 1)}
          onCursor={setAt}
        />
      )}
    </div>
  );
}

function Pattern({ text }: { readonly text: string }) {
  return (
    <span className="mono">
      <ShortText whole={text} shown={shortened(text, 48)} />
    </span>
  );
}
