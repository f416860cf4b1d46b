import { useMemo, useState } from 'react';
import type { CaseBundle } from '#shared/domain/bundle.ts';
import type { BundleProblem, PolicyText } from '#shared/domain/policy-system.ts';
import { useConsole } from '../../../state/context.ts';
import { useRequest } from '../../../state/use-request.ts';
import { Button } from '../../../ui/button.tsx';
import { LogText } from '../../../ui/log-line.tsx';
import { Badge } from '../../../ui/outcome-mark.tsx';
import { Properties } from '../../../ui/properties.tsx';
import { SimpleTable } from '../../../ui/simple-table.tsx';
import { EmptyState, ErrorState, Loading } from '../../../ui/states.tsx';
import { Count, ShortId, Time } from '../../../ui/values.tsx';
import { BundleSelect } from '../bundle-select.tsx';
import { bundleTab } from '../places.ts';
import { PolicyCode } from '../policy-code.tsx';
import { type LineRange, rangeOfRef } from '../trace/policy-range.ts';
import { BundleDiff } from './bundle-diff.tsx';
import { PolicyList } from './policy-list.tsx';

interface BundlePageProps {
  readonly id: string;
  /** The bundle that it is compared with. */
  readonly other: string | null;
}

/** One bundle: what it is, what is wrong in it, its policies as text, or what differs from another. */
export function BundlePage({ id, other }: BundlePageProps) {
  const { address } = useConsole();
  const { value: bundle, error, reload } = useRequest('bundles.get', { id });
  const { value: bundles } = useRequest('bundles.list', {});
  if (error !== null)
    return <ErrorState what="The bundle could not be read" error={error} onRetry={reload} />;
  if (bundle === null) return <Loading what="the bundle" />;
  const comparable = (bundles ?? []).filter((each) => each.id !== id && each.system === bundle.system);
  return (
    <div className="bundle-page">
      <div className="trace-actions">
        <Button onClick={() => address.getState().go({ tab: 'bundles' })}>All bundles</Button>
        {comparable.length === 0 ? null : (
          <BundleSelect
            label="What changes to"
            bundles={comparable}
            value={other}
            none="show its policies"
            onChange={(next) => address.getState().go({ tab: bundleTab(id, next) })}
          />
        )}
      </div>
      {other === null ? <Whole bundle={bundle} /> : <BundleDiff from={id} to={other} />}
    </div>
  );
}

function Whole({ bundle }: { readonly bundle: CaseBundle }) {
  const { value: texts, error, reload } = useRequest('bundles.text', { id: bundle.id });
  const [place, setPlace] = useState<{ readonly at: number; readonly lit: LineRange | null }>({
    at: 0,
    lit: null,
  });
  const text = texts?.[place.at];
  const problems = useMemo(
    () => (text === undefined ? new Map<number, BundleProblem>() : problemLines(bundle.problems, text)),
    [bundle, text],
  );
  const goTo = (problem: BundleProblem): void => {
    const at = texts?.findIndex(({ path }) => path === problem.path) ?? -1;
    const found = texts?.[at];
    if (found !== undefined) setPlace({ at, lit: rangeOfRef(found, { ...problem, policyId: '' }) });
  };
  return (
    <>
      <Facts bundle={bundle} />
      {bundle.problems.length === 0 ? null : <ProblemTable problems={bundle.problems} onOpen={goTo} />}
      {error === null ? null : (
        <ErrorState what="The policies could not be read" error={error} onRetry={reload} />
      )}
      {texts === null && error === null ? <Loading what="the policies" /> : null}
      {texts?.length === 0 ? <EmptyState title="This bundle has no policies as text" /> : null}
      {texts === null || text === undefined ? null : (
        <div className="bundle-texts">
          <PolicyList
            label="Policies"
            rows={texts.map(({ title, path }) => ({ title, path, mark: null }))}
            at={place.at}
            onChoose={(at) => setPlace({ at, lit: null })}
          />
          <PolicyCode
            label={`Text of ${text.title}`}
            fills
            text={text.text}
            language={text.language}
            lit={place.lit}
            litLabel="the problem"
            problems={problems}
          />
        </div>
      )}
    </>
  );
}

function Facts({ bundle }: { readonly bundle: CaseBundle }) {
  const { system, revision, digest, inForceFrom, importedAt, path, policies, subjects } = bundle;
  return (
    <Properties
      entries={[
        ['System', system],
        ['Revision', revision === null ? null : <LogText key="revision" text={revision} />],
        ['Digest', <ShortId key="digest" value={digest} length={40} />],
        [
          'In force from',
          inForceFrom === null ? 'not known' : <Time key="from" value={inForceFrom} to="second" />,
        ],
        ['Added', <Time key="added" value={importedAt} to="second" />],
        ['From', <LogText key="path" text={path} />],
        [
          'Holds',
          <span key="holds">
            <Count value={policies} /> policies, <Count value={subjects} /> subjects
          </span>,
        ],
      ]}
    />
  );
}

interface ProblemTableProps {
  readonly problems: readonly BundleProblem[];
  readonly onOpen: (problem: BundleProblem) => void;
}

function ProblemTable({ problems, onOpen }: ProblemTableProps) {
  return (
    <details className="request-context" open={problems.length < 6}>
      <summary>
        {problems.length} {problems.length === 1 ? 'problem' : 'problems'}: the rest of the bundle is used
      </summary>
      <SimpleTable
        label="Problems of the bundle"
        rows={problems.map((problem, index) => ({ problem, index }))}
        keyOf={({ index }) => String(index)}
        empty=""
        columns={[
          {
            title: 'Severity',
            width: 96,
            render: ({ problem: { severity } }) => (
              <Badge tone={severity === 'error' ? 'danger' : 'warning'}>{severity}</Badge>
            ),
          },
          {
            title: 'Place',
            width: 320,
            render: ({ problem }) => (
              <button type="button" className="step-name" onClick={() => onOpen(problem)}>
                <LogText
                  text={
                    [problem.path, problem.locator].filter((part) => part !== '').join(' ') || 'the bundle'
                  }
                />
              </button>
            ),
          },
          { title: 'What is wrong', render: ({ problem: { message } }) => <LogText text={message} /> },
        ]}
      />
    </details>
  );
}

/** Problems by the line of the text on which they begin. */
function problemLines(
  problems: readonly BundleProblem[],
  text: PolicyText,
): ReadonlyMap<number, BundleProblem> {
  return new Map(
    problems.flatMap((problem) => {
      if (problem.path !== text.path || problem.locator === '') return [];
      const range = rangeOfRef(text, { ...problem, policyId: '' });
      return range === null ? [] : [[range.first, problem] as const];
    }),
  );
}
