import { useCallback } from 'react';
import type { FileToken } from '#shared/ipc/views.ts';
import { useConsole } from '../../state/context.ts';

/** Makes tokens of files that were dropped or chosen. Where the host cannot see them they are uploaded to it. */
export function useRegister(
  onTokens: (tokens: readonly FileToken[]) => void,
): (files: readonly File[]) => void {
  const { bridge, jobs, notices } = useConsole();
  return useCallback(
    (files: readonly File[]) => {
      if (files.length === 0) return;
      const work = jobs.getState().track(
        'Taking in files',
        (_signal, report) =>
          bridge.registerFiles(files, (bytesDone, bytesTotal) =>
            report({ fraction: bytesTotal === 0 ? null : bytesDone / bytesTotal, bytesDone, bytesTotal }),
          ),
        (tokens) => `${tokens.length} ready to import`,
      );
      void work.then((result) => {
        if (!result.ok) notices.getState().show({ tone: 'danger', text: result.error.message });
        else if (result.value.length > 0) onTokens(result.value);
        else notices.getState().show({ tone: 'danger', text: 'Nothing in the drop was a file.' });
        return undefined;
      });
    },
    [bridge, jobs, notices, onTokens],
  );
}
