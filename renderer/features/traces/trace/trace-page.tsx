import { useMemo, useState } from 'react';
import type { CaseBundle } from '#shared/domain/bundle.ts';
import type { PolicyText } from '#shared/domain/policy-system.ts';
import type { DecisionTrace, PolicyRef } from '#shared/domain/trace.ts';
import type { Command } from '../../../state/commands.ts';
import { useCase, useCommands, useConsole, useHref } from '../../../state/context.ts';
import { useRequest } from '../../../state/use-request.ts';
import { Button } from '../../../ui/button.tsx';
import { EmptyState, ErrorState, Loading } from '../../../ui/states.tsx';
import { useCopy } from '../../../ui/use-copy.ts';
import { BundleSelect } from '../bundle-select.tsx';
import { testsTab, traceTab, whatIfTab } from '../places.ts';
import { AddTest } from '../tests/add-test.tsx';
import { decides, determiningRef } from './determining.ts';
import { PolicyBeside } from './policy-beside.tsx';
import { TraceLayers } from './trace-layers.tsx';
import { TraceRequest } from './trace-request.tsx';
import { traceText } from './trace-text.ts';
import { TraceVerdict } from './trace-verdict.tsx';

interface TracePageProps {
  readonly event: string;
  /** The bundle under which the same event is shown beside. */
  readonly other: string | null;
}

/** One decision: the request, what the log and the policy say to it, and each rule that was considered. */
export function TracePage({ event, other }: TracePageProps) {
  const { address } = useConsole();
  const copy = useCopy();
  const { value: trace, error, reload } = useRequest('policy.explain', { event });
  const { value: beside, error: besideError } = useRequest(
    'policy.explain',
    other === null ? null : { event, bundle: other },
  );
  const { value: bundles } = useRequest('bundles.list', {});
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
        <div className="trace-sides">
          <section aria-label="As it was">
            <h2>{trace.bundle?.matchedBy === 'user' ? 'Under the bundle' : 'As it was'}</h2>
            <TraceColumn trace={trace} bundles={bundles ?? []} narrow />
          </section>
          <section aria-label="Under the other bundle">
            <h2>Under the other bundle</h2>
            {besideError === null ? null : (
              <ErrorState what="The decision could not be explained" error={besideError} />
            )}
            {beside === null && besideError === null ? <Loading what="the other decision" /> : null}
            {beside === null ? null : (
              <TraceColumn trace={beside} bundles={bundles ?? []} narrow suffix=" there" />
            )}
          </section>
        </div>
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

interface TraceColumnProps {
  readonly trace: DecisionTrace;
  readonly bundles: readonly CaseBundle[];
  /** Two stand side by side: the text goes below. */
  readonly narrow?: boolean;
  /** Added to the names of the second. */
  readonly suffix?: string;
}

function TraceColumn({ trace, bundles, narrow = false, suffix = '' }: TraceColumnProps) {
  const [chosen, setChosen] = useState<PolicyRef | null>(null);
  const bundle = trace.bundle?.id ?? null;
  const { value: texts } = useRequest('bundles.text', bundle === null ? null : { id: bundle });
  const ref = chosen ?? determiningRef(trace);
  return (
    <>
      <TraceVerdict
        trace={trace}
        bundle={bundles.find(({ id }) => id === bundle) ?? null}
        label={`The verdict${suffix}`}
      />
      {trace.evaluation === undefined ? (
        <NoBundle system={trace.system} />
      ) : (
        <div className={narrow ? 'trace-body narrow' : 'trace-body'}>
          <TraceLayers trace={trace} chosen={ref} onChoose={setChosen} />
          <Beside
            texts={texts}
            reference={ref}
            determines={chosen === null && decides(trace, ref)}
            suffix={suffix}
          />
        </div>
      )}
    </>
  );
}

interface BesideProps {
  readonly texts: readonly PolicyText[] | null;
  readonly reference: PolicyRef | null;
  readonly determines: boolean;
  readonly suffix: string;
}

function Beside({ texts, reference, determines, suffix }: BesideProps) {
  if (reference === null) {
    return <p className="muted trace-note">No single rule decided. Choose a rule to see its text here.</p>;
  }
  if (texts === null) return <Loading what="the policy’s text" />;
  return <PolicyBeside texts={texts} reference={reference} determines={determines} suffix={suffix} />;
}

function NoBundle({ system }: { readonly system: string }) {
  const { address } = useConsole();
  return (
    <EmptyState
      title={`The case has no bundle of ${system}`}
      actions={
        <Button look="primary" onClick={() => address.getState().go({ tab: 'bundles' })}>
          Add a bundle
        </Button>
      }
    >
      Only what the log says is known. Add the policies that were in force, and the decision is recomputed
      rule by rule.
    </EmptyState>
  );
}
