import { Suspense, useEffect, useMemo } from 'react';
import type { Command } from '../state/commands.ts';
import { useAddress, useCommands, useConsole, usePreferences } from '../state/context.ts';
import { EmptyState, Loading } from '../ui/states.tsx';
import { Split } from '../ui/split.tsx';
import { BottomBar } from './bottom-bar.tsx';
import { DetailPanel } from './detail-panel.tsx';
import { ErrorBoundary } from './error-boundary.tsx';
import { Sidebar } from './sidebar.tsx';
import { TopBar } from './top-bar.tsx';
import './frame.css';

/** The console with a case open: bars above and below, sidebar, the view, and the detail of what is selected. */
export function Frame() {
  const { features, preferences } = useConsole();
  const viewId = useAddress((state) => state.view);
  const selected = useAddress((state) => state.selected);
  const detailWidth = usePreferences((state) => state.detailWidth);
  const view = features.find((feature) => feature.view?.id === viewId)?.view;
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
                  <Suspense fallback={<Loading what={view?.title ?? 'the view'} />}>
                    <Content />
                  </Suspense>
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
  const console = useConsole();
  const { address, case: current, preferences } = console;
  useCommands(
    useMemo(
      (): readonly Command[] => [
        ...console.features.flatMap(({ view }) =>
          view === undefined
            ? []
            : {
                id: `view.${view.id}`,
                title: `Go to ${view.title}`,
                group: 'View',
                keys: [view.keys],
                run: () => address.getState().go({ view: view.id }),
              },
        ),
        ...console.features.flatMap(({ commands }) => commands?.(console) ?? []),
        {
          id: 'detail.close',
          title: 'Close the detail panel',
          group: 'View',
          keys: ['Escape'],
          run: () => {
            // What had the focus is about to go: the table takes it back, so that its keys go on working.
            if (document.activeElement?.closest('aside') !== null) focusInView();
            address.getState().go({ selected: null });
          },
        },
        {
          id: 'detail.focus',
          title: 'Move into the detail panel',
          group: 'View',
          keys: ['d'],
          run: () => document.querySelector<HTMLElement>('.detail-body')?.focus(),
        },
        {
          id: 'view.focus',
          title: 'Move into the table',
          group: 'View',
          keys: ['j', 'k', 't'],
          run: focusInView,
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
      [console, address, current, preferences],
    ),
  );
}

/** The view's table, which then has the keys j, k and Enter; without one, the view itself. */
function focusInView(): void {
  const view = document.querySelector('main');
  const table = view?.querySelector<HTMLElement>('[role=grid]');
  (table ?? view?.querySelector<HTMLElement>('[tabindex="0"], button, a[href]'))?.focus();
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
