import { useStore } from 'zustand';
import { jobText } from '../state/job-text.ts';
import { type Job, isRunning } from '../state/jobs.ts';
import { useConsole, useHref, useJobs } from '../state/context.ts';
import { useRequest } from '../state/use-request.ts';
import { Button, IconButton } from '../ui/button.tsx';
import { formatCount } from '../ui/numbers.ts';
import { Progress } from '../ui/states.tsx';

/** Work under way, the journal's state, and whether anything has left the machine. */
export function BottomBar() {
  const jobs = useJobs((state) => state.list);
  return (
    <footer className="bottom-bar">
      <div className="bottom-jobs">
        {jobs.length === 0 ? <span>No work under way</span> : null}
        {jobs.map((job) => (
          <JobLine key={job.id} job={job} />
        ))}
      </div>
      <div className="bottom-facts">
        <JournalState />
        <Reach />
      </div>
    </footer>
  );
}

function JobLine({ job }: { readonly job: Job }) {
  const { jobs } = useConsole();
  const text = jobText(job);
  return (
    <div className={`job ${job.state}`}>
      {isRunning(job) ? <Progress label={job.title} fraction={job.progress.fraction} /> : null}
      <span className="job-text" title={text}>
        {text}
      </span>
      {isRunning(job) ? (
        <Button disabled={job.state === 'cancelling'} onClick={() => jobs.getState().cancel(job.id)}>
          {job.state === 'cancelling' ? 'Cancelling' : 'Cancel'}
        </Button>
      ) : (
        <IconButton icon="close" label="Dismiss" onClick={() => jobs.getState().dismiss(job.id)} />
      )}
    </div>
  );
}

function JournalState() {
  const { value, error } = useRequest('evidence.custody', { limit: 1 });
  const href = useHref({ view: 'evidence', tab: 'custody' });
  const text =
    error !== null
      ? 'journal cannot be read'
      : value === null
        ? 'journal …'
        : value.checkpoint === null
          ? 'journal not signed yet'
          : `journal ✓ ${formatCount(value.total)} entries`;
  return <a href={href}>{text}</a>;
}

/** Whether anything has left the machine: only a provider that was ordered to be called is ever reached. */
function Reach() {
  const called = useStore(useConsole().outside, (state) => state.called);
  return (
    <span title="Importing, searching and verifying use no network. Only a provider call that you order does.">
      {called ? 'providers were called, nothing else' : 'offline: nothing has left this machine'}
    </span>
  );
}
