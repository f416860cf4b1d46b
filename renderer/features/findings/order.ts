import { type Finding, type Severity, severities } from '#shared/domain/finding.ts';

/** The worst first. */
export const worstFirst: readonly Severity[] = severities.toReversed();

/** The worst first, then the latest. */
export function inOrder(findings: readonly Finding[]): Finding[] {
  return findings.toSorted(
    (one, other) =>
      worstFirst.indexOf(one.severity) - worstFirst.indexOf(other.severity) ||
      (other.last ?? '').localeCompare(one.last ?? '', 'en'),
  );
}

export function countOf(findings: readonly Finding[], severity: Severity): number {
  return findings.filter((finding) => finding.severity === severity).length;
}
