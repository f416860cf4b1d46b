import { useConsole, useJobs } from '../../state/context.ts';
import { isRunning } from '../../state/jobs.ts';
import { jobText } from '../../state/job-text.ts';
import { Button } from '../../ui/button.tsx';
import { Progress } from '../../ui/states.tsx';

/** The work that the start screen waits for. The bottom bar, which shows it otherwise, is not there yet. */
export function SampleProgress() {
  const { jobs } = useConsole();
  const job = useJobs((state) => state.list.find(isRunning));
  if (job === undefined) return null;
  return (
    <section className="start-progress" aria-label="Progress">
      <Progress label={job.title} fraction={job.progress.fraction} />
      <p className="numeric">{jobText(job)}</p>
      <Button disabled={job.state === 'cancelling'} onClick={() => jobs.getState().cancel(job.id)}>
        Cancel
      </Button>
    </section>
  );
}
