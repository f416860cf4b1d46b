import type { ReceiptReport } from '#shared/ipc/respond-views.ts';
import { Button } from '../../ui/button.tsx';
import { LogText } from '../../ui/log-line.tsx';
import { Badge } from '../../ui/outcome-mark.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Properties } from '../../ui/properties.tsx';
import { ErrorState } from '../../ui/states.tsx';
import { Time } from '../../ui/values.tsx';
import { useReadOnly } from './read-only.tsx';
import { useAct } from './use-act.ts';

/** Issues the signed receipt of a run, and checks it as a stranger would. */
export function ReceiptBox({ run }: { readonly run: string }) {
  const issue = useAct('respond.receipt');
  const check = useAct('receipt.checkOf');
  const readOnly = useReadOnly();
  const begin = async (): Promise<void> => {
    if ((await issue.run({ run })) !== null) await check.run({ run });
  };
  const error = issue.error ?? check.error;
  return (
    <Panel
      title="Receipt"
      note="signed; can be checked without this program"
      actions={
        <Button disabled={readOnly || issue.busy || check.busy} onClick={() => void begin()}>
          {issue.busy ? 'Issuing …' : 'Issue and check'}
        </Button>
      }
    >
      <div className="respond-form">
        <p className="muted">
          Signed: the plan, who approved, each action with its three facts, and what the logs say. It is not
          issued when the logs do not cover the time.
        </p>
        {error === null ? null : <ErrorState what="There is no receipt" error={error} />}
        {issue.value === null ? null : (
          <Properties
            entries={[
              [
                'File',
                <span key="file" className="mono">
                  {issue.value.file}
                </span>,
              ],
              [
                'SHA-256',
                <span key="digest" className="mono">
                  {issue.value.digest}
                </span>,
              ],
            ]}
          />
        )}
        {check.value === null ? null : <ReceiptResult report={check.value} />}
      </div>
    </Panel>
  );
}

export function ReceiptResult({ report }: { readonly report: ReceiptReport }) {
  const {
    ok,
    run,
    planHash,
    issued,
    contained,
    residualUntil,
    approvals,
    records,
    survivors,
    givenBack,
    problems,
  } = report;
  return (
    <section aria-label="Receipt’s check" aria-live="polite">
      <h3>
        {ok ? (
          <Badge tone="success">✓ the receipt holds</Badge>
        ) : (
          <Badge tone="danger">✕ it does not hold</Badge>
        )}
      </h3>
      <Properties
        entries={[
          ['Run', run],
          ['Issued', issued === null ? null : <Time key="issued" value={issued} to="second" />],
          [
            'Plan',
            planHash === null ? null : (
              <span key="plan" className="mono">
                {planHash}
              </span>
            ),
          ],
          ['Contained', contained === null ? 'not known' : contained ? 'yes' : 'no'],
          [
            'Residual',
            residualUntil === null ? 'no bound is known' : <Time key="until" value={residualUntil} />,
          ],
          ['Approved', approvals.length === 0 ? 'nobody' : approvals.join(', ')],
          ['Records', `${records} proved`],
          ['Survivors', String(survivors)],
          ['Given back', givenBack === null ? null : <Time key="back" value={givenBack.at} to="second" />],
        ]}
      />
      <ul className="respond-list plain">
        {problems.map((problem) => (
          <li key={problem}>
            <Badge tone="danger">problem</Badge> <LogText text={problem} />
          </li>
        ))}
      </ul>
    </section>
  );
}
