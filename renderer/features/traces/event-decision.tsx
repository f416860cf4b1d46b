import type { DecisionTrace } from '#shared/domain/trace.ts';
import { useHref } from '../../state/context.ts';
import { LogText } from '../../ui/log-line.tsx';
import { ErrorState, Loading } from '../../ui/states.tsx';
import { traceTab } from './places.ts';
import { TraceVerdict } from './trace/trace-verdict.tsx';
import { layerOutcomes, layerTitle } from './trace/words.ts';
import { useTrace } from './use-trace.ts';

/** Why the event was decided so, in short; the whole trace is one step away. */
export function EventDecision({ id }: { readonly id: string }) {
  const { value: trace, error, reload } = useTrace(id);
  const href = useHref({ view: 'traces', tab: traceTab(id), selected: null });
  if (error !== null) {
    return <ErrorState what="The decision could not be explained" error={error} onRetry={reload} />;
  }
  // While another event is selected, the last one's trace is still here: it must not stand under this one's name.
  if (trace === null || trace.event?.id !== id) return <Loading what="the decision" />;
  return (
    <div className="event-decision">
      <p>
        <a className="button" href={href}>
          Open the trace
        </a>
      </p>
      <TraceVerdict trace={trace} bundle={null} />
      <LayerList trace={trace} />
    </div>
  );
}

function LayerList({ trace: { evaluation } }: { readonly trace: DecisionTrace }) {
  if (evaluation === undefined || evaluation.layers.length === 0) return null;
  return (
    <ol className="event-layers" aria-label="Layers in the order of evaluation">
      {evaluation.layers.map((layer, index) => (
        <li key={index}>
          <LogText text={layerTitle(layer)} />
          <span className="muted"> {layerOutcomes[layer.outcome]}</span>
        </li>
      ))}
    </ol>
  );
}
