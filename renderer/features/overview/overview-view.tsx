import { Toolbar } from '../../ui/toolbar.tsx';

export function OverviewView() {
  return <Toolbar title="Overview" />;
}
