import { useState } from 'react';
import { useStore } from 'zustand';
import type { PlanView } from '#shared/ipc/respond-views.ts';
import { useConsole, useHref } from '../../state/context.ts';
import { useRequest } from '../../state/use-request.ts';
import { Button } from '../../ui/button.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Properties } from '../../ui/properties.tsx';
import { ErrorState, Loading } from '../../ui/states.tsx';
import { Toolbar } from '../../ui/toolbar.tsx';
import { Time } from '../../ui/values.tsx';
import { ApprovalsPanel } from './approvals-panel.tsx';
import { ConfirmDialog } from './confirm-dialog.tsx';
import { draftOf } from './draft.ts';
import { DryRunPanel } from './dry-run-panel.tsx';
import { PlanActions } from './plan-actions.tsx';
import { ForecastPanel, OpenPanel, ResidualPanel, TargetsPanel } from './plan-facts.tsx';
import { ReadOnlyNote, useReadOnly } from './read-only.tsx';

/** A plan: what will be done, in order, with the exact calls; beside it what to know before signing. */
export function PlanPage({ id }: { readonly id: string }) {
  const draft = draftOf(useConsole());
  const { value, error, reload } = useRequest('respond.preview', { plan: { id } });
  const [signed, setSigned] = useState<PlanView | null>(null);
  const view = signed ?? value;
  const readOnly = useReadOnly();
  const [confirming, setConfirming] = useState(false);
  const isAwaited = useStore(draft, (state) => state.toConfirm === id);
  const begun = (): void => {
    setConfirming(true);
    draft.getState().confirm(null);
  };
  const back = useHref({ tab: null });
  return (
    <>
      <Toolbar title={view?.plan.kind === 'restore' ? 'Restore plan' : 'Plan'} arrives>
        <a className="button" href={back}>
          All plans
        </a>
        <Button
          look="primary"
          disabled={view === null || view.plan.actions.length === 0 || readOnly}
          onClick={() => setConfirming(true)}
        >
          To execution …
        </Button>
      </Toolbar>
      <ReadOnlyNote />
      {(confirming || isAwaited) && view !== null ? (
        <ConfirmDialog view={view} onBegun={begun} onClose={() => setConfirming(false)} />
      ) : null}
      {error === null ? null : (
        <ErrorState what="The plan could not be read" error={error} onRetry={reload} />
      )}
      {view === null && error === null ? <Loading what="the plan" /> : null}
      {view === null ? null : (
        <div className="respond-tab">
          <div className="respond-columns plan">
            <div className="respond-stack">
              <PlanActions plan={view.plan} />
              <TargetsPanel plan={view.plan} />
            </div>
            <div className="respond-stack">
              <Identity view={view} />
              <ApprovalsPanel view={view} onChange={setSigned} />
              <DryRunPanel view={view} />
              <OpenPanel plan={view.plan} />
              <ResidualPanel plan={view.plan} />
              <ForecastPanel plan={view.plan} />
            </div>
          </div>
        </div>
      )}
    </>
  );
}

function Identity({ view }: { readonly view: PlanView }) {
  const { plan, hash, code, runs } = view;
  return (
    <Panel title="This plan">
      <div className="respond-form">
        <p className="plan-code mono" aria-label="Code of the plan">
          {code}
        </p>
        <p className="muted">The first digits of its hash. Compare them by voice with whoever signs.</p>
        <Properties
          entries={[
            [
              'SHA-256',
              <span key="hash" className="mono">
                {hash}
              </span>,
            ],
            ['Made', <Time key="made" value={plan.created} to="second" />],
            ['By', plan.proposer],
            ['Incident', plan.incident],
            ['Since', <Time key="since" value={plan.since} to="second" />],
            ['Playbook', plan.playbook.name],
            ['Executed', runs.length === 0 ? 'never' : runs.map((run) => <RunLink key={run} run={run} />)],
          ]}
        />
      </div>
    </Panel>
  );
}

function RunLink({ run }: { readonly run: string }) {
  return (
    <a className="mono" href={useHref({ tab: `run/${run}` })}>
      {run}
    </a>
  );
}
