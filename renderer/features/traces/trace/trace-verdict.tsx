import type { ReactNode } from 'react';
import type { CaseBundle } from '#shared/domain/bundle.ts';
import type { DecisionTrace } from '#shared/domain/trace.ts';
import { useHref } from '../../../state/context.ts';
import { Icon } from '../../../ui/icon.tsx';
import { LogText } from '../../../ui/log-line.tsx';
import { Badge, OutcomeMark } from '../../../ui/outcome-mark.tsx';
import { ShortId, Time } from '../../../ui/values.tsx';
import { bundleTab } from '../places.ts';
import { rebuiltWords } from './rebuilt-words.ts';
import { ConditionTree } from './condition-tree.tsx';
import { recordedWords } from './recorded-words.ts';
import { causeWords, outcomeOf } from './words.ts';
import './trace-verdict.css';

interface TraceVerdictProps {
  readonly trace: DecisionTrace;
  readonly bundle: CaseBundle | null;
  /** Names the part for screen readers where two stand on one page. */
  readonly label?: string;
}

/** What was recorded and what the policy says, each marked as what it is; where they differ, and what would change it. */
export function TraceVerdict({ trace, bundle, label = 'The verdict' }: TraceVerdictProps) {
  const { recorded, evaluation, divergence, provenance } = trace;
  const isInferred = provenance === 'inferred';
  return (
    <section className="trace-verdict" aria-label={label}>
      {recorded === undefined ? null : (
        <Said kind="recorded" title="Recorded" note="the log says so">
          <OutcomeMark outcome={recorded.decision} />
          {recorded.reason === undefined || recorded.reason === '' ? (
            <span className="muted"> without a reason</span>
          ) : (
            <>
              {' '}
              <LogText text={recorded.reason} />
            </>
          )}
          <RecordedLine recorded={recorded} />
        </Said>
      )}
      {evaluation === undefined ? null : (
        <Said
          kind={isInferred ? 'inferred' : 'recomputed'}
          title={isInferred ? 'Inferred' : 'Recomputed'}
          note={isInferred ? 'derived from what is known' : 'the policy was asked again'}
        >
          <OutcomeMark outcome={outcomeOf(evaluation.decision)} /> <LogText text={evaluation.verdict} />
          <BundleLine trace={trace} bundle={bundle} />
        </Said>
      )}
      {divergence === undefined ? null : (
        <p className="trace-divergence">
          <Icon name="warning" />
          <span>
            <strong>Recorded and recomputed differ:</strong> {causeWords[divergence.likelyCause]}.{' '}
            <LogText text={divergence.why} />
          </span>
        </p>
      )}
      {evaluation === undefined ? null : <Limits evaluation={evaluation} />}
      {evaluation?.wouldAllowIf === undefined ? null : (
        <details className="trace-would">
          <summary>Would be allowed if …</summary>
          <ConditionTree node={evaluation.wouldAllowIf} label="Would be allowed if" />
        </details>
      )}
    </section>
  );
}

interface SaidProps {
  readonly kind: 'recorded' | 'recomputed' | 'inferred';
  readonly title: string;
  readonly note: string;
  readonly children: ReactNode;
}

/** Colour is never alone: each kind has its word and its own border. */
function Said({ kind, title, note, children }: SaidProps) {
  return (
    <div className={`said ${kind}`}>
      <p className="said-kind">
        <strong>{title}</strong> <span className="muted">{note}</span>
      </p>
      <div className="said-what">{children}</div>
    </div>
  );
}

/** The policies that the log names, and the system's own answer. */
function RecordedLine({ recorded }: { readonly recorded: NonNullable<DecisionTrace['recorded']> }) {
  const words = recordedWords(recorded);
  return words === null ? null : (
    <p className="muted">
      <LogText text={words} />
    </p>
  );
}

function BundleLine({ trace: { bundle: ref, pdp }, bundle }: TraceVerdictProps) {
  const href = useHref({ tab: ref?.id === undefined ? null : bundleTab(ref.id) });
  if (ref === undefined) return null;
  return (
    <p className="muted">
      {ref.id === undefined ? (
        <>
          by the changed policies <ShortId value={ref.digest} />
        </>
      ) : (
        <>
          by bundle{' '}
          <a href={href}>
            {bundle === null ? (
              <ShortId value={ref.digest} />
            ) : (
              <LogText text={bundle.path.slice(bundle.path.lastIndexOf('/') + 1)} />
            )}
          </a>
        </>
      )}
      {ref.revision === undefined ? null : (
        <>
          {' '}
          of revision <LogText text={ref.revision} />
        </>
      )}
      {ref.id === undefined ? null : ref.matchedBy === 'revision' ? (
        ', which the log names'
      ) : ref.inForceFrom === undefined ? (
        ', of which it is not known since when it was in force'
      ) : (
        <>
          {' '}
          in force from <Time value={ref.inForceFrom} to="second" />
        </>
      )}
      {ref.rebuilt === undefined ? null : (
        <>
          {' '}
          {rebuiltWords(ref.rebuilt)} <Time value={ref.rebuilt.at} to="second" />
        </>
      )}
      {ref.matchedBy === 'user' ? ', chosen by you' : ''} · {pdp.engine.name} {pdp.engine.version}
      {pdp.engine.rung === undefined ? '' : ` (${pdp.engine.rung})`}
    </p>
  );
}

function Limits({ evaluation }: { readonly evaluation: NonNullable<DecisionTrace['evaluation']> }) {
  const { completeness, unknowns, assumptions, errors, result } = evaluation;
  const told: (readonly [string, readonly string[]])[] = [
    ['Not known, and it would matter', unknowns],
    ['Errors', errors.map(({ message }) => message)],
    ['Taken for granted', assumptions],
    ['The engine’s own result', result === undefined ? [] : [JSON.stringify(result)]],
  ];
  return (
    <>
      {completeness === 'full' ? null : (
        <p>
          <Badge tone="warning">{completeness === 'partial' ? 'partial' : 'decision only'}</Badge>{' '}
          {completeness === 'partial'
            ? 'Something that may decide is not modelled or not in the bundle.'
            : 'This engine tells the decision, not its reasons.'}
        </p>
      )}
      {told.map(([title, lines]) =>
        lines.length === 0 ? null : (
          <div key={title} className="trace-limits">
            <p className="muted">{title}</p>
            <ul>
              {lines.map((line) => (
                <li key={line}>
                  <LogText text={line} />
                </li>
              ))}
            </ul>
          </div>
        ),
      )}
    </>
  );
}
