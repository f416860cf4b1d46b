import { useMemo, useRef, useState } from 'react';
import type { Command } from '../state/commands.ts';
import { useCase, useCommandList, useCommands, useConsole, usePreferences } from '../state/context.ts';
import { Icon } from '../ui/icon.tsx';
import { onMac, printedKeys } from '../ui/keys.ts';
import { MenuButton } from '../ui/menu-button.tsx';
import { localOffset } from '../ui/moments.ts';
import { CoverageStrip } from './coverage-strip.tsx';
import { TimeRange } from './time-range.tsx';
import './top-bar.css';

export function TopBar() {
  const { commands, preferences } = useConsole();
  const name = useCase((state) => state.summary?.name ?? '');
  const theme = usePreferences((state) => state.theme);
  const zone = usePreferences((state) => state.timeZone);
  const local = `Local (${localOffset()})`;
  const run = (id: string) => () => void commands.getState().run(id);
  return (
    <header className="top-bar">
      <MenuButton
        label="Case"
        className="case-name"
        items={[
          { label: 'Import logs …', run: run('evidence.import') },
          { label: 'Go to Evidence', run: run('view.evidence') },
          {
            label: theme === 'dark' ? 'Light theme' : 'Dark theme',
            run: run('theme.toggle'),
            separated: true,
          },
          { label: 'Keys', hint: '?', run: run('keys.show') },
          { label: 'Close case', run: run('case.close'), separated: true },
        ]}
      >
        <span className="ellipsis">{name}</span>
      </MenuButton>
      <SearchEverything />
      <CoverageStrip />
      <TimeRange />
      <MenuButton
        label="Time zone"
        items={[
          {
            label: 'UTC',
            checked: zone === 'utc',
            run: () => preferences.getState().change({ timeZone: 'utc' }),
          },
          {
            label: local,
            checked: zone === 'local',
            run: () => preferences.getState().change({ timeZone: 'local' }),
          },
        ]}
      >
        {zone === 'utc' ? 'UTC' : local}
      </MenuButton>
      <button type="button" className="button plain" onClick={run('palette.open')}>
        <span className="visually-hidden">Command palette</span>
        <kbd>{printedKeys('Mod+k', onMac)}</kbd>
      </button>
    </header>
  );
}

/** Free text or a query over every event; an event's id opens the event. */
function SearchEverything() {
  const { address } = useConsole();
  const input = useRef<HTMLInputElement>(null);
  const [text, setText] = useState('');
  // A view with a query bar of its own takes the key over.
  const hasKey = useCommandList().findLast(({ keys }) => keys?.includes('/'))?.id === 'search.focus';
  useCommands(
    useMemo(
      (): readonly Command[] => [
        {
          id: 'search.focus',
          title: 'Search everything',
          group: 'View',
          keys: ['/'],
          run: () => input.current?.focus(),
        },
      ],
      [],
    ),
  );
  return (
    <search className="search-place">
      <form
        className="search"
        onSubmit={(event) => {
          event.preventDefault();
          const typed = text.trim();
          if (typed === '') return;
          if (/^[0-9a-f]{32}$/.test(typed)) {
            address.getState().go({ view: 'events', selected: { kind: 'event', id: typed } });
          } else {
            address.getState().go({ view: 'events', query: typed, selected: null });
          }
          setText('');
          input.current?.blur();
        }}
      >
        <Icon name="search" />
        <input
          ref={input}
          type="text"
          aria-label="Search everything"
          placeholder={hasKey ? 'Search everything (/)' : 'Search everything'}
          spellCheck={false}
          autoComplete="off"
          value={text}
          onChange={(event) => setText(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === 'Escape') event.currentTarget.blur();
          }}
        />
      </form>
    </search>
  );
}
