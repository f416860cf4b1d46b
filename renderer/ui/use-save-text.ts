import { useCallback } from 'react';
import { useCase, useConsole } from '../state/context.ts';

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
      const address = URL.createObjectURL(new Blob([text], { type: 'text/plain' }));
      const link = document.createElement('a');
      link.href = address;
      link.download = name;
      link.click();
      URL.revokeObjectURL(address);
    },
    [bridge, native, notices],
  );
}
