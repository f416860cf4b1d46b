import { type ReactNode, useCallback, useMemo, useState } from 'react';
import type { FileToken } from '#shared/ipc/views.ts';
import type { Command } from '../../state/commands.ts';
import { useCase, useCommands, useConsole } from '../../state/context.ts';
import { ImportDialog } from './import-dialog.tsx';
import { useDrop } from './use-drop.ts';
import { useRegister } from './use-register.ts';
import './import.css';

/** Takes logs in from everywhere in the console: by command, and by a drop on any place of the window. */
export function ImportProvider({ children }: { readonly children: ReactNode }) {
  const { address, notices } = useConsole();
  const readOnly = useCase((state) => state.info?.readOnly === true);
  const [chosen, setChosen] = useState<readonly FileToken[] | null>(null);
  const add = useCallback(
    (tokens: readonly FileToken[]) => setChosen((before) => [...(before ?? []), ...tokens]),
    [],
  );
  const register = useRegister(add);
  const begin = useCallback(
    (next: () => void): void => {
      if (readOnly)
        notices.getState().show({ tone: 'danger', text: 'This host is read-only: it imports nothing.' });
      else next();
    },
    [notices, readOnly],
  );
  const onDrop = useCallback((files: readonly File[]) => begin(() => register(files)), [begin, register]);
  const over = useDrop(onDrop);

  useCommands(
    useMemo(
      (): readonly Command[] => [
        {
          id: 'evidence.import',
          title: 'Import logs …',
          group: 'Evidence',
          keys: ['i'],
          run: () => begin(() => setChosen([])),
        },
        {
          id: 'evidence.verify',
          title: 'Verify evidence and custody journal',
          group: 'Evidence',
          run: () => address.getState().go({ view: 'evidence', tab: 'verify' }),
        },
      ],
      [address, begin],
    ),
  );

  return (
    <>
      {children}
      {over ? (
        <div className="drop-target">
          <p>Drop files or folders to import them</p>
        </div>
      ) : null}
      {chosen === null ? null : (
        <ImportDialog chosen={chosen} onAdd={add} onFiles={register} onClose={() => setChosen(null)} />
      )}
    </>
  );
}
