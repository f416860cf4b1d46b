import type { Reversibility } from '../domain/response.ts';
import type { Person, Roster, Rule } from './approval.ts';

/** How many approvals each class needs. */
export type Thresholds = Readonly<Record<Reversibility, number>>;

export const usualThresholds: Thresholds = { R0: 2, R1: 2, R2: 2, R3: 2, R4: 3 };

/** Whether a text is a public key as approvers hand it over: Ed25519, 32 bytes in base64. */
export function isPublicKey(text: string): boolean {
  return /^[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=$/.test(text);
}

/** A roster of people with a rule per class; classes with the same number share one. One alone approves only a plan that is mild. */
export function newRoster(
  people: readonly Person[],
  thresholds: Partial<Thresholds>,
  { version, quorum }: Pick<Roster, 'version' | 'quorum'>,
): Roster {
  const rules: Rule[] = [];
  for (const [needed, classes] of Map.groupBy(
    Object.entries(thresholds) as [Reversibility, number][],
    ([, own]) => own,
  )) {
    const reversibilities = classes.map(([reversibility]) => reversibility);
    rules.push({ playbook: null, reversibilities, needed, roles: [], selfApproval: needed === 1 });
  }
  return { format: 'rescind-roster', version, quorum, people, rules, clockSkewSeconds: 60 };
}
