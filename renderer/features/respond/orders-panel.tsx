import { useCallback, useState } from 'react';
import type { RosterView } from '#shared/ipc/respond-views.ts';
import { Button } from '../../ui/button.tsx';
import { LogText } from '../../ui/log-line.tsx';
import { Badge } from '../../ui/outcome-mark.tsx';
import { Panel } from '../../ui/panel.tsx';
import { SimpleTable } from '../../ui/simple-table.tsx';
import { ErrorState } from '../../ui/states.tsx';
import { Time } from '../../ui/values.tsx';
import { OrderForm } from './order-form.tsx';
import { useReadOnly } from './read-only.tsx';
import { SignFile } from './sign-file.tsx';
import { TakeFileButton } from './take-file-button.tsx';
import { useAct } from './use-act.ts';

interface OrdersPanelProps {
  readonly roster: RosterView;
  readonly onChange: () => void;
}

/** Rights that were signed in peacetime: what they cover, whether they hold, and how another one comes about. */
export function OrdersPanel({ roster, onChange }: OrdersPanelProps) {
  const remove = useAct('respond.removeOrder');
  const add = useAct('respond.addChosenOrder');
  const [open, setOpen] = useState<'new' | 'sign' | null>(null);
  const readOnly = useReadOnly();
  const { run: addOne } = add;
  const take = useCallback(
    (token: string) => {
      void addOne({ token }).then((added) => {
        if (added !== null) onChange();
        return undefined;
      });
    },
    [addOne, onChange],
  );
  const forget = async (id: string): Promise<void> => {
    await remove.run({ id });
    onChange();
  };
  const close = (): void => setOpen(null);
  return (
    <Panel
      title="Standing orders"
      note="signed in advance: within them, one operator’s plan may run"
      actions={
        <>
          <Button onClick={() => setOpen('new')}>Make one …</Button>
          <Button onClick={() => setOpen('sign')}>Sign one …</Button>
          <TakeFileButton of="order" label="Take one in …" disabled={readOnly} onTake={take} />
        </>
      }
    >
      {remove.error === null ? null : <ErrorState what="The order is still there" error={remove.error} />}
      {add.error === null ? null : <ErrorState what="The order was not taken in" error={add.error} />}
      <SimpleTable
        label="Standing orders"
        rows={roster.orders}
        keyOf={({ id }) => id}
        empty="There is none."
        columns={[
          {
            title: 'State',
            render: ({ objection }) =>
              objection === null ? (
                <Badge tone="success">✓ holds</Badge>
              ) : (
                <>
                  <Badge tone="warning">gives no right</Badge> <LogText text={objection} />
                </>
              ),
          },
          { title: 'Playbook', width: 80, render: ({ playbook }) => playbook },
          { title: 'Providers', render: ({ providers }) => providers.join(', ') },
          { title: 'Targets', width: 72, align: 'end', render: ({ mostTargets }) => mostTargets },
          {
            title: 'Operator',
            width: 96,
            render: ({ operatorRoles }) =>
              operatorRoles.length === 0 ? 'anybody' : operatorRoles.join(' or '),
          },
          { title: 'Signed by', render: ({ people }) => people.join(', ') },
          { title: 'Until', width: 168, render: ({ notAfter }) => <Time value={notAfter} to="minute" /> },
          {
            title: 'Remove',
            width: 96,
            render: ({ id }) => (
              <Button look="plain" disabled={readOnly} onClick={() => void forget(id)}>
                Remove
              </Button>
            ),
          },
        ]}
      />
      {open === 'new' ? <OrderForm onClose={close} /> : null}
      {open === 'sign' ? <SignFile of="order" onClose={close} /> : null}
    </Panel>
  );
}
