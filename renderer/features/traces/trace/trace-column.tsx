import { useState } from 'react';
import type { CaseBundle } from '#shared/domain/bundle.ts';
import type { DecisionTrace, PolicyRef } from '#shared/domain/trace.ts';
import { AddBundleButton } from '../../../ui/add-bundle-button.tsx';
import { EmptyState, Loading } from '../../../ui/states.tsx';
import { useAfterPaint } from '../../../ui/use-after-paint.ts';
import { decides, determiningRef } from './determining.ts';
import { PolicyBeside } from './policy-beside.tsx';
import { TraceLayers } from './trace-layers.tsx';
import { TraceVerdict } from './trace-verdict.tsx';
import { usePolicyTexts } from './use-policy-texts.ts';

interface TraceColumnProps {
  readonly trace: DecisionTrace;
  readonly bundles: readonly CaseBundle[];
}

/** The verdict, the layers in their order, and beside them the policy with the rule that decided. */
export function TraceColumn({ trace, bundles }: TraceColumnProps) {
  const [chosen, setChosen] = useState<PolicyRef | null>(null);
  const bundle = trace.bundle?.id ?? null;
  const texts = usePolicyTexts(trace);
  const isPainted = useAfterPaint();
  const ref = chosen ?? determiningRef(trace);
  return (
    <>
      <TraceVerdict trace={trace} bundle={bundles.find(({ id }) => id === bundle) ?? null} />
      {trace.evaluation === undefined ? (
        <NoBundle system={trace.system} />
      ) : (
        <div className={ref === null ? 'trace-body narrow' : 'trace-body'}>
          <TraceLayers trace={trace} chosen={ref} onChoose={setChosen} />
          {ref === null ? null : texts === null ? (
            <Loading what="the policy’s text" />
          ) : isPainted ? (
            <PolicyBeside texts={texts} reference={ref} determines={chosen === null && decides(trace, ref)} />
          ) : (
            <div />
          )}
        </div>
      )}
    </>
  );
}

/** What is said where the case has no bundle that could be asked. */
export function NoBundle({ system }: { readonly system: string }) {
  return (
    <EmptyState title={`The case has no bundle of ${system}`} actions={<AddBundleButton />}>
      Only what the log says is known. Add the policies that were in force, and the decision is recomputed
      rule by rule.
    </EmptyState>
  );
}
