import type { AccessPath } from '../../domain/access-path.ts';
import type { KeyedFinding, Severity } from '../../domain/finding.ts';

const systems: Readonly<Record<string, { readonly name: string; readonly words: string }>> = {
  'aws-iam': { name: 'aws', words: 'AWS' },
  'kubernetes-rbac': { name: 'kubernetes', words: 'Kubernetes' },
};

/** What the rights of a bundle lead to, as findings: one for each subject and technique. */
export function pathFindings(paths: Iterable<AccessPath>, bundle: string): KeyedFinding[] {
  return [...paths]
    .filter(({ certainty }) => certainty !== 'unknown')
    .map((path) => {
      const system = systems[path.system] ?? { name: path.system, words: path.system };
      return {
        key: path.key,
        rule: `${system.name}-${path.kind}`,
        title: titleOf(path, system.words),
        severity: severityOf(path),
        subject: path.subject.id,
        events: [],
        count: 0,
        first: null,
        last: null,
        why: whyOf(path),
        advice: adviceOf(path),
        tags: path.tags,
        access: { bundle, path },
      };
    });
}

function titleOf({ kind, title }: AccessPath, system: string): string {
  switch (kind) {
    case 'administrator':
      return `${system}: ${title.toLowerCase()}`;
    case 'privilege-escalation':
      return `${system}: more rights than given: ${title.toLowerCase()}`;
    case 'credential-access':
      return `${system}: secrets can be read`;
    case 'public-access':
    default:
      return `${system}: open to everybody: ${title.toLowerCase()}`;
  }
}

function severityOf({ kind, gives, certainty, subject, targets }: AccessPath): Severity {
  // What Kubernetes itself runs as: https://kubernetes.io/docs/reference/access-authn-authz/rbac/#default-roles-and-role-bindings
  if (isOfTheSystem(subject)) return 'informational';
  const certain = certainty === 'certain';
  switch (kind) {
    case 'administrator':
      return gives === 'everything' ? 'medium' : 'low';
    case 'credential-access': {
      const wide = targets.some(({ type, id }) => id === '*' || type === 'cluster' || type === 'namespace');
      return wide && certain ? 'low' : 'informational';
    }
    case 'public-access':
      return certain ? 'critical' : 'high';
    case 'privilege-escalation':
    default:
      if (gives === 'everything') return certain ? 'critical' : 'medium';
      return certain ? 'high' : 'low';
  }
}

const everybody = new Set(['system:anonymous', 'system:unauthenticated', 'system:authenticated']);

function isOfTheSystem({ type, id }: AccessPath['subject']): boolean {
  if (id.startsWith('system:serviceaccount:kube-system:')) return true;
  return (
    (type === 'User' || type === 'Group') &&
    id.startsWith('system:') &&
    !everybody.has(id) &&
    !id.startsWith('system:serviceaccounts')
  );
}

function whyOf({ summary, conditions, assumptions, targets, targetCount, chain }: AccessPath): string {
  const way =
    chain.length > 1 ? ` The way: ${[chain[0]?.from ?? '', ...chain.map(({ to }) => to)].join(' → ')}.` : '';
  const more =
    targetCount > 1
      ? ` It can be done with ${targetCount}: ${targets
          .slice(0, 3)
          .map(({ id }) => id)
          .join(', ')}${targetCount > 3 ? ', …' : ''}.`
      : '';
  const only = conditions.length === 0 ? '' : ` Only if: ${conditions.slice(0, 5).join('; ')}.`;
  const taken = assumptions.length === 0 ? '' : ` Taken for granted: ${assumptions.join(' ')}`;
  return `${summary}${way}${more}${only}${taken}`;
}

function adviceOf({ kind, steps }: AccessPath): string {
  const [first] = steps;
  const held = first?.policies.map(({ policyId }) => policyId).filter((id) => id !== '') ?? [];
  const by = held.length === 0 ? '' : ` It is given by ${[...new Set(held)].slice(0, 3).join(', ')}.`;
  switch (kind) {
    case 'administrator':
      return `See whether it needs every right, and who may use it; take away what it does not.${by}`;
    case 'credential-access':
      return `Limit it to the secrets that it needs.${by}`;
    case 'public-access':
      return `Name in the trust policy who may assume the role, or ask for the organization.${by}`;
    case 'privilege-escalation':
    default:
      return `Take away ${first?.action ?? 'the permission'}, or limit it to what cannot give more.${by}`;
  }
}
