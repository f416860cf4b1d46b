import { useCallback, useMemo, useState } from 'react';
import type { CaseSummary, FileToken } from '#shared/ipc/views.ts';
import type { Failure, Result } from '#shared/util/result.ts';
import type { Command } from '../../state/commands.ts';
import { useCase, useCommands, useConsole, useJobs } from '../../state/context.ts';
import { ingestProgress } from '../../state/ingest-words.ts';
import { isRunning } from '../../state/jobs.ts';
import { Button } from '../../ui/button.tsx';
import { ErrorState } from '../../ui/states.tsx';
import { useFilePicker } from '../../ui/use-file-picker.tsx';
import { NewCase } from './new-case.tsx';
import { RecentCases } from './recent-cases.tsx';
import { SampleProgress } from './sample-progress.tsx';
import './start-screen.css';

const advice = { 'not-found': 'Choose the folder itself in which case.json lies.' };

/** What stands on the screen while no case is open: open, create, recent cases, and the sample. */
export function StartScreen() {
  const { bridge, case: current, jobs } = useConsole();
  const version = useCase((state) => state.info?.version ?? '');
  const busy = useJobs((state) => state.list.some(isRunning));
  const [creating, setCreating] = useState(false);
  const [error, setError] = useState<Failure | null>(null);

  const adopt = useCallback(
    (result: Result<CaseSummary>): void => {
      if (result.ok) current.getState().adopt(result.value);
      setError(result.ok || result.error.kind === 'cancelled' ? null : result.error);
    },
    [current],
  );
  const openFolder = useCallback(
    ([folder]: readonly FileToken[]) => {
      if (folder !== undefined) void bridge.request('case.open', { token: folder.token }).then(adopt);
    },
    [bridge, adopt],
  );
  const { pick, picker } = useFilePicker('open-case', openFolder);
  const openSample = useCallback(() => {
    const plan = {
      title: 'Preparing the sample case',
      progress: ingestProgress,
      summary: ({ name }: CaseSummary) => `Opened “${name}”.`,
    };
    void jobs.getState().run('case.openSample', {}, plan).then(adopt);
  }, [jobs, adopt]);

  useCommands(
    useMemo(
      (): readonly Command[] => [
        { id: 'case.create', title: 'New case …', group: 'Case', keys: ['n'], run: () => setCreating(true) },
        { id: 'case.open', title: 'Open a case …', group: 'Case', keys: ['o'], run: pick },
        { id: 'case.sample', title: 'Open the sample case', group: 'Case', keys: ['s'], run: openSample },
      ],
      [pick, openSample],
    ),
  );

  return (
    <main className="start">
      <div className="start-column">
        <header>
          <h1>Rescind</h1>
          <p className="muted">
            Find out what access was really decided, by which rule, and take it away, provably.
          </p>
        </header>
        {error === null ? null : (
          <ErrorState what="The case could not be opened" error={error} advice={advice} />
        )}
        <section className="start-choices" aria-label="Begin">
          <div>
            <Button look="primary" icon="plus" onClick={() => setCreating(true)}>
              New case
            </Button>
            <p>An empty folder for one investigation, to import exported logs into.</p>
          </div>
          <div>
            <Button icon="folder" onClick={pick}>
              Open case
            </Button>
            <p>A folder that holds one already, also one that was made on another machine.</p>
          </div>
          <div>
            <Button icon="evidence" disabled={busy} onClick={openSample}>
              Open the sample case
            </Button>
            <p>Thirty days of an invented company’s logs, with an incident in them.</p>
          </div>
        </section>
        <SampleProgress />
        <RecentCases onOpen={(id) => void bridge.request('case.openRecent', { id }).then(adopt)} />
        <footer className="muted">
          Version {version} · offline: nothing leaves this machine · <kbd>?</kbd> shows the keys
        </footer>
      </div>
      {picker}
      {creating ? <NewCase onClose={() => setCreating(false)} onDone={adopt} /> : null}
    </main>
  );
}
