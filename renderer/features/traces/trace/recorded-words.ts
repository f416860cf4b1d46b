import type { RecordedDetail } from '#shared/domain/trace.ts';
import { valueText } from './words.ts';

/** What the log tells of a decision beyond it, in words: the bundles with their revisions, and the answer as it was given. */
export function recordedWords({
  bundles = [],
  result,
  effective = [],
  derivedRoles = [],
}: RecordedDetail): string | null {
  const named = bundles.map(({ name, revision }) =>
    revision === null
      ? `bundle ${name}, whose revision is not told`
      : `bundle ${name} of revision ${revision}`,
  );
  const policies = effective.map(({ policy, source }) =>
    source === null ? policy : `${policy} (${source})`,
  );
  const parts = [
    ...(named.length === 0 ? [] : [`by ${named.join(' and ')}`]),
    ...(policies.length === 0 ? [] : [`policies that took part: ${policies.join(', ')}`]),
    ...(derivedRoles.length === 0 ? [] : [`derived roles: ${derivedRoles.join(', ')}`]),
    ...(result === undefined ? [] : [`the answer was ${valueText(result)}`]),
  ];
  return parts.length === 0 ? null : parts.join(' · ');
}
