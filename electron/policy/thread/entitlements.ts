import { compareEntitlements } from '#shared/analysis/drift/compare.ts';
import type { PermissionChange } from '#shared/domain/drift.ts';
import type { Entitlement } from '#shared/domain/entitlement.ts';
import { FailureError } from '#shared/util/result.ts';
import type { EntitlementsJob } from './protocol.ts';
import type { LoadedBundle } from './shelf.ts';

/** Effective permissions of one subject, or of all. Throws kind `unsupported` where the system cannot tell them. */
export function entitlementsJob({ subject }: EntitlementsJob, bundle: LoadedBundle): Entitlement[] {
  return [...entitlementsOf(bundle, subject ?? undefined)];
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
