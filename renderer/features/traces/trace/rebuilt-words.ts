import type { BundleRef, DecisionTrace } from '#shared/domain/trace.ts';
import { formatCount } from '../../../ui/numbers.ts';

/** What was done to a bundle to tell the policies of another time; the time follows. */
export function rebuiltWords({ changes, unknown }: NonNullable<BundleRef['rebuilt']>): string {
  const calls = changes === 1 ? '1 logged change' : `${formatCount(changes)} logged changes`;
  const doubt = unknown === 0 ? '' : `, ${formatCount(unknown)} of whose results not known`;
  return `with ${calls}${doubt}, as it stood at`;
}

/** Under which id the texts of a trace's policies are asked for; null where it has no bundle of the case. */
export function textsId({ system, bundle }: DecisionTrace): string | null {
  if (bundle?.id === undefined) return null;
  return bundle.rebuilt === undefined ? bundle.id : `${system}@${bundle.rebuilt.at}`;
}
