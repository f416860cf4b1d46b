import { useMemo, useState } from 'react';
import { withChecks, withTests } from '#shared/policy-tests/add.ts';
import { type OfferedChecks, offerChecks } from '#shared/policy-tests/offer.ts';
import { readPolicyTests } from '#shared/policy-tests/parse.ts';
import type { PolicyTest, PolicyTestResult } from '#shared/policy-tests/policy-test.ts';
import type { Result } from '#shared/util/result.ts';
import type { Command } from '../../../state/commands.ts';
import { useCase, useCommands, useConsole } from '../../../state/context.ts';
import { useRequest } from '../../../state/use-request.ts';
import { Button } from '../../../ui/button.tsx';
import { LogText } from '../../../ui/log-line.tsx';
import { Panel } from '../../../ui/panel.tsx';
import { EmptyState, ErrorState, Loading } from '../../../ui/states.tsx';
import { useSaveText } from '../../../ui/use-save-text.ts';
import { BundleSelect } from '../bundle-select.tsx';
import { Code } from '../code/code.tsx';
import type { CodeProblem } from '../code/marks.ts';
import { testsTab, whatIfAskTab } from '../places.ts';
import type { LineRange } from '../trace/policy-range.ts';
import { draftKey, draftOf, keepDraft } from './drafts.ts';
import { Offers } from './offers.tsx';
import { Results } from './results.tsx';
import './tests.css';

/** A file of policy tests: its text, what is wrong in it, and how it goes under a bundle. */
export default function TestsPage({ name }: { readonly name: string }) {
  const caseId = useCase((state) => state.summary?.id ?? '');
  const { address } = useConsole();
  const key = draftKey(caseId, name);
  const { value, error } = useRequest('policyTests.get', { name });
  const kept = value?.name === name ? value.text : null;
  const draft = draftOf(key);
  if (kept === null && draft === null) {
    if (error === null) return <Loading what="the policy tests" />;
    return error.kind === 'not-found' ? (
      <EmptyState
        title="There are no policy tests of this name"
        actions={<Button onClick={() => address.getState().go({ tab: testsTab(null) })}>All tests</Button>}
      >
        They may have been removed, or be in another case.
      </EmptyState>
    ) : (
      <ErrorState what="The policy tests could not be read" error={error} />
    );
  }
  return <Editor key={key} id={key} name={name} kept={kept} />;
}

interface EditorProps {
  /** The draft's key. */
  readonly id: string;
  readonly name: string;
  /** The text as it is saved; null while it never was. */
  readonly kept: string | null;
}

