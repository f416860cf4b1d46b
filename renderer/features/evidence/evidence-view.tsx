import { Toolbar } from '../../ui/toolbar.tsx';

export function EvidenceView() {
  return <Toolbar title="Evidence" />;
}
