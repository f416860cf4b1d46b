import type { CaseBundle } from '#shared/domain/bundle.ts';
import type { BundleRef } from '#shared/domain/trace.ts';
import { compareInstants } from '#shared/util/instant-range.ts';
import { parseInstant } from '#shared/util/instant.ts';

/** A bundle and why it was taken. */
export interface ChosenBundle {
  readonly bundle: CaseBundle;
  readonly matchedBy: NonNullable<BundleRef['matchedBy']>;
  /** Whether it is known to have been in force at the time. */
  readonly inForce: boolean;
}

/**
 * The bundle of a system that was in force at a time: the last one whose time lies before it. Where the case has none
 * from that time, one without a known time, else the earliest, and it is said that it may not have been in force.
 * `revisions`: of the policies that the log itself names, which go before any time.
 */
export function chooseBundle(
  bundles: readonly CaseBundle[],
  system: string,
  time: string,
  revisions: readonly string[] = [],
): ChosenBundle | null {
  const own = bundles.filter((bundle) => bundle.system === system);
  const named = own.findLast(({ revision }) => revision !== null && revisions.includes(revision));
  if (named !== undefined) return { bundle: named, matchedBy: 'revision', inForce: true };
  const at = parseInstant(time);
  const dated = own
    .flatMap((bundle) => {
      const from = bundle.inForceFrom === null ? null : parseInstant(bundle.inForceFrom);
      return from === null ? [] : [{ bundle, from }];
    })
    .toSorted((first, second) => compareInstants(first.from, second.from));
  const inForce = at === null ? undefined : dated.findLast(({ from }) => compareInstants(from, at) <= 0);
  if (inForce !== undefined) return { bundle: inForce.bundle, matchedBy: 'time', inForce: true };
  const other = own.findLast(({ inForceFrom }) => inForceFrom === null) ?? dated[0]?.bundle;
  return other === undefined ? null : { bundle: other, matchedBy: 'time', inForce: false };
}

/** How a trace names a kept bundle. */
export function bundleRef({ bundle, matchedBy }: ChosenBundle): BundleRef {
  const { digest, id, revision, inForceFrom } = bundle;
  return {
    digest,
    id,
    ...(revision === null ? {} : { revision }),
    ...(inForceFrom === null ? {} : { inForceFrom }),
    matchedBy,
  };
}