function Editor({ id, name, kept }: EditorProps) {
  const { address, bridge, case: current, notices } = useConsole();
  const saveText = useSaveText();
  const readOnly = useCase((state) => state.info?.readOnly === true);
  const [saved, setSaved] = useState(kept);
  const [text, setText] = useState(draftOf(id) ?? kept ?? '');
  const [chosen, setChosen] = useState<string | null>(null);
  const [asked, setAsked] = useState<{ readonly bundle: string; readonly tests: string } | null>(null);
  const [lit, setLit] = useState<LineRange | null>(null);
  const { value: bundles } = useRequest('bundles.list', {});
  const { value: results, error, loading, reload } = useRequest('policy.check', asked);
  const read = useMemo(() => readPolicyTests(text), [text]);
  const offers = useMemo(() => (read.problems.length > 0 ? [] : offerChecks(read.file)), [read]);
  const bundle = bundles?.find((each) => each.id === chosen) ?? bundles?.at(-1) ?? null;
  const stale = asked?.tests !== text;
  const marks = useMemo(
    () => [...read.problems.map(problemOf), ...(stale || loading ? [] : (results ?? []).flatMap(failureOf))],
    [read, stale, loading, results],
  );

  const firstFailed = useMemo(() => {
    const failed = stale || loading ? undefined : results?.find(({ passed }) => !passed);
    return failed === undefined ? null : linesOf(text, failed.line);
  }, [stale, loading, results, text]);

  const change = (now: string): void => {
    setLit(null);
    setText(now);
    keepDraft(id, now === saved ? null : now);
  };
  const put = (edited: Result<string>): void => {
    if (edited.ok) change(edited.value);
    else notices.getState().show({ tone: 'danger', text: edited.error.message });
  };
  const run = (): void => {
    if (bundle === null || read.problems.length > 0) return;
    const same = asked !== null && asked.bundle === bundle.id && asked.tests === text;
    if (same) reload();
    else setAsked({ bundle: bundle.id, tests: text });
    setLit(null);
  };
  const save = async (): Promise<void> => {
    const result = await bridge.request('policyTests.save', { name, text });
    if (!result.ok) {
      notices.getState().show({ tone: 'danger', text: result.error.message });
      return;
    }
    setSaved(text);
    keepDraft(id, null);
    await current.getState().refresh();
    notices.getState().show({ tone: 'success', text: `“${name}” was saved in the case.` });
  };
  const remove = async (): Promise<void> => {
    const result = await bridge.request('policyTests.remove', { name });
    if (!result.ok) {
      notices.getState().show({ tone: 'danger', text: result.error.message });
      return;
    }
    // What was removed can be saved again: it stays as a draft while the console is open.
    keepDraft(id, null);
    address.getState().go({ tab: testsTab(null) });
  };
  const open = ({ request }: PolicyTestResult): void => {
    if (asked === null) return;
    address.getState().go({ tab: whatIfAskTab(asked.bundle, request) });
  };
  useCommands(
    useMemo(
      (): readonly Command[] => [
        { id: 'tests.run', title: 'Run the policy tests', group: 'Traces', keys: ['Mod+Enter'], run },
        {
          id: 'tests.save',
          title: 'Save the policy tests',
          group: 'Traces',
          keys: ['Mod+s'],
          run: () => void save(),
        },
      ],
      // oxlint-disable-next-line react/exhaustive-deps
      [text, bundle, asked, saved],
    ),
  );

  return (
    <div className="tests-page">
      <div className="trace-actions">
        <Button onClick={() => address.getState().go({ tab: testsTab(null) })}>All tests</Button>
        <h2 className="tests-name">
          <LogText text={name} />
        </h2>
        {saved === text ? null : <span className="muted">not saved</span>}
        {bundles === null || bundle === null ? null : (
          <BundleSelect
            label="Run against"
            bundles={bundles}
            value={bundle.id}
            none="the newest bundle"
            onChange={setChosen}
          />
        )}
        <Button look="primary" disabled={bundle === null || read.problems.length > 0} onClick={run}>
          Run
        </Button>
        {readOnly ? null : (
          <Button icon="save" disabled={saved === text} onClick={() => void save()}>
            Save
          </Button>
        )}
        <Button onClick={() => void saveText(`${name}.yml`, text)}>Export</Button>
        {readOnly || saved === null ? null : (
          <Button look="plain" onClick={() => void remove()}>
            Remove
          </Button>
        )}
      </div>
      <div className="tests-body">
        <Panel
          title="Tests"
          note={
            read.problems.length > 0
              ? `${read.problems.length} ${read.problems.length === 1 ? 'problem' : 'problems'}`
              : `${read.file.tests.length} written`
          }
        >
          <Code
            fills
            label={`Text of ${name}`}
            text={text}
            language="yaml"
            lit={lit ?? firstFailed}
            problems={marks}
            onChange={readOnly ? undefined : change}
          />
        </Panel>
        <Panel title="Results">
          {error === null ? null : (
            <ErrorState what="The tests could not be run" error={error} onRetry={reload} />
          )}
          {asked !== null && loading && results === null ? <Loading what="the results" /> : null}
          {asked === null ? (
            <EmptyState title={bundle === null ? 'There is no bundle to run them against' : 'Not run yet'}>
              {bundle === null
                ? 'Add a policy bundle to the case first.'
                : 'Run the tests: each says whether the bundle decides as it is expected to.'}
            </EmptyState>
          ) : null}
          {asked === null || results === null || error !== null ? null : (
            <Results
              key={`${asked.bundle} ${asked.tests}`}
              results={results}
              stale={stale}
              onLight={({ line }) => setLit(linesOf(text, line))}
              onOpen={open}
            />
          )}
        </Panel>
      </div>
      {offers.length === 0 || readOnly ? null : (
        <Offers
          offers={offers}
          onAdd={(checks) => put(withTests(text, checks.map(writtenDown)))}
          onSwitchOn={(offer) => put(withChecks(text, switchedOn(offer, read.file.checks)))}
        />
      )}
    </div>
  );
}

function writtenDown({
  request,
  expected,
  note,
}: PolicyTest): Pick<PolicyTest, 'request' | 'expected' | 'note'> {
  return { request, expected, note };
}

function switchedOn(
  { kind, scope }: OfferedChecks,
  checks: ReturnType<typeof readPolicyTests>['file']['checks'],
): typeof checks {
  if (kind === 'deny-by-default') return { ...checks, denyByDefault: true };
  if (kind === 'exception-path') return { ...checks, exceptionPaths: true };
  return scope === null ? checks : { ...checks, scopes: [...checks.scopes, scope] };
}

function problemOf({
  line,
  column,
  message,
}: {
  line: number;
  column: number;
  message: string;
}): CodeProblem {
  return { severity: 'error', line, column, message };
}

/** A test that failed, at its line; of generated checks only those that failed are told there too. */
function failureOf({ passed, line, differences, generated, note }: PolicyTestResult): CodeProblem[] {
  if (passed) return [];
  const about = generated === undefined ? '' : `${note ?? generated} `;
  return [{ severity: 'warning', line, label: 'failed', message: `${about}${differences.join('; ')}` }];
}

function indentOf(line: string): number {
  return line.length - line.trimStart().length;
}

/** The lines of the test that begins at one: up to the next item of its list. */
function linesOf(text: string, first: number): LineRange {
  const lines = text.split('\n');
  const own = indentOf(lines[first - 1] ?? '');
  let last = first;
  while (last < lines.length) {
    const line = lines[last] ?? '';
    if (line.trim() !== '' && indentOf(line) <= own) break;
    last++;
  }
  while (last > first && (lines[last - 1] ?? '').trim() === '') last--;
  return { first, last };
}
