import { EmptyState } from '../../ui/states.tsx';
import { Toolbar } from '../../ui/toolbar.tsx';

export function EventsView() {
  return (
    <>
      <Toolbar title="Events" />
      <EmptyState title="No events to show" />
    </>
  );
}
