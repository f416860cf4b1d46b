import type { RecordedDetail } from '#shared/domain/trace.ts';
import { valueText } from './words.ts';

/** What the log tells of a decision beyond it, in words: the bundles with their revisions, and the answer as it was given. */
export function recordedWords({ bundles = [], result }: RecordedDetail): string | null {
  const named = bundles.map(({ name, revision }) =>
    revision === null
      ? `bundle ${name}, whose revision is not told`
      : `bundle ${name} of revision ${revision}`,
  );
  const parts = [
    ...(named.length === 0 ? [] : [`by ${named.join(' and ')}`]),
    ...(result === undefined ? [] : [`the answer was ${valueText(result)}`]),
  ];
  return parts.length === 0 ? null : parts.join(' · ');
}
