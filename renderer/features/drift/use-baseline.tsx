import { type ReactNode, useCallback, useState } from 'react';
import type { CaseBundle } from '#shared/domain/bundle.ts';
import type { FileToken } from '#shared/ipc/views.ts';
import { useConsole } from '../../state/context.ts';
import { useFilePicker } from '../../ui/use-file-picker.tsx';
import { isComparable } from './settings.ts';

interface Baseline {
  readonly choose: () => void;
  readonly busy: boolean;
  readonly picker: ReactNode;
}

/** Takes a folder of policies into the case, as what ought to be in force: without a time, since it never was. */
export function useBaseline(onAdded: (bundle: CaseBundle) => void): Baseline {
  const { bridge, notices } = useConsole();
  const [busy, setBusy] = useState(false);
  const add = useCallback(
    ([chosen]: readonly FileToken[]) => {
      if (chosen === undefined) return;
      const take = async (token: string): Promise<void> => {
        setBusy(true);
        const result = await bridge.request('bundles.add', { token });
        setBusy(false);
        const { show } = notices.getState();
        if (!result.ok) show({ tone: 'danger', text: `It is no baseline: ${result.error.message}` });
        else if (isComparable(result.value)) onAdded(result.value);
        else {
          show({
            tone: 'danger',
            text: `Permissions of ${result.value.system} cannot be listed, and so not compared.`,
          });
        }
      };
      void take(chosen.token);
    },
    [bridge, notices, onAdded],
  );
  const { pick, picker } = useFilePicker('bundle-folder', add);
  return { choose: pick, busy, picker };
}
