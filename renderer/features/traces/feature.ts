import { lazy } from 'react';
import type { Command } from '../../state/commands.ts';
import type { Console } from '../../state/console.ts';
import type { Feature } from '../../state/feature.ts';
import { EventDecision } from './event-decision.tsx';
import { traceTab } from './places.ts';

const TracesView = lazy(async () => ({ default: (await import('./traces-view.tsx')).TracesView }));

export const traces: Feature = {
  view: { id: 'traces', title: 'Traces', icon: 'traces', keys: 'g t', component: TracesView },
  eventTabs: [
    {
      id: 'decision',
      title: 'Decision',
      keys: '4',
      command: 'Show why the event was decided so',
      component: EventDecision,
    },
  ],
  commands: ({ address }: Console): readonly Command[] => [
    {
      id: 'traces.explain',
      title: 'Explain the decision of the chosen event',
      group: 'Traces',
      run: () => {
        const { selected, go } = address.getState();
        go({
          view: 'traces',
          tab: selected?.kind === 'event' ? traceTab(selected.id) : null,
          selected: null,
        });
      },
    },
    {
      id: 'traces.what-if',
      title: 'Ask what a policy would say',
      group: 'Traces',
      run: () => address.getState().go({ view: 'traces', tab: 'what-if' }),
    },
    {
      id: 'traces.tests',
      title: 'Show the policy tests',
      group: 'Traces',
      run: () => address.getState().go({ view: 'traces', tab: 'tests' }),
    },
    {
      id: 'traces.bundles',
      title: 'Show the policy bundles',
      group: 'Traces',
      run: () => address.getState().go({ view: 'traces', tab: 'bundles' }),
    },
    {
      id: 'traces.replay',
      title: 'Replay the log under another policy',
      group: 'Traces',
      run: () => address.getState().go({ view: 'traces', tab: 'replay' }),
    },
  ],
};
