import { useMemo, useState } from 'react';
import type { Command } from '../../../state/commands.ts';
import { useCase, useCommands, useConsole, useHref } from '../../../state/context.ts';
import { useSharedRequest } from '../../../state/use-shared-request.ts';
import { Button } from '../../../ui/button.tsx';
import { ErrorState, Loading } from '../../../ui/states.tsx';
import { useCopy } from '../../../ui/use-copy.ts';
import { BundleSelect } from '../bundle-select.tsx';
import { testsTab, traceTab, whatIfTab } from '../places.ts';
import { AddTest } from '../tests/add-test.tsx';
import { useTrace } from '../use-trace.ts';
import { TraceColumn } from './trace-column.tsx';
import { TraceRequest } from './trace-request.tsx';
import { traceText } from './trace-text.ts';
import { TwoBundles } from './two-bundles.tsx';

interface TracePageProps {
  readonly event: string;
  /** The bundle under which the same event is shown beside. */
  readonly other: string | null;
}

/** One decision: the request, what the log and the policy say to it, and each rule that was considered. */
export function TracePage({ event, other }: TracePageProps) {
  const { address } = useConsole();
  const copy = useCopy();
  const { value: trace, error, reload } = useTrace(event);
  const { value: bundles } = useSharedRequest('bundles.list', {});
  const eventHref = useHref({ view: 'events', selected: { kind: 'event', id: event }, query: '' });
  const whatIfHref = useHref({ tab: whatIfTab(event, other) });
  const readOnly = useCase((state) => state.info?.readOnly === true);
  const [adding, setAdding] = useState(false);
  useCommands(
    useMemo(
      (): readonly Command[] =>
        trace === null
          ? []
          : [
              {
                id: 'traces.share',
                title: 'Copy the trace as text',
                group: 'Traces',
                run: () => copy(traceText(trace), 'Trace'),
              },
            ],
      [copy, trace],
    ),
  );
  if (error !== null)
    return <ErrorState what="The decision could not be explained" error={error} onRetry={reload} />;
  if (trace === null) return <Loading what="the decision" />;
  const usable = (bundles ?? []).filter(({ system }) => system === trace.system);
  return (
    <div className="trace-page">
      <div className="trace-actions">
        <a className="button" href={eventHref}>
          Show the event
        </a>
        <Button icon="copy" onClick={() => copy(traceText(trace), 'Trace')}>
          Share as text
        </Button>
        {trace.evaluation === undefined ? null : (
          <a className="button" href={whatIfHref}>
            What if …
          </a>
        )}
        {readOnly || trace.evaluation === undefined ? null : (
          <Button onClick={() => setAdding(true)}>Add as a test …</Button>
        )}
        {usable.length === 0 ? null : (
          <BundleSelect
            label="Beside it, under"
            bundles={usable}
            value={other}
            none="no other bundle"
            onChange={(bundle) => address.getState().go({ tab: traceTab(event, bundle) })}
          />
        )}
      </div>
      <TraceRequest trace={trace} />
      {other === null ? (
        <TraceColumn trace={trace} bundles={bundles ?? []} />
      ) : (
        <TwoBundles key={other} trace={trace} other={other} bundles={bundles ?? []} />
      )}
      {adding ? (
        <AddTest
          request={trace.request}
          decision={trace.evaluation?.decision ?? 'deny'}
          onClose={() => setAdding(false)}
          onAdded={(name) => address.getState().go({ tab: testsTab(name) })}
        />
      ) : null}
    </div>
  );
}
