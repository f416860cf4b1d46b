import { type ReactNode, useMemo, useState } from 'react';
import type { CaseBundle } from '#shared/domain/bundle.ts';
import type { PolicyText } from '#shared/domain/policy-system.ts';
import type { DecisionTrace, PolicyRef, Step } from '#shared/domain/trace.ts';
import { compareTraces } from '#shared/what-if/compare-traces.ts';
import { useCase, useConsole } from '../../../state/context.ts';
import { useRequest } from '../../../state/use-request.ts';
import { Button } from '../../../ui/button.tsx';
import { LogText } from '../../../ui/log-line.tsx';
import { Panel } from '../../../ui/panel.tsx';
import { useCopy } from '../../../ui/use-copy.ts';
import { useSaveText } from '../../../ui/use-save-text.ts';
import { OutcomeSummary } from '../outcome-summary.tsx';
import { testsTab } from '../places.ts';
import { AddTest } from '../tests/add-test.tsx';
import { TraceLayers } from '../trace/trace-layers.tsx';
import { traceText } from '../trace/trace-text.ts';
import { TraceVerdict } from '../trace/trace-verdict.tsx';
import { determiningRef } from '../trace/determining.ts';
import { textOfRef } from '../trace/policy-range.ts';
import { draftOf, knowledgeOf, requestOf, sourcesOf } from './draft.ts';

import { brokenText, editsOf, inOrderOfUse, keyOf, newProblems } from './policies.ts';
import { PolicyEditor } from './policy-editor.tsx';
import { RequestEditor } from './request-editor.tsx';
import { SaveEdited } from './save-edited.tsx';
import { useSettled } from './use-settled.ts';
import './what-if.css';

interface BenchProps {
  /** The decision as it is. */
  readonly base: DecisionTrace;
  readonly bundle: CaseBundle;
  readonly policies: readonly PolicyText[];
  /** Where it leads back to. */
  readonly lead?: ReactNode;
}

