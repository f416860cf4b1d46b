import { useCallback } from 'react';
import type { FileToken } from '#shared/ipc/views.ts';
import { useConsole } from '../../state/context.ts';
import { importTitle, ingestProgress, ingestSummary, tookNothing } from '../../state/ingest-words.ts';

/** Starts an import, which the bottom bar shows, and says what came of it. */
export function useImport(): (
  tokens: readonly FileToken[],
  format: string | null,
  timeZone: string | null,
) => void {
  const { address, case: current, jobs, notices } = useConsole();
  return useCallback(
    (tokens, format, timeZone) => {
      const importAll = async (): Promise<void> => {
        const input = { tokens: tokens.map(({ token }) => token), format, timeZone };
        const plan = { title: importTitle, progress: ingestProgress, summary: ingestSummary };
        const result = await jobs.getState().run('ingest.start', input, plan);
        await current.getState().refresh();
        const { show } = notices.getState();
        if (!result.ok) {
          if (result.error.kind !== 'cancelled') show({ tone: 'danger', text: result.error.message });
          return;
        }
        const text = ingestSummary(result.value);
        if (tookNothing(result.value)) {
          const run = (): void => address.getState().go({ view: 'evidence', tab: 'skipped' });
          show({ tone: 'danger', text, action: { label: 'Show why', run } });
        } else if (result.value.rejected === 0) show({ tone: 'success', text });
        else {
          const run = (): void => address.getState().go({ view: 'evidence', tab: 'rejected' });
          show({ tone: 'info', text, action: { label: 'Show rejected', run } });
        }
      };
      void importAll();
    },
    [address, current, jobs, notices],
  );
}
