import { useState } from 'react';
import type { InputOf, OutputOf } from '#shared/ipc/contract.ts';
import type { RunProgress } from '#shared/ipc/respond-views.ts';
import type { Failure, Result } from '#shared/util/result.ts';
import { useConsole } from '../../state/context.ts';
import type { JobProgress } from '../../state/jobs.ts';

type Execution = 'respond.execute' | 'respond.resume' | 'respond.verify';

const titles: Readonly<Record<Execution, string>> = {
  'respond.execute': 'Executing the plan',
  'respond.resume': 'Resuming the run',
  'respond.verify': 'Verifying the run',
};

interface Executor {
  readonly execute: (input: InputOf<'respond.execute'>) => Promise<void>;
  readonly busy: boolean;
  readonly error: Failure | null;
}

/** Begins a run and goes to its board as soon as the run has a name. */
export function useExecute(): Executor {
  const { address, jobs, outside } = useConsole();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<Failure | null>(null);
  const execute = async (input: InputOf<'respond.execute'>): Promise<void> => {
    setBusy(true);
    outside.getState().note('respond.execute');
    setError(null);
    let shown = false;
    const show = (run: string): void => {
      if (shown) return;
      shown = true;
      address.getState().go({ view: 'respond', tab: `run/${run}` });
    };
    const result = await jobs.getState().run('respond.execute', input, {
      title: titles['respond.execute'],
      progress: (item) => {
        if (item.run !== null) show(item.run);
        return progressOf(item);
      },
      summary: summaryOf,
    });
    setBusy(false);
    if (result.ok) show(result.value.run);
    else setError(result.error);
  };
  return { execute, busy, error };
}

/** Resumes or verifies a run, with its progress in the bottom bar. */
export function useRunJob(): (
  name: 'respond.resume' | 'respond.verify',
  run: string,
) => Promise<Result<OutputOf<'respond.verify'>>> {
  const { jobs, outside } = useConsole();
  return (name, run) => {
    outside.getState().note(name);
    return jobs
      .getState()
      .run(name, { run }, { title: titles[name], progress: progressOf, summary: summaryOf });
  };
}

function progressOf({ done, total }: RunProgress): JobProgress {
  return { fraction: total === 0 ? null : Math.min(1, done / total), note: `${done} of ${total} actions` };
}

function summaryOf({ summary }: OutputOf<'respond.execute'>): string {
  const { effective, actions, contained } = summary;
  const verdict = contained === null ? 'containment not known' : contained ? 'contained' : 'NOT contained';
  return `${effective} of ${actions} actions in effect: ${verdict}`;
}
