import { useMemo } from 'react';
import type { Finding } from '#shared/domain/finding.ts';
import { useAddress, useCase, useCommands, useConsole } from '../../state/context.ts';
import { useSharedRequest } from '../../state/use-shared-request.ts';
import { Button } from '../../ui/button.tsx';
import { formatCount } from '../../ui/numbers.ts';
import { SeverityMark } from '../../ui/severity-mark.tsx';
import { EmptyState, ErrorState, Loading } from '../../ui/states.tsx';
import { Toolbar } from '../../ui/toolbar.tsx';
import { FindingsTable } from './findings-table.tsx';
import { countOf, inOrder, worstFirst } from './order.ts';
import './findings.css';

/** What somebody has to look at, the worst first; the tab of the address is the severity that is shown alone. */
export function FindingsView() {
  const { address, commands } = useConsole();
  const tab = useAddress((state) => state.tab);
  const isEmpty = useCase((state) => state.summary?.events === 0);
  const { value, error, loading, reload } = useSharedRequest('findings.run', {});
  const found = useMemo(() => inOrder(value?.findings ?? []), [value]);
  const severity = worstFirst.find((candidate) => candidate === tab) ?? null;
  const shown = severity === null ? found : found.filter((finding) => finding.severity === severity);
  useCommands(
    useMemo(
      () =>
        worstFirst.map((candidate) => ({
          id: `findings.${candidate}`,
          title: `Show findings of severity ${candidate}`,
          group: 'Findings',
          run: () => address.getState().go({ tab: candidate }),
        })),
      [address],
    ),
  );

  if (isEmpty) {
    return (
      <EmptyState
        title="This case has no events yet"
        actions={
          <Button look="primary" onClick={() => commands.getState().run('evidence.import')}>
            Import logs
          </Button>
        }
      >
        The detection rules that come with Rescind look through the events of the case.
      </EmptyState>
    );
  }
  return (
    <>
      <Toolbar title="Findings">
        {value === null ? null : <Severities findings={found} current={severity} />}
      </Toolbar>
      {error === null ? null : (
        <ErrorState what="The rules could not be run" error={error} onRetry={reload} />
      )}
      {value === null && error === null ? <Loading what="the findings" /> : null}
      {value === null || error !== null ? null : (
        <>
          <p className="findings-note">
            {formatCount(value.rules)} rules looked through the events
            {value.unreadable === 0
              ? ''
              : `; ${formatCount(value.unreadable)} events could not be read again and were not looked at`}
            {value.problems.length === 0 ? '' : `; ${value.problems.length} rules were not understood`}
            {loading ? ' · running again …' : ''}
          </p>
          {shown.length === 0 ? <None severity={severity} /> : <FindingsTable findings={shown} />}
        </>
      )}
    </>
  );
}

interface SeveritiesProps {
  readonly findings: readonly Finding[];
  readonly current: Finding['severity'] | null;
}

/** How many there are of each severity; each shows its own alone. */
function Severities({ findings, current }: SeveritiesProps) {
  const { address } = useConsole();
  return (
    <div className="findings-severities" role="group" aria-label="Severity">
      {worstFirst.map((severity) => {
        const count = countOf(findings, severity);
        return (
          <button
            key={severity}
            type="button"
            className="button"
            disabled={count === 0 && severity !== current}
            aria-pressed={severity === current}
            onClick={() => address.getState().go({ tab: severity === current ? null : severity })}
          >
            <SeverityMark severity={severity} />
            <span className="numeric">{formatCount(count)}</span>
          </button>
        );
      })}
    </div>
  );
}

function None({ severity }: { readonly severity: Finding['severity'] | null }) {
  const { address } = useConsole();
  if (severity === null) {
    return (
      <EmptyState title="No rule found anything">
        That is no proof that nothing happened: rules know what they look for, and logs have gaps. The
        overview shows what the logs cover.
      </EmptyState>
    );
  }
  return (
    <EmptyState
      title={`No finding of severity ${severity}`}
      actions={<Button onClick={() => address.getState().go({ tab: null })}>Show all findings</Button>}
    />
  );
}
