import { type ReactNode, useState } from 'react';
import type { CaseBundle } from '#shared/domain/bundle.ts';
import type { DecisionTrace } from '#shared/domain/trace.ts';
import { useConsole } from '../../../state/context.ts';
import { useRequest } from '../../../state/use-request.ts';
import { AddBundleButton } from '../../../ui/add-bundle-button.tsx';
import { Button } from '../../../ui/button.tsx';
import { EmptyState, ErrorState, Loading } from '../../../ui/states.tsx';
import { BundleSelect } from '../bundle-select.tsx';
import { type WhatIfBase, requestOfTab, traceTab, whatIfAskTab } from '../places.ts';
import { Bench } from './bench.tsx';
import { emptyDraft, requestOf } from './draft.ts';

/** What would be if: from the decision of an event, or from a question. */
export function WhatIfPage({ base }: { readonly base: WhatIfBase | null }) {
  if (base === null) return <AskFirst />;
  return base.kind === 'event' ? (
    <OfEvent event={base.event} bundle={base.bundle} />
  ) : (
    <OfQuestion bundle={base.bundle} request={base.request} />
  );
}

function OfEvent({ event, bundle }: { readonly event: string; readonly bundle: string | null }) {
  const { address } = useConsole();
  const { value, error, reload } = useRequest('policy.explain', { event, bundle });
  return (
    <div className="trace-page">
      {error === null ? null : (
        <ErrorState what="The decision could not be explained" error={error} onRetry={reload} />
      )}
      {value === null && error === null ? <Loading what="the decision" /> : null}
      {value === null ? null : (
        <WithPolicies
          trace={value}
          bundle={value.bundle?.id ?? null}
          lead={
            <Button onClick={() => address.getState().go({ tab: traceTab(event) })}>
              Back to the decision
            </Button>
          }
        />
      )}
    </div>
  );
}

function OfQuestion({ bundle, request }: { readonly bundle: string; readonly request: string }) {
  const parsed = requestOfTab(request);
  const { value, error, reload } = useRequest(
    'policy.ask',
    parsed === null ? null : { bundle, request: parsed },
  );
  return (
    <div className="trace-page">
      {parsed === null ? (
        <EmptyState title="This address names no request">It was cut off, or written by hand.</EmptyState>
      ) : null}
      {error === null ? null : (
        <ErrorState what="The question could not be answered" error={error} onRetry={reload} />
      )}
      {value === null && error === null && parsed !== null ? <Loading what="the decision" /> : null}
      {value === null ? null : <WithPolicies trace={value} bundle={bundle} />}
    </div>
  );
}

interface WithPoliciesProps {
  readonly trace: DecisionTrace;
  readonly bundle: string | null;
  readonly lead?: ReactNode;
}

function WithPolicies({ trace, bundle: id, lead }: WithPoliciesProps) {
  const bundle = useRequest('bundles.get', id === null ? null : { id });
  const texts = useRequest('bundles.text', id === null ? null : { id });
  if (id === null) {
    return (
      <EmptyState title={`The case has no bundle of ${trace.system}`} actions={<AddBundleButton />}>
        What would be if can only be asked of policies. Add those that were in force.
      </EmptyState>
    );
  }
  const error = bundle.error ?? texts.error;
  if (error !== null) return <ErrorState what="The bundle could not be read" error={error} />;
  if (bundle.value === null || texts.value === null) return <Loading what="the policies" />;
  return (
    <Bench
      key={`${trace.id} ${id}`}
      base={withBundle(trace, bundle.value)}
      bundle={bundle.value}
      policies={texts.value}
      lead={lead}
    />
  );
}

function withBundle(trace: DecisionTrace, { id, inForceFrom }: CaseBundle): DecisionTrace {
  if (trace.bundle === undefined || trace.bundle.id !== undefined) return trace;
  const since = inForceFrom === null ? {} : { inForceFrom };
  return { ...trace, bundle: { ...trace.bundle, id, matchedBy: 'user', ...since } };
}

/** Chooses the bundle that a question is asked of. */
function AskFirst() {
  const { address } = useConsole();
  const { value: bundles, error, reload } = useRequest('bundles.list', {});
  const [chosen, setChosen] = useState<string | null>(null);
  if (error !== null)
    return <ErrorState what="The bundles could not be listed" error={error} onRetry={reload} />;
  if (bundles === null) return <Loading what="the bundles" />;
  const bundle = bundles.find(({ id }) => id === chosen) ?? bundles.at(-1);
  if (bundle === undefined) {
    return (
      <EmptyState title="There is no policy to ask" actions={<AddBundleButton />}>
        Add the policies as they were, or as they shall be, and ask what they would say.
      </EmptyState>
    );
  }
  return (
    <EmptyState
      title="Could they do that?"
      actions={
        <>
          <BundleSelect
            label="Under"
            bundles={bundles}
            value={bundle.id}
            none="the newest bundle"
            onChange={setChosen}
          />
          <Button
            look="primary"
            onClick={() => address.getState().go({ tab: whatIfAskTab(bundle.id, requestOf(emptyDraft)) })}
          >
            Ask a question
          </Button>
        </>
      }
    >
      Write a request and see what a bundle says to it, rule by rule; then change the request or the policies
      and see what becomes of it. From a decision of the log, “What if …” brings you here with its request.
    </EmptyState>
  );
}
