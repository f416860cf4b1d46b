import { useCallback } from 'react';
import { useCase, useConsole } from '../state/context.ts';
import { saveText } from './save-text.ts';

/** Saves a text as a file: in the system's dialog where there is one, else as a download of the browser. */
export function useSaveText(): (name: string, text: string) => Promise<void> {
  const { bridge, notices } = useConsole();
  const native = useCase((state) => state.info?.nativeDialogs === true);
  return useCallback(
    async (name, text) => {
      if (native) {
        const result = await bridge.request('files.save', { name, text });
        if (!result.ok) notices.getState().show({ tone: 'danger', text: result.error.message });
        else if (result.value.saved) notices.getState().show({ tone: 'info', text: `${name} was saved.` });
        return;
      }
      saveText(name, text, 'text/plain');
    },
    [bridge, native, notices],
  );
}
