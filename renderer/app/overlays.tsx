import { useMemo, useState } from 'react';
import type { Command } from '../state/commands.ts';
import { useCommands, useConsole } from '../state/context.ts';
import { CommandPalette } from './command-palette.tsx';
import { KeyHelp } from './key-help.tsx';
import { useKeys } from './use-keys.ts';

/** What can lie over every screen, and the commands that are always there. */
export function Overlays() {
  const { preferences } = useConsole();
  const [shown, setShown] = useState<'palette' | 'keys' | null>(null);
  useKeys();
  useCommands(
    useMemo((): readonly Command[] => {
      const { change } = preferences.getState();
      return [
        {
          id: 'palette.open',
          title: 'Open the command palette',
          group: 'Console',
          keys: ['Mod+k'],
          run: () => setShown('palette'),
        },
        {
          id: 'keys.show',
          title: 'Show the keys',
          group: 'Console',
          keys: ['?'],
          run: () => setShown('keys'),
        },
        {
          id: 'theme.toggle',
          title: 'Switch between dark and light theme',
          group: 'Console',
          run: () => change({ theme: preferences.getState().theme === 'dark' ? 'light' : 'dark' }),
        },
        {
          id: 'zone.toggle',
          title: 'Switch between UTC and local time',
          group: 'Console',
          run: () => change({ timeZone: preferences.getState().timeZone === 'utc' ? 'local' : 'utc' }),
        },
      ];
    }, [preferences]),
  );
  const close = (): void => setShown(null);
  return (
    <>
      {shown === 'palette' ? <CommandPalette onClose={close} /> : null}
      {shown === 'keys' ? <KeyHelp onClose={close} /> : null}
    </>
  );
}
