import { useState } from 'react';
import {
  type EntitlementUsage,
  type UsageReport,
  type UsageState,
  usageStates,
} from '#shared/domain/usage.ts';
import { useHref } from '../../../state/context.ts';
import { useRequest } from '../../../state/use-request.ts';
import { Button } from '../../../ui/button.tsx';
import { LogText } from '../../../ui/log-line.tsx';
import { formatCount } from '../../../ui/numbers.ts';
import { SimpleTable } from '../../../ui/simple-table.tsx';
import { ErrorState, Loading } from '../../../ui/states.tsx';
import { Count, Time, shortened } from '../../../ui/values.tsx';
import { usageWords } from '../usage-words.ts';

const step = 25;
const none: UsageReport['counts'] = { used: 0, 'not-used': 0, 'cannot-know': 0 };

interface UsageSectionProps {
  readonly subject: string;
  readonly asOf: string | null;
}

/** What the policies in force give it, beside what the log shows used; nothing where the case has no bundle. */
export function UsageSection({ subject, asOf }: UsageSectionProps) {
  const { value: bundles } = useRequest('bundles.list', {});
  const hasBundle =
    bundles?.some(({ system }) => system === 'aws-iam' || system === 'kubernetes-rbac') ?? false;
  const { value, error, reload } = useRequest('usage.run', hasBundle ? { subject, asOf, limit: 1 } : null);
  const toBundles = useHref({ view: 'traces', tab: 'bundles', selected: null });
  const [wanted, setWanted] = useState<UsageState | null>(null);
  const [shown, setShown] = useState(step);
  const counts = value?.counts ?? none;
  const state = wanted ?? usageStates.find((candidate) => counts[candidate] > 0) ?? 'used';
  const chosen = useRequest(
    'usage.run',
    value === null || value.total === 0 ? null : { subject, asOf, usage: state, limit: shown },
  );
  if (bundles === null) return null;
  return (
    <section aria-label="Granted and used">
      <h3>Granted and used</h3>
      {hasBundle ? null : (
        <p className="muted">
          The case has no policy bundle that tells what was granted.{' '}
          <a href={toBundles}>Add one with its time in force.</a>
        </p>
      )}
      {error === null ? null : (
        <ErrorState what="What it was granted could not be listed" error={error} onRetry={reload} />
      )}
      {hasBundle && value === null && error === null ? <Loading what="its permissions" /> : null}
      {value === null || error !== null ? null : value.total === 0 ? (
        <p className="muted">The bundle in force gives it nothing, or does not know it.</p>
      ) : (
        <>
          <div className="story-choices" role="group" aria-label="Use">
            {usageStates.map((candidate) => (
              <button
                key={candidate}
                type="button"
                className="button"
                aria-pressed={candidate === state}
                disabled={counts[candidate] === 0}
                onClick={() => {
                  setWanted(candidate);
                  setShown(step);
                }}
              >
                {usageWords[candidate]} <span className="numeric">{formatCount(counts[candidate])}</span>
              </button>
            ))}
          </div>
          {chosen.error === null ? null : (
            <ErrorState
              what="What it was granted could not be listed"
              error={chosen.error}
              onRetry={chosen.reload}
            />
          )}
          {chosen.value === null ? null : <UsageTable rows={chosen.value.rows} />}
          {counts[state] > shown ? (
            <Button onClick={() => setShown(shown + 8 * step)}>
              Show more of {formatCount(counts[state])}
            </Button>
          ) : null}
        </>
      )}
    </section>
  );
}

function UsageTable({ rows }: { readonly rows: readonly EntitlementUsage[] }) {
  return (
    <SimpleTable
      label="Granted and used"
      rows={rows}
      keyOf={({ entitlement }) => entitlement.key}
      empty="None."
      columns={[
        {
          title: 'Action',
          width: 168,
          render: ({ entitlement }) => <Pattern text={entitlement.action.pattern} />,
        },
        {
          title: 'Resource',
          width: 168,
          render: ({ entitlement }) => <Pattern text={entitlement.resource.pattern} />,
        },
        {
          title: 'Last used',
          width: 148,
          render: ({ lastUsed }) => (lastUsed === null ? '–' : <Time value={lastUsed} to="minute" />),
        },
        { title: 'Used', width: 56, align: 'end', render: ({ count }) => <Count value={count} /> },
        { title: 'Denied', width: 60, align: 'end', render: ({ denied }) => <Count value={denied} /> },
        { title: 'Why', width: 360, render: ({ why }) => <span title={why}>{why}</span> },
      ]}
    />
  );
}

function Pattern({ text }: { readonly text: string }) {
  return (
    <span className="mono" title={text}>
      <LogText text={shortened(text, 40)} />
    </span>
  );
}
