import { compareEntitlements } from '#shared/analysis/drift/compare.ts';
import { refineRisks } from '#shared/analysis/paths/refine-risks.ts';
import { couldReach } from '#shared/analysis/reach/reach.ts';
import type { AccessPath } from '#shared/domain/access-path.ts';
import { isHidden } from '#shared/analysis/usage/hidden.ts';
import type { SystemProposal } from '#shared/domain/proposal.ts';
import type { CouldReach } from '#shared/domain/reach.ts';
import type { PermissionChange } from '#shared/domain/drift.ts';
import type { Entitlement } from '#shared/domain/entitlement.ts';
import { FailureError } from '#shared/util/result.ts';
import type { EntitlementsJob, PathsJob, ProposeJob, ReachJob } from './protocol.ts';
import type { LoadedBundle } from './shelf.ts';

/** Effective permissions of one subject, or of all. Throws kind `unsupported` where the system cannot tell them. */
export function entitlementsJob({ subject }: EntitlementsJob, bundle: LoadedBundle): Entitlement[] {
  const listed = [...entitlementsOf(bundle, subject ?? undefined)];
  const { compiled } = bundle;
  const isRisky = listed.some(({ risks }) => risks.includes('privilege-escalation'));
  if (compiled.paths === undefined || !isRisky) return listed;
  return refineRisks(listed, [...compiled.paths({ at: null, ...(subject === null ? null : { subject }) })]);
}

/** Ways to rights and credentials that were not given; none where the system has no such analysis. */
export function pathsJob({ subject, at }: PathsJob, { compiled }: LoadedBundle): AccessPath[] {
  return [...(compiled.paths?.({ at, ...(subject === null ? null : { subject }) }) ?? [])];
}

/** Identities that a subject can become whose permissions are looked into. */
const mostIdentities = 500;

export function reachJob({ subject, at }: ReachJob, bundle: LoadedBundle): CouldReach {
  const { compiled } = bundle;
  const identities = [...(compiled.reach?.(subject, { at }) ?? [])];
  const own = [...(compiled.paths?.({ at, subject }) ?? [])];
  const administrator = own.some(({ kind, gives }) => kind === 'administrator' && gives === 'everything');
  const everyone = [subject, ...identities.slice(0, mostIdentities).map(({ id }) => id)];
  const entitlements = everyone.flatMap((id) => [...entitlementsOf(bundle, id)]);
  return couldReach(identities, administrator, entitlements);
}

/** Null where the bundle does not have the subject, or its system proposes nothing. */
export function proposeJob(
  { subject, observed, margin, reach }: ProposeJob,
  { compiled }: LoadedBundle,
): SystemProposal | null {
  const isUnseen = (action: string, resource: string): boolean =>
    isHidden(compiled.system, action, resource, reach);
  return compiled.propose?.({ subject, observed, margin, isUnseen }) ?? null;
}

/** How effective permissions changed from one bundle to another. */
export function driftJob(before: LoadedBundle, after: LoadedBundle): PermissionChange[] {
  return compareEntitlements(entitlementsOf(before, undefined), entitlementsOf(after, undefined));
}

function entitlementsOf({ compiled }: LoadedBundle, subject: string | undefined): Iterable<Entitlement> {
  if (compiled.entitlements === undefined) {
    throw new FailureError(
      'invalid-input',
      `Permissions cannot be listed for ${compiled.system}: its policies decide requests one by one.`,
    );
  }
  return compiled.entitlements(subject);
}
