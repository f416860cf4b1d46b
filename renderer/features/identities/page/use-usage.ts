import type { UsageReport } from '#shared/domain/usage.ts';
import type { Failure } from '#shared/util/result.ts';
import { useRequest } from '../../../state/use-request.ts';

interface Usage {
  /** Null until it is known whether there is a bundle that tells. */
  readonly hasBundle: boolean | null;
  readonly value: UsageReport | null;
  readonly error: Failure | null;
  readonly reload: () => void;
}

/** What the bundle in force gives an identity, and what of it was used: the first `limit` of it, and counts of all. */
export function useUsage(subject: string, asOf: string | null, limit: number): Usage {
  const bundles = useRequest('bundles.list', {});
  const hasBundle =
    bundles.value?.some(({ system }) => system === 'aws-iam' || system === 'kubernetes-rbac') ?? null;
  const usage = useRequest('usage.run', hasBundle === true ? { subject, asOf, limit } : null);
  return {
    hasBundle,
    value: usage.value,
    error: bundles.error ?? usage.error,
    reload: bundles.error === null ? usage.reload : bundles.reload,
  };
}
