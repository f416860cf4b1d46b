import { useCallback, useMemo, useRef } from 'react';
import type { Command } from '../../state/commands.ts';
import { useAddress, useCase, useCommands, useConsole, usePreferences } from '../../state/context.ts';
import { Button } from '../../ui/button.tsx';
import { QueryBar } from '../../ui/query-bar.tsx';
import { NoEvents } from '../../ui/no-events.tsx';
import { EmptyState } from '../../ui/states.tsx';
import { Toolbar } from '../../ui/toolbar.tsx';
import { ColumnMenu } from './column-menu.tsx';
import { EventsHistogram } from './events-histogram.tsx';
import { EventsTable } from './events-table.tsx';
import { FacetList } from './facet-list.tsx';
import { useQuestion } from './question.ts';
import './events.css';

/** Every event of the case: filtered by the query bar, seen over time, counted by facets, read one by one. */
export function EventsView() {
  const { address, preferences } = useConsole();
  const query = useAddress((state) => state.query);
  const question = useQuestion();
  const isEmpty = useCase((state) => state.summary?.events === 0);
  const facets = usePreferences((state) => state.facets);
  const input = useRef<HTMLInputElement>(null);
  const toggleFacets = useCallback(
    () => preferences.getState().change({ facets: !preferences.getState().facets }),
    [preferences],
  );

  useCommands(
    useMemo(
      (): readonly Command[] => [
        {
          id: 'events.query',
          title: 'Write a query',
          group: 'Events',
          keys: ['/'],
          run: () => input.current?.focus(),
        },
        {
          id: 'events.facets',
          title: 'Show or hide the facets',
          group: 'Events',
          keys: ['\\'],
          run: toggleFacets,
        },
        {
          id: 'events.order',
          title: 'Newest or oldest events first',
          group: 'Events',
          keys: ['s'],
          run: () => address.getState().go({ sort: address.getState().sort === null ? 'time' : null }),
        },
        ...(['deny', 'error'] as const).map((outcome) => ({
          id: `events.${outcome}`,
          title: `Filter for outcome ${outcome}`,
          group: 'Events',
          run: () => address.getState().filterFor('outcome', outcome),
        })),
      ],
      [address, toggleFacets],
    ),
  );

  if (isEmpty) {
    return (
      <>
        <Toolbar title="Events" />
        <NoEvents>Import exported access logs; their events appear here as they are read.</NoEvents>
      </>
    );
  }
  return (
    <div className="events">
      <header className="toolbar events-head">
        <h1>Events</h1>
        <QueryBar
          query={query}
          input={input}
          onQuery={(next) => {
            address.getState().go({ query: next });
          }}
        />
        <Button icon="filter" className="facets-toggle" aria-pressed={facets} onClick={toggleFacets}>
          Facets
        </Button>
        <ColumnMenu />
      </header>
      {question === null ? (
        <EmptyState title="The query cannot be read yet">
          Correct it in the query bar, which says what is wrong and where.
        </EmptyState>
      ) : (
        <>
          <EventsHistogram question={question} />
          <div className="events-middle">
            {facets ? <FacetList question={question} /> : null}
            <EventsTable question={question} />
          </div>
        </>
      )}
    </div>
  );
}
