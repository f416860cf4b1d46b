import { useRequest } from '../../../state/use-request.ts';
import { ErrorState, Loading } from '../../../ui/states.tsx';
import { LineageTree } from './lineage-tree.tsx';

/** The sessions and credentials that descend from one, as a tree. */
export function CredentialLineage({ credential }: { readonly credential: string }) {
  const { value, error, reload } = useRequest('lineage.get', { credential });
  if (error !== null) {
    return <ErrorState what="The lineage could not be followed" error={error} onRetry={reload} />;
  }
  if (value === null) return <Loading what="the lineage" />;
  if (value.roots.length === 0)
    return <p className="muted">No event shows where it comes from or leads to.</p>;
  return <LineageTree roots={value.roots} />;
}
