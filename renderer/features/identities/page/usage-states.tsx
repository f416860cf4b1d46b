import type { ReactNode } from 'react';
import type { UsageReport } from '#shared/domain/usage.ts';
import { AddBundleButton } from '../../../ui/add-bundle-button.tsx';
import { EmptyState, ErrorState, Loading } from '../../../ui/states.tsx';
import { useUsage } from './use-usage.ts';

interface UsageStatesProps {
  readonly subject: string;
  readonly asOf: string | null;
  /** So many permissions are needed at once. */
  readonly limit: number;
  readonly children: (report: UsageReport) => ReactNode;
}

/** What an identity is granted, once it is there; until then, and where it is not, why. */
export function UsageStates({ subject, asOf, limit, children }: UsageStatesProps) {
  const { hasBundle, value, error, reload } = useUsage(subject, asOf, limit);
  if (error !== null) {
    return <ErrorState what="What it was granted could not be listed" error={error} onRetry={reload} />;
  }
  if (hasBundle === false) {
    return (
      <EmptyState title="The case has no bundle that tells what was granted" actions={<AddBundleButton />}>
        Add the account’s authorization details or the cluster’s RBAC objects, with their time in force.
      </EmptyState>
    );
  }
  if (value === null) return <Loading what="its permissions" />;
  if (value.total === 0) {
    return (
      <EmptyState title="It holds nothing">
        The bundle in force gives it nothing, or does not know it.
      </EmptyState>
    );
  }
  return children(value);
}
