import type { UsageReport } from '#shared/domain/usage.ts';
import type { Failure } from '#shared/util/result.ts';
import { useRequest } from '../../../state/use-request.ts';

/** So many permissions of one identity are laid out as a graph or filtered by their use. */
export const mostPermissions = 5_000;

interface Usage {
  /** Null until it is known whether there is a bundle that tells. */
  readonly hasBundle: boolean | null;
  readonly value: UsageReport | null;
  readonly error: Failure | null;
  readonly reload: () => void;
}

/** What the bundle in force gives an identity, and what of it was used. */
export function useUsage(subject: string, asOf: string | null): Usage {
  const bundles = useRequest('bundles.list', {});
  const hasBundle =
    bundles.value?.some(({ system }) => system === 'aws-iam' || system === 'kubernetes-rbac') ?? null;
  const usage = useRequest(
    'usage.run',
    hasBundle === true ? { subject, asOf, limit: mostPermissions } : null,
  );
  return {
    hasBundle,
    value: usage.value,
    error: bundles.error ?? usage.error,
    reload: bundles.error === null ? usage.reload : bundles.reload,
  };
}
