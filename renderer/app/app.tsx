import { type ReactNode, useEffect } from 'react';
import { StartScreen } from '../features/start/start-screen.tsx';
import { useCase, useConsole, usePreferences } from '../state/context.ts';
import { ErrorState, Loading } from '../ui/states.tsx';
import { Frame } from './frame.tsx';
import { Overlays } from './overlays.tsx';
import { Toasts } from './toasts.tsx';

/** The start screen without a case, the frame with one; what lies over both. */
export function App() {
  const { case: current } = useConsole();
  const status = useCase((state) => state.status);
  const error = useCase((state) => state.error);
  const name = useCase((state) => state.summary?.name ?? null);
  const theme = usePreferences((state) => state.theme);

  useEffect(() => {
    document.documentElement.dataset['theme'] = theme;
  }, [theme]);
  useEffect(() => {
    document.title = name === null ? 'Rescind' : `${name} – Rescind`;
  }, [name]);

  return (
    <>
      {status === 'loading' ? <Loading what="the console" /> : null}
      {status === 'failed' && error !== null ? (
        <main>
          <h1 className="visually-hidden">Rescind</h1>
          <ErrorState
            what="The host could not be asked for the case"
            error={error}
            onRetry={() => void current.getState().refresh()}
          />
        </main>
      ) : null}
      {status === 'closed' ? <StartScreen /> : null}
      {status === 'open' ? (
        <Providers>
          <Frame />
        </Providers>
      ) : null}
      <Overlays />
      <Toasts />
    </>
  );
}

/** What features put around the console while a case is open. */
function Providers({ children }: { readonly children: ReactNode }) {
  return useConsole().features.reduceRight<ReactNode>(
    (inner, { provider: Provider }) => (Provider === undefined ? inner : <Provider>{inner}</Provider>),
    children,
  );
}
