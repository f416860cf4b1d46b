import { useCallback, useState } from 'react';
import type { RosterView } from '#shared/ipc/respond-views.ts';
import { Button } from '../../ui/button.tsx';
import { LogText } from '../../ui/log-line.tsx';
import { Panel } from '../../ui/panel.tsx';
import { SimpleTable } from '../../ui/simple-table.tsx';
import { EmptyState, ErrorState } from '../../ui/states.tsx';
import { useReadOnly } from './read-only.tsx';
import { RosterForm } from './roster-form.tsx';
import { SignFile } from './sign-file.tsx';
import { TakeFileButton } from './take-file-button.tsx';
import { useAct } from './use-act.ts';
import { reversibilityWords } from './words.ts';

interface NoRosterProps {
  readonly onPinned: () => void;
}

/** The first roster is pinned as it is: whoever sits here believes it. */
export function NoRoster({ onPinned }: NoRosterProps) {
  const [making, setMaking] = useState(false);
  const pin = usePin(onPinned);
  const readOnly = useReadOnly();
  return (
    <>
      <EmptyState
        title="No roster is pinned"
        actions={
          <>
            <Button look="primary" icon="plus" disabled={readOnly} onClick={() => setMaking(true)}>
              Make a roster …
            </Button>
            <TakeFileButton of="roster" label="Pin a roster …" disabled={readOnly} onTake={pin.take} />
          </>
        }
      >
        A roster names the people who may approve, with their public keys, and how many of them a plan needs.
        Each person makes a key with “rescind respond key FILE” and hands over what it prints. The roster is
        saved as a file, looked at, and pinned on this machine; every later one is signed by the people of the
        one before.
      </EmptyState>
      {pin.error === null ? null : <ErrorState what="The roster was not pinned" error={pin.error} />}
      {making ? <RosterForm before={null} onClose={() => setMaking(false)} /> : null}
    </>
  );
}

interface RosterPanelProps extends NoRosterProps {
  readonly roster: RosterView;
}

/** The people of the pinned roster, and what a plan needs of them. */
export function RosterPanel({ roster, onPinned }: RosterPanelProps) {
  const [open, setOpen] = useState<'next' | 'sign' | null>(null);
  const pin = usePin(onPinned);
  const readOnly = useReadOnly();
  const close = (): void => setOpen(null);
  const { version, quorum, people, rules, clockSkewSeconds } = roster;
  return (
    <>
      <Panel
        title="Roster"
        note={`version ${version} is pinned; ${quorum} of its people must sign the next one; clocks may differ by ${clockSkewSeconds} s`}
        actions={
          <>
            <Button onClick={() => setOpen('next')}>Make the next …</Button>
            <Button onClick={() => setOpen('sign')}>Sign one …</Button>
            <TakeFileButton of="roster" label="Pin the next …" disabled={readOnly} onTake={pin.take} />
          </>
        }
      >
        {pin.error === null ? null : <ErrorState what="The roster was not pinned" error={pin.error} />}
        <SimpleTable
          label="People"
          rows={people}
          keyOf={({ id }) => id}
          empty="The roster is empty."
          columns={[
            { title: 'Name', width: 152, render: ({ name }) => <LogText text={name} /> },
            { title: 'Id', width: 136, render: ({ id }) => <LogText text={id} /> },
            { title: 'Roles', width: 152, render: ({ roles }) => <LogText text={roles.join(', ')} /> },
            {
              title: 'Public keys',
              render: ({ keys }) => <span className="mono">{keys.join(', ')}</span>,
            },
          ]}
        />
        {open === 'next' ? <RosterForm before={roster} onClose={close} /> : null}
        {open === 'sign' ? <SignFile of="roster" onClose={close} /> : null}
      </Panel>
      <Panel title="Approvals that are needed" note="the most that any action of a plan asks for">
        <SimpleTable
          label="Approvals that are needed"
          rows={rules.flatMap((rule, index) =>
            rule.reversibilities.map((each) => ({ ...rule, each, index })),
          )}
          keyOf={({ each, index }) => `${index} ${each}`}
          empty="It has no rules: two people approve, and three what hits everyone (R4)."
          columns={[
            {
              title: 'Class of action',
              render: ({ each }) => `${each}: ${reversibilityWords[each]}`,
            },
            { title: 'Of playbook', width: 96, render: ({ playbook }) => playbook ?? 'any' },
            {
              title: 'By',
              width: 120,
              render: ({ roles }) => (roles.length === 0 ? 'anybody' : roles.join(' or ')),
            },
            {
              title: 'Who planned',
              width: 136,
              render: ({ selfApproval }) => (selfApproval ? 'may approve alone' : 'not alone'),
            },
            { title: 'Approvals', width: 80, align: 'end', render: ({ needed }) => needed },
          ]}
        />
      </Panel>
    </>
  );
}

function usePin(onPinned: () => void) {
  const { run, error } = useAct('respond.pinChosenRoster');
  const take = useCallback(
    (token: string) => {
      void run({ token }).then((pinned) => {
        if (pinned !== null) onPinned();
        return undefined;
      });
    },
    [run, onPinned],
  );
  return { take, error };
}
