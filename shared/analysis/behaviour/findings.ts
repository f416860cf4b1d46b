import type { BehaviourChange, BehaviourKind } from '../../domain/behaviour.ts';
import { type KeyedFinding, mostEvents, type Severity } from '../../domain/finding.ts';

const words: Readonly<
  Record<
    BehaviourKind,
    { readonly title: string; readonly severity: Severity; readonly tags: readonly string[] }
  >
> = {
  'first-seen': {
    title: 'An identity does what neither it nor its peers had done',
    severity: 'medium',
    tags: ['attack.t1078', 'nist-csf.de.ae-02', 'nist-csf.pr.aa-05'],
  },
  'rising-denials': {
    title: 'An identity is denied far more than before',
    severity: 'medium',
    tags: ['attack.t1580', 'attack.t1087.004', 'nist-csf.de.ae-02'],
  },
  'denied-then-allowed': {
    title: 'What was denied is allowed now',
    severity: 'medium',
    tags: ['attack.t1098', 'nist-csf.pr.aa-05'],
  },
  'unexpected-volume': {
    title: 'An identity does far more than before',
    severity: 'low',
    tags: ['attack.t1530', 'nist-csf.de.ae-02'],
  },
  'unexpected-allow-rate': {
    title: 'An identity is allowed what it used to be denied',
    severity: 'low',
    tags: ['attack.t1098', 'nist-csf.de.ae-02'],
  },
  woken: {
    title: 'An identity is back after a long silence',
    severity: 'medium',
    tags: ['attack.t1078', 'owasp-nhi.1', 'nist-csf.pr.aa-01'],
  },
};

/** One finding for each identity and kind of change, over all its days. */
export function behaviourFindings(changes: readonly BehaviourChange[]): KeyedFinding[] {
  const groups = new Map<string, BehaviourChange[]>();
  for (const change of changes) {
    const key = `${change.kind} ${change.subject}`;
    const known = groups.get(key);
    if (known === undefined) groups.set(key, [change]);
    else known.push(change);
  }
  return [...groups].flatMap(([key, group]): KeyedFinding[] => {
    const [first] = group;
    const last = group.at(-1);
    if (first === undefined || last === undefined) return [];
    const { title, severity, tags } = words[first.kind];
    const events = [...new Set(group.flatMap((change) => change.events))];
    return [
      {
        key,
        rule: `behaviour-${first.kind}`,
        title,
        severity,
        subject: first.subject,
        events: events.slice(0, mostEvents),
        count: events.length,
        first: first.day,
        last: last.day,
        why: group.map((change) => `${change.day.slice(0, 10)}: ${change.why}`).join(' '),
        advice:
          'Ask who used the identity that day and whether it was meant; see its events and sessions of the day.',
        tags,
      },
    ];
  });
}
