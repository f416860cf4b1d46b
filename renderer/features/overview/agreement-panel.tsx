import { useCallback, useEffect } from 'react';
import type { AgreementCause, SourceAgreement } from '#shared/domain/agreement.ts';
import { useConsole, useHref, useJobs } from '../../state/context.ts';
import { isRunning } from '../../state/jobs.ts';
import { useRequest } from '../../state/use-request.ts';
import { Button } from '../../ui/button.tsx';
import { formatTitle } from '../../ui/format-title.ts';
import { formatCount } from '../../ui/numbers.ts';
import { Panel } from '../../ui/panel.tsx';
import { SimpleTable } from '../../ui/simple-table.tsx';
import { Count } from '../../ui/values.tsx';
import { share } from './share.ts';

const title = 'Comparing with the policies';

/** The program grades itself: how often its recomputed decisions are those that the logs recorded, and why not. */
export function AgreementPanel() {
  const { jobs } = useConsole();
  const { value: bundles } = useRequest('bundles.list', {});
  const { value: report, loading, reload } = useRequest('policy.knownAgreement', {});
  const job = useJobs((state) => state.list.find((each) => each.title === title));
  const toBundles = useHref({ view: 'traces', tab: 'bundles', selected: null });
  const hasBundle = bundles !== null && bundles.length > 0;
  const running = job !== undefined && isRunning(job);
  const isDue = hasBundle && report === null && !loading && job === undefined;

  const run = useCallback(async (): Promise<void> => {
    const result = await jobs.getState().run(
      'policy.agreement',
      {},
      {
        title,
        progress: ({ events, groups }) => ({
          fraction: null,
          events,
          note: `${formatCount(groups)} kinds of request`,
        }),
        summary: ({ sources }) => `Compared ${formatCount(sum(sources, 'compared'))} decisions`,
      },
    );
    if (result.ok) reload();
  }, [jobs, reload]);
  useEffect(() => {
    if (isDue) void run();
  }, [isDue, run]);

  return (
    <Panel title="Agreement with the policies" note="recomputed decisions that are the recorded ones">
      {report === null ? (
        <p className="agreement-state muted">
          {hasBundle
            ? running
              ? 'Every recorded decision is being compared …'
              : 'Not worked out yet.'
            : 'Without the policies that were in force nothing can be compared.'}{' '}
          {bundles !== null && !hasBundle ? <a href={toBundles}>Add a policy bundle.</a> : null}
          {running ? (
            <Button disabled={job.state === 'cancelling'} onClick={() => jobs.getState().cancel(job.id)}>
              Cancel
            </Button>
          ) : hasBundle ? (
            <Button onClick={() => void run()}>Compare</Button>
          ) : null}
        </p>
      ) : (
        <AgreementTable sources={report.sources} />
      )}
    </Panel>
  );
}

function sum(sources: readonly SourceAgreement[], key: 'compared' | 'agreed'): number {
  return sources.reduce((total, source) => total + source[key], 0);
}

function AgreementTable({ sources }: { readonly sources: readonly SourceAgreement[] }) {
  return (
    <SimpleTable
      label="Agreement with the policies"
      rows={sources}
      keyOf={({ format }) => format}
      empty="No log of the case is decided by a policy that is in it."
      columns={[
        { title: 'Source', render: ({ format }) => formatTitle(format) },
        {
          title: 'Agreed',
          align: 'end',
          width: 88,
          render: ({ agreed, compared }) => (compared === 0 ? '–' : share(agreed, compared)),
        },
        { title: 'Compared', align: 'end', width: 88, render: ({ compared }) => <Count value={compared} /> },
        {
          title: 'Undecided',
          align: 'end',
          width: 88,
          render: ({ undecided }) => <Count value={undecided} />,
        },
        { title: 'Otherwise, because', render: ({ causes }) => <Causes causes={causes} /> },
      ]}
    />
  );
}

const words: Readonly<Record<AgreementCause['cause'], string>> = {
  'policy-revision-differs': 'another policy revision',
  'policy-unknown-at-that-time': 'policy not known',
  'context-missing': 'not in the log',
  'engine-gap': 'engine gap',
  'log-disagrees': 'log disagrees',
};

function Causes({ causes }: { readonly causes: readonly AgreementCause[] }) {
  return (
    <span className="agreement-causes">
      {causes.map((cause, index) => (
        <span key={cause.cause}>
          {index === 0 ? '' : ', '}
          <CauseLink cause={cause} />
        </span>
      ))}
    </span>
  );
}

/** Leads to the trace of one of the events. */
function CauseLink({ cause: { cause, events, examples } }: { readonly cause: AgreementCause }) {
  const [example] = examples;
  const href = useHref({ view: 'traces', tab: `event/${example?.event ?? ''}` });
  return (
    <a href={href} title={example?.why ?? ''}>
      {words[cause]} {formatCount(events)}
    </a>
  );
}
