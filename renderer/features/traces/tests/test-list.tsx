import { useCallback, useState } from 'react';
import { policyTestsName } from '#shared/policy-tests/policy-test.ts';
import type { FileToken, PolicyTestsEntry } from '#shared/ipc/views.ts';
import { useCase, useConsole } from '../../../state/context.ts';
import { useRequest } from '../../../state/use-request.ts';
import { Button } from '../../../ui/button.tsx';
import { EmptyState, ErrorState, Loading } from '../../../ui/states.tsx';
import { useFilePicker } from '../../../ui/use-file-picker.tsx';
import { Count, Time } from '../../../ui/values.tsx';
import { type Column, VirtualTable } from '../../../ui/virtual-table.tsx';
import { testsTab } from '../places.ts';
import { draftKey, keepDraft } from './drafts.ts';

const columns: readonly Column<PolicyTestsEntry>[] = [
  { id: 'name', title: 'Name', width: 280, grows: true, render: ({ name }) => name },
  {
    id: 'bytes',
    title: 'Bytes',
    width: 96,
    align: 'end',
    render: ({ bytes }) => <Count value={bytes} />,
  },
  {
    id: 'changed',
    title: 'Changed',
    width: 200,
    render: ({ changedAt }) => <Time value={changedAt} to="second" />,
  },
];

/** The files of policy tests that the case keeps. */
export function TestList() {
  const { address, bridge, notices } = useConsole();
  const caseId = useCase((state) => state.summary?.id ?? '');
  const readOnly = useCase((state) => state.info?.readOnly === true);
  const { value, error, reload } = useRequest('policyTests.list', {});
  const [cursor, setCursor] = useState(0);

  const start = async (text: string, wanted: string): Promise<void> => {
    const name = freeName(wanted, value ?? []);
    keepDraft(draftKey(caseId, name), text);
    address.getState().go({ tab: testsTab(name) });
  };
  const open = useCallback(
    (tokens: readonly FileToken[]): void => {
      const [chosen] = tokens;
      if (chosen === undefined) return;
      void bridge.request('policyTests.open', { token: chosen.token }).then((result) => {
        if (!result.ok) {
          notices.getState().show({ tone: 'danger', text: result.error.message });
          return undefined;
        }
        const name = freeName(result.value.name, value ?? []);
        keepDraft(draftKey(caseId, name), result.value.text);
        address.getState().go({ tab: testsTab(name) });
        return undefined;
      });
    },
    [address, bridge, caseId, notices, value],
  );
  const { pick, picker } = useFilePicker('policy-tests', open);

  if (error !== null)
    return <ErrorState what="The policy tests could not be listed" error={error} onRetry={reload} />;
  if (value === null) return <Loading what="the policy tests" />;
  const actions = readOnly ? null : (
    <>
      <Button
        look="primary"
        icon="plus"
        onClick={() =>
          void import('#shared/policy-tests/add.ts').then(({ emptyTests }) =>
            start(emptyTests, 'Policy tests'),
          )
        }
      >
        New tests
      </Button>
      <Button icon="folder" onClick={pick}>
        Open a file …
      </Button>
    </>
  );
  return (
    <>
      {value.length === 0 ? (
        <EmptyState title="This case has no policy tests yet" actions={actions}>
          A file of requests, each with the decision that is expected of the policy. Run them against any
          bundle, the one that was in force or the fix, before it is deployed. A decision of the log becomes a
          test by “Add as a test …”.
        </EmptyState>
      ) : (
        <>
          <div className="trace-actions">{actions}</div>
          <VirtualTable
            id="policy-tests"
            label="Policy tests"
            columns={columns}
            total={value.length}
            rowAt={(index) => value[index]}
            cursor={Math.min(cursor, value.length - 1)}
            onCursor={setCursor}
            onOpen={({ name }) => address.getState().go({ tab: testsTab(name) })}
          />
        </>
      )}
      {picker}
    </>
  );
}

/** The name, made fit for a file, and with a number where it is taken. */
function freeName(wanted: string, taken: readonly PolicyTestsEntry[]): string {
  const cleaned = wanted
    .replace(/[^\p{L}\p{N} ._-]/gu, ' ')
    .trim()
    .slice(0, 60);
  const base = policyTestsName.test(cleaned) ? cleaned : 'Policy tests';
  const isTaken = (name: string): boolean => taken.some((each) => each.name === name);
  if (!isTaken(base)) return base;
  let number = 2;
  while (isTaken(`${base} ${number}`)) number++;
  return `${base} ${number}`;
}
