import { Suspense, lazy } from 'react';
import { useAddress, useConsole } from '../../state/context.ts';
import { EmptyState, Loading } from '../../ui/states.tsx';
import { Tabs } from '../../ui/tabs.tsx';
import { Toolbar } from '../../ui/toolbar.tsx';
import { BundleList } from './bundles/bundle-list.tsx';
import { BundlePage } from './bundles/bundle-page.tsx';
import { type TracePlace, placeOfTab } from './places.ts';
import { ReplayPage } from './replay/replay-page.tsx';
import { TestList } from './tests/test-list.tsx';
import { TracePage } from './trace/trace-page.tsx';
import { WhatIfPage } from './what-if/what-if-page.tsx';
import './traces.css';

/** It reads YAML, which is loaded where it is needed. */
const TestsPage = lazy(() => import('./tests/tests-page.tsx'));

/** Why a decision fell, the bundles that decide, and what the whole log would come to under another one. */
export function TracesView() {
  const { address } = useConsole();
  const place = placeOfTab(useAddress((state) => state.tab));
  const last = useAddress((state) => (state.selected?.kind === 'event' ? state.selected.id : null));
  return (
    <>
      <Toolbar title="Traces" />
      <Tabs
        label="Traces"
        current={place.part}
        onChange={(next) =>
          address.getState().go({ tab: next === 'trace' ? (last === null ? null : `event/${last}`) : next })
        }
        tabs={[
          { id: 'trace', title: 'Decision' },
          { id: 'what-if', title: 'What if' },
          { id: 'tests', title: 'Policy tests' },
          { id: 'bundles', title: 'Policy bundles' },
          { id: 'replay', title: 'Replay' },
        ]}
      >
        <Part {...place} />
      </Tabs>
    </>
  );
}

function Part({ part, id, other, base }: TracePlace) {
  if (part === 'what-if') return <WhatIfPage base={base} />;
  if (part === 'tests') return <Tests name={id} />;
  if (part === 'replay') return <ReplayPage />;
  if (part === 'bundles') return id === null ? <BundleList /> : <BundlePage key={id} id={id} other={other} />;
  return id === null ? <NoEvent /> : <TracePage key={id} event={id} other={other} />;
}

function Tests({ name }: { readonly name: string | null }) {
  return name === null ? (
    <TestList />
  ) : (
    <Suspense fallback={<Loading what="the editor" />}>
      <TestsPage key={name} name={name} />
    </Suspense>
  );
}

function NoEvent() {
  const { address } = useConsole();
  return (
    <EmptyState
      title="No decision is chosen"
      actions={
        <button
          type="button"
          className="button primary"
          onClick={() => address.getState().go({ view: 'events' })}
        >
          Go to the events
        </button>
      }
    >
      Choose an event and open its decision: here stands what the log says, what the policy of that moment
      says, by which rule, and why.
    </EmptyState>
  );
}
