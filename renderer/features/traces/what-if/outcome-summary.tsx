import type { Failure } from '#shared/util/result.ts';
import type { DecisionTrace } from '#shared/domain/trace.ts';
import type { LayerChange, TraceComparison } from '#shared/what-if/compare-traces.ts';
import { Icon } from '../../../ui/icon.tsx';
import { LogText } from '../../../ui/log-line.tsx';
import { escapedText } from '../../../ui/log-text.ts';
import { OutcomeMark } from '../../../ui/outcome-mark.tsx';
import { layerName, layerOutcomes, outcomeOf } from '../trace/words.ts';

interface OutcomeSummaryProps {
  readonly before: DecisionTrace;
  /** Null while nothing has been asked yet. */
  readonly after: DecisionTrace | null;
  readonly comparison: TraceComparison | null;
  readonly changed: boolean;
  /** A newer answer is on its way, or waits for a text that can be read. */
  readonly pending: string | null;
  readonly error: Failure | null;
}

/** In one line what the change does: the decision before and after, and the layers that say something else. */
export function OutcomeSummary({ before, after, comparison, changed, pending, error }: OutcomeSummaryProps) {
  return (
    <section className="what-if-summary" aria-label="What the change does" aria-live="polite">
      {error === null ? null : (
        <p className="what-if-error">
          <Icon name="warning" /> <span>{escapedText(error.message)}</span>
        </p>
      )}
      <p className="what-if-decisions">
        <span className="muted">As it is</span>
        <OutcomeMark outcome={outcomeOf(before.evaluation?.decision ?? 'unknown')} />
        <span aria-hidden="true">→</span>
        <span className="muted">what if</span>
        <OutcomeMark outcome={outcomeOf(after?.evaluation?.decision ?? 'unknown')} />
        {pending === null ? null : <span className="muted">{pending}</span>}
      </p>
      <p>{words(before, after, comparison, changed)}</p>
      {comparison === null || comparison.layers.length === 0 ? null : (
        <ul className="what-if-layers">
          {comparison.layers.map((change) => (
            <li key={`${change.name} ${change.label ?? ''}`}>
              <LogText text={layerName(change.name, change.label)} />: {layerWords(change)}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function words(
  before: DecisionTrace,
  after: DecisionTrace | null,
  comparison: TraceComparison | null,
  changed: boolean,
): string {
  if (after === null || comparison === null) return 'Nothing has been asked yet.';
  if (!changed) return 'Nothing is changed yet: change the request or the policy below.';
  const same = before.evaluation?.decision === after.evaluation?.decision;
  const steps = comparison.before.size + comparison.after.size > 0;
  if (!same) return 'The change turns the decision.';
  return steps || comparison.layers.length > 0
    ? 'The decision stays, but it comes about differently.'
    : 'The change makes no difference.';
}

function layerWords({ before, after }: LayerChange): string {
  if (before === null) return `new, ${after === null ? '' : layerOutcomes[after]}`;
  if (after === null) return `${layerOutcomes[before]} → not there`;
  return `${layerOutcomes[before]} → ${layerOutcomes[after]}`;
}
