import { useEffect, useMemo } from 'react';
import type { Command } from '../state/commands.ts';
import { useAddress, useCommands, useConsole, usePreferences } from '../state/context.ts';
import { EmptyState } from '../ui/states.tsx';
import { Split } from '../ui/split.tsx';
import { BottomBar } from './bottom-bar.tsx';
import { DetailPanel } from './detail-panel.tsx';
import { ErrorBoundary } from './error-boundary.tsx';
import { views } from './routes.ts';
import { Sidebar } from './sidebar.tsx';
import { TopBar } from './top-bar.tsx';
import './frame.css';

/** The console with a case open: bars above and below, sidebar, the view, and the detail of what is selected. */
export function Frame() {
  const { preferences } = useConsole();
  const viewId = useAddress((state) => state.view);
  const selected = useAddress((state) => state.selected);
  const detailWidth = usePreferences((state) => state.detailWidth);
  const view = views.find(({ id }) => id === viewId);
  useFrameCommands();
  useUnpinnedDetailLeaves();

  const Content = view?.component;
  return (
    <div className="frame">
      <TopBar />
      <div className="frame-middle">
        <Sidebar />
        <Split
          label="the detail panel"
          width={detailWidth}
          onResize={(width) => preferences.getState().change({ detailWidth: width })}
          main={
            <main className="frame-main" aria-label={view?.title ?? 'View'}>
              <ErrorBoundary place={viewId}>
                {Content === undefined ? (
                  <EmptyState title="There is no such view">Choose one in the sidebar.</EmptyState>
                ) : (
                  <Content />
                )}
              </ErrorBoundary>
            </main>
          }
          side={selected === null ? null : <DetailPanel selected={selected} />}
        />
      </div>
      <BottomBar />
    </div>
  );
}

function useFrameCommands(): void {
  const { address, case: current, preferences } = useConsole();
  useCommands(
    useMemo(
      (): readonly Command[] => [
        ...views.map((view) => ({
          id: `view.${view.id}`,
          title: `Go to ${view.title}`,
          group: 'View',
          keys: [view.keys],
          run: () => address.getState().go({ view: view.id }),
        })),
        {
          id: 'detail.close',
          title: 'Close the detail panel',
          group: 'View',
          keys: ['Escape'],
          run: () => address.getState().go({ selected: null }),
        },
        {
          id: 'detail.pin',
          title: 'Pin or unpin the detail panel',
          group: 'View',
          keys: ['p'],
          run: () => preferences.getState().change({ detailPinned: !preferences.getState().detailPinned }),
        },
        {
          id: 'sidebar.toggle',
          title: 'Make the sidebar narrow or wide',
          group: 'View',
          keys: ['Mod+b'],
          run: () =>
            preferences
              .getState()
              .change({ sidebar: preferences.getState().sidebar === 'wide' ? 'narrow' : 'wide' }),
        },
        {
          id: 'filter.clear',
          title: 'Clear query and time range',
          group: 'View',
          run: () => address.getState().go({ query: '', from: null, to: null }),
        },
        {
          id: 'case.close',
          title: 'Close the case',
          group: 'Case',
          run: () => void current.getState().close(),
        },
      ],
      [address, current, preferences],
    ),
  );
}

/** On the way to another view the selection stays behind, unless its panel is pinned. */
function useUnpinnedDetailLeaves(): void {
  const { address, preferences } = useConsole();
  useEffect(
    () =>
      address.subscribe((now, before) => {
        const kept = preferences.getState().detailPinned || now.selected === null;
        if (now.view !== before.view && !kept && now.selected === before.selected) {
          now.go({ selected: null }, 'replace');
        }
      }),
    [address, preferences],
  );
}
