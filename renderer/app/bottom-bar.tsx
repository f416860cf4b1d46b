import { type Job, isRunning } from '../state/jobs.ts';
import { useAddress, useConsole, useJobs } from '../state/context.ts';
import { useRequest } from '../state/use-request.ts';
import { Button, IconButton } from '../ui/button.tsx';
import { escapedText } from '../ui/log-text.ts';
import { formatClock } from '../ui/moments.ts';
import { formatBytes, formatCount, formatPercent, formatShortCount } from '../ui/numbers.ts';
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
        <span title="Importing, searching and verifying use no network. Only a provider call that you order does.">
          offline: nothing has left this machine
        </span>
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

/** A job in one line, e.g. `Importing 62 % · 1.20 of 1.94 GiB · 1 204 511 events · 184k/s · 0:42 left`. */
export function jobText({ title, state, progress, error, summary }: Job): string {
  if (state === 'failed') return `${title}: ${escapedText(error?.message ?? 'failed')}`;
  if (state === 'cancelled') return `${title}: cancelled. What was done is kept; the same again continues.`;
  if (state === 'done') return summary ?? `${title}: done`;
  const { fraction, bytesDone, bytesTotal, events, eventsPerSecond, secondsLeft, note } = progress;
  const parts = [fraction === null ? `${title} …` : `${title} ${formatPercent(fraction)}`];
  if (bytesDone !== undefined) {
    parts.push(formatBytes(bytesDone) + (bytesTotal === undefined ? '' : ` of ${formatBytes(bytesTotal)}`));
  }
  if (events !== undefined) parts.push(`${formatCount(events)} events`);
  if (eventsPerSecond !== undefined && eventsPerSecond > 0)
    parts.push(`${formatShortCount(eventsPerSecond)} ev/s`);
  if (secondsLeft !== undefined && secondsLeft !== null) parts.push(`${formatClock(secondsLeft)} left`);
  if (note !== undefined && note !== null) parts.push(escapedText(note));
  return parts.join(' · ');
}

function JournalState() {
  const { value, error } = useRequest('evidence.custody', { limit: 1 });
  const hrefFor = useAddress((state) => state.hrefFor);
  const text =
    error !== null
      ? 'journal cannot be read'
      : value === null
        ? 'journal …'
        : value.checkpoint === null
          ? 'journal not signed yet'
          : `journal ✓ ${formatCount(value.total)} entries`;
  return <a href={hrefFor({ view: 'evidence', tab: 'custody' })}>{text}</a>;
}