/** A request and the policies under it, to be changed; what comes of it stands beside what is. Nothing is changed. */
export function Bench({ base, bundle, policies, lead }: BenchProps) {
  const { address, bridge, notices } = useConsole();
  const copy = useCopy();
  const saveText = useSaveText();
  const readOnly = useCase((state) => state.info?.readOnly === true);
  const original = useMemo(() => draftOf(base), [base]);
  const [draft, setDraft] = useState(original);
  const [texts, setTexts] = useState<ReadonlyMap<string, string>>(new Map());
  const [wanted, setWanted] = useState<PolicyRef | null>(null);
  const [policyKey, setPolicyKey] = useState<string | null>(null);
  const [dialog, setDialog] = useState<'save' | 'test' | null>(null);

  const broken = useMemo(() => brokenText(policies, texts), [policies, texts]);
  const edits = useMemo(() => editsOf(policies, texts), [policies, texts]);
  const now = useMemo(
    () => ({ bundle: bundle.id, edits, request: { ...requestOf(draft) }, knowledge: knowledgeOf(draft) }),
    [bundle, edits, draft],
  );
  // A text that cannot be read is not asked: what was asked last stays.
  const asked = useSettled(broken === null ? now : null) ?? now;
  const answer = useRequest('policy.ask', asked);
  const problems = useRequest(
    'bundles.problems',
    asked.edits.length === 0 ? null : { bundle: bundle.id, edits: asked.edits },
  );

  const after = useMemo(
    () => (answer.value === null ? null : completed(answer.value, bundle, sourcesOf(draft, original))),
    [answer.value, bundle, draft, original],
  );
  const comparison = useMemo(
    () =>
      base.evaluation === undefined || after?.evaluation === undefined
        ? null
        : compareTraces(base.evaluation, after.evaluation),
    [base, after],
  );
  const ref = wanted ?? (after === null ? null : determiningRef(after)) ?? determiningRef(base);
  const ordered = useMemo(() => inOrderOfUse(policies, [base]), [policies, base]);
  const named = ref === null ? null : textOfRef(policies, ref);
  const chosen = policies.find((policy) => keyOf(policy) === policyKey) ?? named ?? ordered[0];
  const changed = draft !== original || texts.size > 0;
  const found = useMemo(
    () => (problems.value === null ? [] : newProblems(bundle.problems, problems.value)),
    [problems.value, bundle],
  );

  const light = (rule: PolicyRef): void => {
    setWanted(rule);
    setPolicyKey(null);
  };
  const lightCounterpart = (rule: PolicyRef, { id }: Step): void =>
    light(comparison?.counterparts.get(id)?.ref ?? rule);
  const change = (policy: PolicyText, text: string | null): void => {
    const next = new Map(texts);
    if (text === null) next.delete(keyOf(policy));
    else next.set(keyOf(policy), text);
    setTexts(next);
    setPolicyKey(keyOf(policy));
  };
  const exportFiles = async (): Promise<void> => {
    const result = await bridge.request('bundles.edited', { bundle: bundle.id, edits });
    if (!result.ok) notices.getState().show({ tone: 'danger', text: result.error.message });
    else
      for (const { path, text } of result.value) await saveText(path.slice(path.lastIndexOf('/') + 1), text);
  };

  return (
    <>
      <div className="trace-actions">
        {lead}
        <Button
          disabled={!changed}
          onClick={() => {
            setDraft(original);
            setTexts(new Map());
            setWanted(null);
          }}
        >
          Put everything back
        </Button>
        {readOnly ? null : (
          <Button disabled={edits.length === 0 || broken !== null} onClick={() => setDialog('save')}>
            Save as a new bundle …
          </Button>
        )}
        <Button
          icon="save"
          disabled={edits.length === 0 || broken !== null}
          onClick={() => void exportFiles()}
        >
          Export the changed files
        </Button>
        <Button
          icon="copy"
          disabled={after === null}
          onClick={() => after !== null && copy(traceText(after), 'Trace')}
        >
          Share as text
        </Button>
        {readOnly ? null : (
          <Button disabled={after === null} onClick={() => setDialog('test')}>
            Add as a test …
          </Button>
        )}
      </div>
      <OutcomeSummary
        label="What the change does"
        names={['As it is', 'what if']}
        before={base}
        after={after}
        comparison={comparison}
        idle={changed ? null : 'Nothing is changed yet: change the request or the policy below.'}
        pending={broken !== null ? `waits: ${broken}` : answer.loading || now !== asked ? 'asking …' : null}
        error={answer.error}
      />
      {found.length === 0 ? null : (
        <ul className="what-if-problems" aria-label="Problems that the change brings">
          {found.map(({ severity, path, message }, index) => (
            <li key={index} className={severity}>
              {severity}: <LogText text={`${path} ${message}`} />
            </li>
          ))}
        </ul>
      )}
      <div className="trace-sides">
        <Panel title="The request">
          <RequestEditor
            draft={draft}
            original={original}
            unknowns={after?.evaluation?.unknowns ?? []}
            onChange={setDraft}
          />
        </Panel>
        <Panel title="The policy" note={`${texts.size === 0 ? 'none' : texts.size} changed`}>
          {chosen === undefined ? (
            <p className="muted trace-note">This bundle has no policies as text.</p>
          ) : (
            <PolicyEditor
              policies={ordered}
              changed={texts}
              chosen={chosen}
              rule={named === chosen ? ref : null}
              problems={found}
              onChoose={(policy) => setPolicyKey(keyOf(policy))}
              onChange={change}
            />
          )}
        </Panel>
      </div>
      <div className="trace-sides">
        <section aria-label="As it is">
          <h2>As it is</h2>
          <TraceVerdict trace={base} bundle={bundle} label="The verdict as it is" />
          <TraceLayers
            trace={base}
            chosen={ref}
            onChoose={lightCounterpart}
            {...(comparison === null ? {} : { changes: comparison.before })}
          />
        </section>
        <section aria-label="What if" aria-busy={answer.loading}>
          <h2>What if</h2>
          {after === null ? null : (
            <>
              <TraceVerdict trace={after} bundle={bundle} label="The verdict of the change" />
              <TraceLayers
                trace={after}
                chosen={ref}
                onChoose={light}
                {...(comparison === null ? {} : { changes: comparison.after })}
              />
            </>
          )}
        </section>
      </div>
      {dialog === 'save' ? (
        <SaveEdited bundle={bundle.id} edits={edits} onClose={() => setDialog(null)} />
      ) : null}
      {dialog === 'test' && after !== null ? (
        <AddTest
          request={after.request}
          decision={after.evaluation?.decision ?? 'deny'}
          onClose={() => setDialog(null)}
          onAdded={(name) => address.getState().go({ tab: testsTab(name) })}
        />
      ) : null}
    </>
  );
}

/** The answer with what the console knows of it: where attributes come from, and which bundle was asked. */
function completed(
  trace: DecisionTrace,
  { id, digest, inForceFrom }: CaseBundle,
  attributes: NonNullable<DecisionTrace['attributes']>,
): DecisionTrace {
  const bundle =
    trace.bundle?.digest === digest
      ? {
          ...trace.bundle,
          id,
          matchedBy: 'user' as const,
          ...(inForceFrom === null ? {} : { inForceFrom }),
        }
      : trace.bundle;
  return { ...trace, attributes, ...(bundle === undefined ? {} : { bundle }) };
}
