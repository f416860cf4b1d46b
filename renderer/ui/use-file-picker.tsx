import { type ReactNode, useCallback, useState } from 'react';
import type { PickPurpose } from '#shared/ipc/pick-purposes.ts';
import type { FileToken } from '#shared/ipc/views.ts';
import { useCase, useConsole } from '../state/context.ts';
import { FileBrowser } from './file-browser.tsx';

const titles: Readonly<Record<PickPurpose, string>> = {
  ownership: 'Import owners',
  evidence: 'Choose logs to import',
  bundle: 'Choose a policy bundle',
  'bundle-folder': 'Choose the folder of a policy bundle',
  'policy-tests': 'Open policy tests',
  'open-case': 'Open a case',
  'create-case': 'Folder for the new case',
  key: 'Choose your key file',
  receipt: 'Choose a receipt',
  roster: 'Choose the file of a roster',
  order: 'Choose the file of a standing order',
};

const folders: ReadonlySet<PickPurpose> = new Set(['bundle-folder', 'open-case', 'create-case']);

/**
 * Lets the analyst choose files or a folder of the host's machine: with the system's dialog where there is one,
 * else with the console's own. `onChoose` must be stable; show `picker` somewhere.
 */
export function useFilePicker(
  purpose: PickPurpose,
  onChoose: (tokens: readonly FileToken[]) => void,
): { readonly pick: () => void; readonly picker: ReactNode } {
  const { bridge, notices } = useConsole();
  const native = useCase((state) => state.info?.nativeDialogs === true);
  const [browsing, setBrowsing] = useState(false);

  const pick = useCallback(() => {
    if (!native) {
      setBrowsing(true);
      return;
    }
    void bridge.request('files.pick', { purpose }).then((result) => {
      if (!result.ok) notices.getState().show({ tone: 'danger', text: result.error.message });
      else if (result.value.length > 0) onChoose(result.value);
      return undefined;
    });
  }, [bridge, native, notices, onChoose, purpose]);

  const browse = useCallback(
    (token: string | null, signal: AbortSignal) => bridge.request('files.browse', { token }, { signal }),
    [bridge],
  );

  const picker = browsing ? (
    <FileBrowser
      title={titles[purpose]}
      wanted={folders.has(purpose) ? 'folder' : 'files'}
      browse={browse}
      onClose={() => setBrowsing(false)}
      onChoose={(tokens) => {
        setBrowsing(false);
        onChoose(tokens);
      }}
    />
  ) : null;
  return { pick, picker };
}
