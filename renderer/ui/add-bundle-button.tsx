import { useConsole } from '../state/context.ts';
import { Button } from './button.tsx';

/** Leads to where policy bundles are added, from wherever one is missing. */
export function AddBundleButton() {
  const { address } = useConsole();
  return (
    <Button
      look="primary"
      onClick={() => address.getState().go({ view: 'traces', tab: 'bundles', selected: null })}
    >
      Add a bundle
    </Button>
  );
}
