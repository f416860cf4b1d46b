import type { ChangeKind, DriftStep, PermissionChange } from '../../domain/drift.ts';
import type { KeyedFinding } from '../../domain/finding.ts';
import type { LogReach } from '../../domain/usage.ts';

/** Changes that give somebody more. */
const giving: ReadonlySet<ChangeKind> = new Set(['gained', 'widened', 'condition-changed']);
const formats: Readonly<Record<string, string>> = {
  'aws-iam': 'aws-cloudtrail',
  'kubernetes-rbac': 'kubernetes-audit',
};

/**
 * Permissions that came about without any logged event that explains them: one finding for each subject and pair of
 * bundles. Nothing is said where the log of the time between the two is not there or has gaps.
 */
export function unexplainedFindings(
  steps: readonly DriftStep[],
  reaches: readonly LogReach[],
): KeyedFinding[] {
  return steps.flatMap((step) => {
    const unexplained = step.changes.filter(
      ({ kind, attribution }) => giving.has(kind) && attribution.length === 0,
    );
    const bySubject = new Map<string, PermissionChange[]>();
    for (const change of unexplained) {
      if (!isCovered(step, change, reaches)) continue;
      const known = bySubject.get(change.subject.id);
      if (known === undefined) bySubject.set(change.subject.id, [change]);
      else known.push(change);
    }
    return [...bySubject].map(([subject, changes]) => findingOf(step, subject, changes));
  });
}

function isCovered(
  { system, since, until }: DriftStep,
  { subject }: PermissionChange,
  reaches: readonly LogReach[],
): boolean {
  if (since === null || until === null) return false;
  const [first, last] = [dayOf(since), dayOf(until)];
  return reaches.some(
    ({ format, account, from, to, missingDays }) =>
      format === formats[system] &&
      (subject.account === undefined || account === subject.account) &&
      dayOf(from) <= first &&
      Date.parse(to) >= Date.parse(until) &&
      !missingDays.some((day) => day >= first && day <= last),
  );
}

/** The day since 1970 (UTC) of a time. */
function dayOf(time: string): number {
  return Math.floor(Date.parse(time) / 86_400e3);
}

function findingOf(
  { system, from, to, since, until }: DriftStep,
  subject: string,
  changes: readonly PermissionChange[],
): KeyedFinding {
  const risky = changes.some(({ after }) => after?.risks.includes('privilege-escalation') === true);
  const shown = changes.slice(0, 5).map(({ summary }) => summary);
  const more = changes.length > shown.length ? ` And ${changes.length - shown.length} more changes.` : '';
  return {
    key: `${system} ${subject} ${from} ${to}`,
    rule: 'unexplained-permission-change',
    title: 'Permissions changed, and no logged event explains it',
    severity: risky ? 'high' : 'medium',
    subject,
    events: [],
    count: 0,
    first: since,
    last: until,
    why: `${shown.join(' ')}${more} The log of the time between the two bundles has no event that wrote what this goes through.`,
    advice:
      'Find out who changed it and by which way: another account, a service, or a log that does not tell all.',
    tags: ['attack.t1098', 'attack.t1562.008', 'nist-csf.pr.aa-05', 'owasp-nhi.5'],
  };
}
