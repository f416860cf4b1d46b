import { useCallback, useDeferredValue, useState } from 'react';
import {
  type EntitlementUsage,
  type UsageReport,
  type UsageState,
  usageStates,
} from '#shared/domain/usage.ts';
import { useCase, useConsole } from '../../../state/context.ts';
import { Input } from '../../../ui/field.tsx';
import { LogText } from '../../../ui/log-line.tsx';
import { formatCount } from '../../../ui/numbers.ts';
import { ShortText } from '../../../ui/short-text.tsx';
import { EmptyState, ErrorState, Loading } from '../../../ui/states.tsx';
import { usePages } from '../../../ui/use-pages.ts';
import { Count, Time, shortened } from '../../../ui/values.tsx';
import { type Column, VirtualTable } from '../../../ui/virtual-table.tsx';
import { riskWords } from '../grants/risk-words.ts';
import { usageWords } from '../usage-words.ts';
import { UsageStates } from './usage-states.tsx';

/** As the contract has it. */
const mostText = 2_000;

interface PermissionsPartProps {
  readonly subject: string;
  readonly asOf: string | null;
}

/** What it is granted, beside what the log shows used, not used, or cannot show. */
export function PermissionsPart({ subject, asOf }: PermissionsPartProps) {
  return (
    <UsageStates subject={subject} asOf={asOf} limit={1}>
      {({ counts }) => <Permissions subject={subject} asOf={asOf} counts={counts} />}
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

function Permissions({ subject, asOf, counts }: PermissionsPartProps & Pick<UsageReport, 'counts'>) {
  const { bridge } = useConsole();
  const revision = useCase((one) => one.summary?.revision ?? 0);
  const [state, setState] = useState<UsageState | null>(null);
  const [text, setText] = useState('');
  const wanted = useDeferredValue(text).trim();
  const load = useCallback(
    (offset: number, limit: number, signal: AbortSignal) =>
      bridge.request('usage.run', { subject, asOf, usage: state, text: wanted, offset, limit }, { signal }),
    [bridge, subject, asOf, state, wanted],
  );
  const { total, error, rowAt, onVisible, reload } = usePages<EntitlementUsage>(load, revision);
  const question = JSON.stringify([state, wanted]);
  const [kept, setCursor] = useState({ of: question, at: 0 });
  const all = usageStates.reduce((sum, candidate) => sum + counts[candidate], 0);
  return (
    <div className="story-part">
      <div className="story-bar">
        <Input
          className="identities-text"
          aria-label="Part of the action or resource"
          placeholder="Action or resource"
          value={text}
          maxLength={mostText}
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
              {usageWords[candidate]} <span className="numeric">{formatCount(counts[candidate])}</span>
            </button>
          ))}
        </div>
        <span className="muted">
          {total === null ? '' : `${formatCount(total)} of `}
          {formatCount(all)} permissions
        </span>
      </div>
      {error === null ? null : (
        <ErrorState what="What it was granted could not be listed" error={error} onRetry={reload} />
      )}
      {error === null && total === null ? <Loading what="its permissions" /> : null}
      {error === null && total === 0 ? (
        <EmptyState title="No permission is like that">
          Change the text or the use that is asked for.
        </EmptyState>
      ) : null}
      {error === null && total !== null && total > 0 ? (
        <VirtualTable
          id="permissions"
          label="Granted and used"
          columns={columns}
          total={total}
          rowAt={rowAt}
          onVisible={onVisible}
          cursor={kept.of === question ? Math.min(kept.at, total - 1) : 0}
          onCursor={(at) => setCursor({ of: question, at })}
        />
      ) : null}
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
