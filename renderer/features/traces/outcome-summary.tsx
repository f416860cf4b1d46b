import type { Failure } from '#shared/util/result.ts';
import type { DecisionTrace } from '#shared/domain/trace.ts';
import type { LayerChange, TraceComparison } from '#shared/what-if/compare-traces.ts';
import { Icon } from '../../ui/icon.tsx';
import { LogText } from '../../ui/log-line.tsx';
import { escapedText } from '../../ui/log-text.ts';
import { OutcomeMark } from '../../ui/outcome-mark.tsx';
import { layerName, layerOutcomes, outcomeOf } from './trace/words.ts';

interface OutcomeSummaryProps {
  readonly label: string;
  /** What the two are. */
  readonly names: readonly [string, string];
  readonly before: DecisionTrace;
  /** Null while nothing has been asked yet. */
  readonly after: DecisionTrace | null;
  readonly comparison: TraceComparison | null;
  /** Said while there is nothing to compare yet. */
  readonly idle?: string | null;
  /** A newer answer is on its way, or waits for a text that can be read. */
  readonly pending?: string | null;
  readonly error?: Failure | null;
}

/** In one line what a change does: the decision before and after, and the layers that say something else. */
export function OutcomeSummary({
  label,
  names,
  before,
  after,
  comparison,
  idle = null,
  pending = null,
  error = null,
}: OutcomeSummaryProps) {
  return (
    <section className="what-if-summary" aria-label={label} aria-live="polite">
      {error === null ? null : (
        <p className="what-if-error">
          <Icon name="warning" /> <span>{escapedText(error.message)}</span>
        </p>
      )}
      <p className="what-if-decisions">
        <span className="muted">{names[0]}</span>
        <OutcomeMark outcome={outcomeOf(before.evaluation?.decision ?? 'unknown')} />
        <span aria-hidden="true">→</span>
        <span className="muted">{names[1]}</span>
        <OutcomeMark outcome={outcomeOf(after?.evaluation?.decision ?? 'unknown')} />
        {pending === null ? null : <span className="muted">{pending}</span>}
      </p>
      <p>{idle ?? words(before, after, comparison)}</p>
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
): string {
  if (after === null || comparison === null) return 'Nothing has been asked yet.';
  const same = before.evaluation?.decision === after.evaluation?.decision;
  const steps = comparison.before.size + comparison.after.size > 0;
  if (!same) return 'The decision is another.';
  return steps || comparison.layers.length > 0
    ? 'The decision stays, but it comes about differently.'
    : 'It makes no difference.';
}

function layerWords({ before, after }: LayerChange): string {
  if (before === null) return `new, ${after === null ? '' : layerOutcomes[after]}`;
  if (after === null) return `${layerOutcomes[before]} → not there`;
  return `${layerOutcomes[before]} → ${layerOutcomes[after]}`;
}
