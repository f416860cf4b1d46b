import { useMemo, useState } from 'react';
import type { CaseBundle } from '#shared/domain/bundle.ts';
import type { PolicyText } from '#shared/domain/policy-system.ts';
import type { DecisionTrace, PolicyRef } from '#shared/domain/trace.ts';
import { type TraceComparison, compareTraces } from '#shared/what-if/compare-traces.ts';
import { useRequest } from '../../../state/use-request.ts';
import { Panel } from '../../../ui/panel.tsx';
import { ShortText } from '../../../ui/short-text.tsx';
import { ErrorState, Loading } from '../../../ui/states.tsx';
import { shortened } from '../../../ui/values.tsx';
import { CodeDifference } from '../code/code.tsx';
import { OutcomeSummary } from '../outcome-summary.tsx';
import { determiningRef, stepsOf } from './determining.ts';
import { PolicyBeside } from './policy-beside.tsx';
import { textOfRef } from './policy-range.ts';
import { textsId } from './rebuilt-words.ts';
import { NoBundle } from './trace-column.tsx';
import { TraceLayers } from './trace-layers.tsx';
import { TraceVerdict } from './trace-verdict.tsx';

interface TwoBundlesProps {
  readonly trace: DecisionTrace;
  /** The bundle under which it is shown beside. */
  readonly other: string;
  readonly bundles: readonly CaseBundle[];
}

/** One event under two bundles: what the second says otherwise, rule by rule, and the policy's text under both. */
export function TwoBundles({ trace, other, bundles }: TwoBundlesProps) {
  const event = trace.event?.id ?? '';
  const { value: beside, error, reload } = useRequest('policy.explain', { event, bundle: other });
  const [chosen, setChosen] = useState<PolicyRef | null>(null);
  const own = trace.bundle?.id ?? null;
  const comparison = useMemo(
    () =>
      trace.evaluation === undefined || beside?.evaluation === undefined
        ? null
        : compareTraces(trace.evaluation, beside.evaluation),
    [trace, beside],
  );
  const ref = chosen ?? changedRef(trace, beside, comparison) ?? determiningRef(trace);
  return (
    <>
      {error === null ? null : (
        <ErrorState what="The decision could not be explained" error={error} onRetry={reload} />
      )}
      {beside === null || trace.evaluation === undefined ? null : (
        <OutcomeSummary
          label="What the other bundle changes"
          names={['As it was', 'under the other bundle']}
          before={trace}
          after={beside}
          comparison={comparison}
        />
      )}
      {own === null || ref === null || beside === null ? null : (
        <UnderBoth own={textsId(trace) ?? own} other={other} reference={ref} />
      )}
      <div className="trace-sides">
        <section aria-label="As it was">
          <h2>{trace.bundle?.matchedBy === 'user' ? 'Under the bundle' : 'As it was'}</h2>
          <Side
            trace={trace}
            bundle={bundles.find(({ id }) => id === own) ?? null}
            label="The verdict"
            chosen={ref}
            onChoose={setChosen}
            changes={comparison?.before}
          />
        </section>
        <section aria-label="Under the other bundle">
          <h2>Under the other bundle</h2>
          {beside === null && error === null ? <Loading what="the other decision" /> : null}
          {beside === null ? null : (
            <Side
              trace={beside}
              bundle={bundles.find(({ id }) => id === other) ?? null}
              label="The verdict there"
              chosen={ref}
              onChoose={setChosen}
              changes={comparison?.after}
            />
          )}
        </section>
      </div>
    </>
  );
}

/** The rule that a person would look at first: one that fares otherwise, else the one that decides there. */
function changedRef(
  trace: DecisionTrace,
  beside: DecisionTrace | null,
  comparison: TraceComparison | null,
): PolicyRef | null {
  const there = stepsOf(beside).find(({ id }) => comparison?.after.has(id) === true);
  const here = stepsOf(trace).find(({ id }) => comparison?.before.has(id) === true);
  return there?.ref ?? here?.ref ?? (beside === null ? null : determiningRef(beside));
}

interface SideProps {
  readonly trace: DecisionTrace;
  readonly bundle: CaseBundle | null;
  readonly label: string;
  readonly chosen: PolicyRef | null;
  readonly onChoose: (ref: PolicyRef) => void;
  readonly changes: TraceComparison['before'] | undefined;
}

function Side({ trace, bundle, label, chosen, onChoose, changes }: SideProps) {
  return (
    <>
      <TraceVerdict trace={trace} bundle={bundle} label={label} />
      {trace.evaluation === undefined ? (
        <NoBundle system={trace.system} />
      ) : (
        <TraceLayers
          trace={trace}
          chosen={chosen}
          onChoose={onChoose}
          {...(changes === undefined ? {} : { changes })}
        />
      )}
    </>
  );
}

interface UnderBothProps {
  readonly own: string;
  readonly other: string;
  readonly reference: PolicyRef;
}

function UnderBoth({ own, other, reference }: UnderBothProps) {
  const { value: texts } = useRequest('bundles.text', { id: own });
  const { value: others } = useRequest('bundles.text', { id: other });
  if (texts === null || others === null) return <Loading what="the policy’s text" />;
  const [before, after] = [textOfRef(texts, reference), sameIn(others, texts, reference)];
  const either = before ?? after;
  if (either === null || before?.text === after?.text) {
    return (
      <>
        <PolicyBeside texts={before === null ? others : texts} reference={reference} determines={false} />
        {either === null ? null : <p className="muted">Its text is the same under both.</p>}
      </>
    );
  }
  return (
    <Panel
      title="The policy under both"
      note={<ShortText whole={either.title} shown={shortened(either.title, 64)} />}
    >
      <CodeDifference
        label={`Text of ${either.title} under both`}
        before={before?.text ?? ''}
        after={after?.text ?? ''}
        language={either.language}
        sides
      />
    </Panel>
  );
}

/** The same policy in the other bundle. */
function sameIn(
  others: readonly PolicyText[],
  texts: readonly PolicyText[],
  reference: PolicyRef,
): PolicyText | null {
  const here = textOfRef(texts, reference);
  return textOfRef(others, here === null ? reference : { ...reference, policyId: here.policyId });
}
