import { useMemo } from 'react';
import { useAddress, useCase, useConsole } from '../../state/context.ts';
import { useRequest } from '../../state/use-request.ts';
import { Button } from '../../ui/button.tsx';
import { NoEvents } from '../../ui/no-events.tsx';
import { EmptyState, ErrorState, Loading } from '../../ui/states.tsx';
import { Toolbar } from '../../ui/toolbar.tsx';
import { AgreementPanel } from './agreement-panel.tsx';
import { ChangesPanel } from './changes-panel.tsx';
import { CoveragePanel } from './coverage-panel.tsx';
import { DeniedPanel } from './denied-panel.tsx';
import { Figures } from './figures.tsx';
import { NewPanel, QuietPanel } from './identity-panels.tsx';
import { OutcomesPanel } from './outcomes-panel.tsx';
import './overview.css';

/** The case at first sight: what its logs cover, what became of requests, and what stands out. */
export function OverviewView() {
  const { address, features } = useConsole();
  const from = useAddress((state) => state.from);
  const to = useAddress((state) => state.to);
  const isEmpty = useCase((state) => state.summary?.events === 0);
  const range = useMemo(() => ({ from, to }), [from, to]);
  const { value, error, reload } = useRequest('overview.get', isEmpty ? null : range);
  const hasRange = from !== null || to !== null;
  const total = value === null ? 0 : Object.values(value.outcomes).reduce((sum, count) => sum + count, 0);

  return (
    <>
      <Toolbar title="Overview">
        {hasRange ? (
          <Button icon="clock" onClick={() => address.getState().go({ from: null, to: null })}>
            Whole case
          </Button>
        ) : null}
      </Toolbar>
      {isEmpty ? (
        <NoEvents>
          Import exported access logs: files, folders or archives. What they cover and what stands out in them
          appears here.
        </NoEvents>
      ) : null}
      {error === null ? null : (
        <ErrorState what="The overview could not be made" error={error} onRetry={reload} />
      )}
      {value === null && error === null && !isEmpty ? <Loading what="the overview" /> : null}
      {value !== null && total === 0 ? (
        <EmptyState
          title="No event in this stretch of time"
          actions={
            <Button onClick={() => address.getState().go({ from: null, to: null })}>
              Look at the whole case
            </Button>
          }
        >
          The case has events at other times.
        </EmptyState>
      ) : null}
      {value === null || total === 0 ? null : (
        <div className="overview">
          <Figures overview={value} total={total} />
          <OutcomesPanel range={range} />
          <CoveragePanel coverage={value.coverage} />
          <AgreementPanel />
          <DeniedPanel denied={value.topDenied} />
          <ChangesPanel changes={value.changes} />
          <NewPanel identities={value.newIdentities} />
          <QuietPanel identities={value.quietIdentities} />
          {features.flatMap(({ view, overview: panels = [] }) =>
            panels.map((FeaturePanel, index) => <FeaturePanel key={`${view?.id} ${index}`} />),
          )}
        </div>
      )}
    </>
  );
}
