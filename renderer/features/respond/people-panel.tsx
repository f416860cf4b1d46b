import { useRequest } from '../../state/use-request.ts';
import { Button } from '../../ui/button.tsx';
import { Panel } from '../../ui/panel.tsx';
import { SimpleTable } from '../../ui/simple-table.tsx';
import { EmptyState, ErrorState, Loading } from '../../ui/states.tsx';
import { Time } from '../../ui/values.tsx';
import { OperatorKeyPanel } from './operator-key-panel.tsx';
import { useReadOnly } from './read-only.tsx';
import { useAct } from './use-act.ts';

/** The pinned roster and the standing orders. They are made on the command line, where the keys are. */
export function PeoplePanel() {
  const { value, error, loading, reload } = useRequest('respond.roster', {});
  const remove = useAct('respond.removeOrder');
  const readOnly = useReadOnly();
  if (error !== null) {
    return <ErrorState what="The roster could not be read" error={error} onRetry={reload} />;
  }
  if (value === null) {
    if (loading) return <Loading what="the roster" />;
    return (
      <EmptyState title="No roster is pinned">
        A roster names the people who may approve, with their public keys and rules. Make keys with “rescind
        respond key FILE” and a roster with “rescind respond roster new”, then pin it on this machine with
        “rescind respond roster pin FILE”.
      </EmptyState>
    );
  }
  const forget = async (id: string): Promise<void> => {
    await remove.run({ id });
    reload();
  };
  return (
    <div className="respond-stack">
      <Panel title="People" note={`roster version ${value.version}; ${value.quorum} must sign the next one`}>
        <SimpleTable
          label="People"
          rows={value.people}
          keyOf={({ id }) => id}
          empty="The roster is empty."
          columns={[
            { title: 'Name', render: ({ name }) => name },
            { title: 'Id', render: ({ id }) => id },
            { title: 'Roles', render: ({ roles }) => roles.join(', ') },
          ]}
        />
      </Panel>
      <OperatorKeyPanel />
      <Panel title="Standing orders" note="signed in advance: within them, one operator’s plan may run">
        {remove.error === null ? null : <ErrorState what="The order is still there" error={remove.error} />}
        <SimpleTable
          label="Standing orders"
          rows={value.orders}
          keyOf={({ id }) => id}
          empty="There is none. Make one with “rescind respond order new”."
          columns={[
            { title: 'Playbook', render: ({ playbook }) => playbook },
            { title: 'Providers', render: ({ providers }) => providers.join(', ') },
            { title: 'Targets', width: 72, align: 'end', render: ({ mostTargets }) => mostTargets },
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
      </Panel>
    </div>
  );
}
