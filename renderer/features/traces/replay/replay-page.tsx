import { useState } from 'react';
import type { ReplayReport } from '#shared/ipc/views.ts';
import type { Failure } from '#shared/util/result.ts';
import { useAddress, useConsole, useJobs } from '../../../state/context.ts';
import { isRunning } from '../../../state/jobs.ts';
import { useRequest } from '../../../state/use-request.ts';
import { AddBundleButton } from '../../../ui/add-bundle-button.tsx';
import { Button } from '../../../ui/button.tsx';
import { EmptyState, ErrorState, Loading, Progress } from '../../../ui/states.tsx';
import { formatCount } from '../../../ui/numbers.ts';
import { BundleSelect } from '../bundle-select.tsx';
import { ReplaySummaryPanel } from './replay-summary.tsx';
import { ReplayTable } from './replay-table.tsx';

const title = 'Replaying';
/** Distinct requests that are shown; what changes comes first. */
const mostRows = 10_000;

interface Outcome {
  readonly report: ReplayReport;
  readonly bundle: string;
  readonly against: string | null;
}

/** The whole log, or what the query finds of it, under another bundle: who would break, and how often. */
export function ReplayPage() {
  const { jobs } = useConsole();
  const { value: bundles, error, reload } = useRequest('bundles.list', {});
  const query = useAddress((state) => state.query);
  const from = useAddress((state) => state.from);
  const to = useAddress((state) => state.to);
  const [chosen, setBundle] = useState<string | null>(null);
  const [against, setAgainst] = useState<string | null>(null);
  const [outcome, setOutcome] = useState<Outcome | null>(null);
  const [failed, setFailed] = useState<Failure | null>(null);
  const running = useJobs((state) => state.list.find((job) => job.title === title && isRunning(job)));
  if (error !== null)
    return <ErrorState what="The bundles could not be listed" error={error} onRetry={reload} />;
  if (bundles === null) return <Loading what="the bundles" />;
  const bundle = bundles.find(({ id }) => id === chosen) ?? bundles.at(-1);
  if (bundle === undefined) {
    return (
      <EmptyState title="There is no policy to replay the log under" actions={<AddBundleButton />}>
        Add the policies as they were, or as they shall be, and see who would be denied or allowed that was
        not before.
      </EmptyState>
    );
  }
  const others = bundles.filter(({ id, system }) => id !== bundle.id && system === bundle.system);
  const beside = others.some(({ id }) => id === against) ? against : null;

  const run = async (): Promise<void> => {
    setFailed(null);
    setOutcome(null);
    const input = { query, from, to, bundle: bundle.id, against: beside, limit: mostRows };
    const result = await jobs.getState().run('policy.replay', input, {
      title,
      progress: ({ events, groups }) => ({
        fraction: null,
        events,
        note: `${formatCount(groups)} kinds of request`,
      }),
      summary: ({ summary }) => `Replayed ${formatCount(summary.events)} events`,
    });
    if (result.ok) setOutcome({ report: result.value, bundle: bundle.id, against: beside });
    else if (result.error.kind !== 'cancelled') setFailed(result.error);
  };

  return (
    <div className="replay">
      <div className="trace-actions">
        <BundleSelect
          label="Under"
          bundles={bundles}
          value={bundle.id}
          none="the newest bundle"
          onChange={setBundle}
        />
        <BundleSelect
          label="compared with"
          bundles={others}
          value={beside}
          none="what was recorded"
          onChange={setAgainst}
        />
        {running === undefined ? (
          <Button look="primary" onClick={() => void run()}>
            Replay
          </Button>
        ) : (
          <Button
            look="danger"
            disabled={running.state === 'cancelling'}
            onClick={() => jobs.getState().cancel(running.id)}
          >
            Cancel
          </Button>
        )}
        <span className="muted">
          {query === '' && from === null && to === null
            ? 'All events of the case.'
            : 'Events of the query and time range.'}
        </span>
      </div>
      {running === undefined ? null : (
        <div className="replay-progress">
          <Progress label="Replaying" fraction={null} />
          <p className="muted numeric" role="status">
            {formatCount(running.progress.events ?? 0)} events{' '}
            {running.progress.note === undefined || running.progress.note === null
              ? ''
              : `· ${running.progress.note}`}
          </p>
        </div>
      )}
      {failed === null ? null : (
        <ErrorState what="The log could not be replayed" error={failed} onRetry={() => void run()} />
      )}
      {outcome === null && running === undefined && failed === null ? (
        <EmptyState title="Nothing has been replayed yet">
          Each distinct request of the log is judged once under the bundle. What would be newly denied or
          newly allowed comes first, with who it concerns and how often.
        </EmptyState>
      ) : null}
      {outcome === null ? null : (
        <>
          <ReplaySummaryPanel summary={outcome.report.summary} against={outcome.against !== null} />
          <ReplayTable
            rows={outcome.report.rows}
            all={outcome.report.summary.requests}
            bundle={outcome.bundle}
          />
        </>
      )}
    </div>
  );
}
