import { Suspense } from 'react';
import type { Selection } from '../state/address.ts';
import { useConsole, usePreferences } from '../state/context.ts';
import { IconButton } from '../ui/button.tsx';
import { EmptyState, Loading } from '../ui/states.tsx';
import { ErrorBoundary } from './error-boundary.tsx';

/** The panel at the side: what is selected, pinned or not. */
export function DetailPanel({ selected }: { readonly selected: Selection }) {
  const { commands, features, preferences } = useConsole();
  const pinned = usePreferences((state) => state.detailPinned);
  const detail = features
    .map(({ details = {} }) => (Object.hasOwn(details, selected.kind) ? details[selected.kind] : undefined))
    .find((candidate) => candidate !== undefined);
  const Content = detail?.component;
  return (
    <>
      <header className="detail-head">
        <h2>{detail?.title ?? 'Detail'}</h2>
        <IconButton
          icon="pin"
          label={pinned ? 'Unpin: close when the view changes' : 'Pin: keep open when the view changes'}
          aria-pressed={pinned}
          onClick={() => preferences.getState().change({ detailPinned: !pinned })}
        />
        <IconButton
          icon="close"
          label="Close (Esc)"
          onClick={() => commands.getState().run('detail.close')}
        />
      </header>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- scrolls, so keys must reach it */}
      <section className="detail-body" tabIndex={0} aria-label={detail?.title ?? 'Detail'}>
        <ErrorBoundary place={`${selected.kind}:${selected.id}`}>
          {Content === undefined ? (
            <EmptyState title="Nothing is known of this selection">
              Close the panel and choose again.
            </EmptyState>
          ) : (
            <Suspense fallback={<Loading what="the detail" />}>
              <Content key={selected.kind} id={selected.id} />
            </Suspense>
          )}
        </ErrorBoundary>
      </section>
    </>
  );
}
