import type { Finding } from '#shared/domain/finding.ts';
import { bundlesInForce } from './bundles-in-force.ts';
import type { Engine } from './engine.ts';

/** Rights of so many silent identities are looked up; the others stay without that. */
const mostLooked = 100;

/** Says of identities that lie dormant what the bundles in force give them: a right that nobody uses is one too many. */
export async function withRights(
  engine: Engine,
  findings: readonly Finding[],
  signal: AbortSignal,
): Promise<Finding[]> {
  const silent = findings.filter(({ rule }) => rule === 'identity-dormant' || rule === 'identity-never-used');
  if (silent.length === 0) return [...findings];
  const asOf = await engine.referenceTime(null, signal);
  const counts = new Map<string, number>();
  for (const { id } of await bundlesInForce(engine, asOf, signal)) {
    const kept = await engine.keptBundle(id, signal);
    for (const { subject } of silent.slice(0, mostLooked)) {
      if (subject === null) continue;
      const held = await engine.policy('entitlements', { kept, subject }, { signal });
      counts.set(subject, (counts.get(subject) ?? 0) + held.length);
    }
  }
  return findings.map((finding) => {
    const held = silent.includes(finding) ? (counts.get(finding.subject ?? '') ?? 0) : 0;
    if (held === 0) return finding;
    return {
      ...finding,
      title: `${finding.title}, with rights`,
      severity: finding.severity === 'low' ? 'medium' : 'high',
      why: `${finding.why} The policies in force give it ${held} permissions.`,
      tags: [...finding.tags, 'owasp-nhi.5', 'nist-csf.pr.aa-05'],
    };
  });
}
