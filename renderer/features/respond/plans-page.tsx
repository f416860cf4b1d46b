import { useEffect, useState } from 'react';
import { Button } from '../../ui/button.tsx';
import { useConsole, useHref } from '../../state/context.ts';
import { useRequest } from '../../state/use-request.ts';
import { LogText } from '../../ui/log-line.tsx';
import { Panel } from '../../ui/panel.tsx';
import { SimpleTable } from '../../ui/simple-table.tsx';
import { ErrorState, Loading } from '../../ui/states.tsx';
import { Count, Time } from '../../ui/values.tsx';
import { draftOf } from './draft.ts';
import { PlanBuilder } from './plan-builder.tsx';
import { SignElsewhere } from './sign-elsewhere.tsx';
import { RunStatusBadge } from './marks.tsx';

/** The builder on the left; the case's plans and runs on the right. */
export function PlansPage() {
  const draft = draftOf(useConsole());
  const plans = useRequest('respond.plans', {});
  const runs = useRequest('respond.runs', {});
  const executed = new Set(runs.value?.map(({ plan }) => plan));
  const waiting =
    (plans.value?.filter(({ id }) => !executed.has(id)).length ?? 0) +
    (runs.value?.filter(({ status }) => status !== 'finished').length ?? 0);
  useEffect(() => draft.getState().setWaiting(waiting), [draft, waiting]);
  const [signing, setSigning] = useState(false);
  const error = plans.error ?? runs.error;
  return (
    <div className="respond-columns">
      <PlanBuilder />
      {signing ? <SignElsewhere onClose={() => setSigning(false)} /> : null}
      <div className="respond-stack">
        {error === null ? null : (
          <ErrorState what="The plans could not be listed" error={error} onRetry={plans.reload} />
        )}
        {plans.value === null && error === null ? <Loading what="the plans" /> : null}
        {plans.value === null ? null : (
          <Panel
            title="Plans"
            note="each is bound by its hash; the code is for comparison by voice"
            actions={<Button onClick={() => setSigning(true)}>Sign a plan of another machine …</Button>}
          >
            <SimpleTable
              label="Plans"
              rows={plans.value}
              keyOf={({ id }) => id}
              empty="There is no plan yet. Say on the left what is to be taken away."
              columns={[
                {
                  title: 'For',
                  render: ({ id, references, kind }) => (
                    <PlanLink
                      id={id}
                      text={`${kind === 'restore' ? 'Restore: ' : ''}${references.join(', ')}`}
                    />
                  ),
                },
                { title: 'Made', width: 168, render: ({ created }) => <Time value={created} to="minute" /> },
                { title: 'Playbook', width: 80, render: ({ playbook }) => playbook },
                {
                  title: 'Actions',
                  width: 64,
                  align: 'end',
                  render: ({ actions }) => <Count value={actions} />,
                },
                {
                  title: 'Signed',
                  width: 60,
                  align: 'end',
                  render: ({ approvals }) => <Count value={approvals} />,
                },
                {
                  title: 'Code',
                  width: 184,
                  render: ({ hash }) => <span className="mono">{codeOf(hash)}</span>,
                },
              ]}
            />
          </Panel>
        )}
        {runs.value === null || runs.value.length === 0 ? null : (
          <Panel title="Runs">
            <SimpleTable
              label="Runs"
              rows={runs.value}
              keyOf={({ run }) => run}
              empty=""
              columns={[
                { title: 'Run', render: ({ run }) => <RunLink run={run} /> },
                {
                  title: 'Begun',
                  width: 190,
                  render: ({ startedAt }) => <Time value={startedAt} to="second" />,
                },
                { title: 'Status', width: 200, render: ({ status }) => <RunStatusBadge status={status} /> },
              ]}
            />
          </Panel>
        )}
      </div>
    </div>
  );
}

function PlanLink({ id, text }: { readonly id: string; readonly text: string }) {
  return (
    <a href={useHref({ tab: `plan/${id}` })}>
      <LogText text={text} />
    </a>
  );
}

function RunLink({ run }: { readonly run: string }) {
  return (
    <a className="mono" href={useHref({ tab: `run/${run}` })}>
      {run}
    </a>
  );
}

/** The first twenty digits in groups of four, as the host makes it of an open plan. */
function codeOf(hash: string): string {
  return (hash.slice(0, 20).match(/.{4}/g) ?? []).join('-');
}
