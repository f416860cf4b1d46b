import { useCallback } from 'react';
import { useConsole } from '../state/context.ts';

/** Copies text to the clipboard and says whether it worked. `what` names it, e.g. `Citation`. */
export function useCopy(): (text: string, what: string) => void {
  const { notices } = useConsole();
  return useCallback(
    (text, what) => {
      void navigator.clipboard.writeText(text).then(
        () => notices.getState().show({ tone: 'info', text: `${what} copied.` }),
        () =>
          notices
            .getState()
            .show({ tone: 'danger', text: `${what} could not be copied: the browser refused.` }),
      );
    },
    [notices],
  );
}
