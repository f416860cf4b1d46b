import { useRequest } from '../../state/use-request.ts';
import { ErrorState, Loading } from '../../ui/states.tsx';
import { OperatorKeyPanel } from './operator-key-panel.tsx';
import { OrdersPanel } from './orders-panel.tsx';
import { NoRoster, RosterPanel } from './roster-panel.tsx';

/** Who may approve on this machine: the pinned roster, the operator's own key, and the standing orders. */
export function PeoplePanel() {
  const { value, error, loading, reload } = useRequest('respond.roster', {});
  if (error !== null) {
    return <ErrorState what="The roster could not be read" error={error} onRetry={reload} />;
  }
  if (value === null) return loading ? <Loading what="the roster" /> : <NoRoster onPinned={reload} />;
  return (
    <div className="respond-stack">
      <RosterPanel roster={value} onPinned={reload} />
      <OperatorKeyPanel />
      <OrdersPanel roster={value} onChange={reload} />
    </div>
  );
}
