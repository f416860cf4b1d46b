import { useState } from 'react';
import type { VerifyProgress, VerifyReport } from '#shared/ipc/views.ts';
import type { Failure } from '#shared/util/result.ts';
import { useConsole, useJobs } from '../../state/context.ts';
import { isRunning } from '../../state/jobs.ts';
import { Button } from '../../ui/button.tsx';
import { ErrorState } from '../../ui/states.tsx';
import { formatCount } from '../../ui/numbers.ts';
import { VerifyResult } from './verify-result.tsx';

const title = 'Verifying';

/** Checks that nothing in the case has changed since it was taken in, and shows what was found. */
export function VerifyPanel() {
  const { jobs } = useConsole();
  const running = useJobs((state) => state.list.some((job) => job.title === title && isRunning(job)));
  const [report, setReport] = useState<VerifyReport | null>(null);
  const [error, setError] = useState<Failure | null>(null);

  const verify = async (): Promise<void> => {
    setError(null);
    const result = await jobs.getState().run('evidence.verify', {}, { title, progress, summary });
    if (result.ok) setReport(result.value);
    else if (result.error.kind !== 'cancelled') setError(result.error);
  };

  return (
    <div className="verify">
      <p className="muted">
        Hashes every evidence file again, reads every event at its place, and checks the custody journal’s
        hashes and signatures, together with what the sources themselves sign. Nothing is changed.
      </p>
      <div>
        <Button look="primary" icon="check" disabled={running} onClick={() => void verify()}>
          {running ? 'Verifying …' : report === null ? 'Verify now' : 'Verify again'}
        </Button>
      </div>
      {error === null ? null : <ErrorState what="The verification could not be finished" error={error} />}
      {report === null || running ? null : <VerifyResult report={report} />}
    </div>
  );
}

function progress({ checked, total, what }: VerifyProgress) {
  return { fraction: total === 0 ? null : Math.min(1, checked / total), note: what };
}

function summary({ ok, problems, offsets }: VerifyReport): string {
  return ok
    ? `Verified: everything is intact (${formatCount(offsets.events)} events at their places)`
    : `Verification failed: ${formatCount(problems.length)} problem${problems.length === 1 ? '' : 's'} found`;
}
