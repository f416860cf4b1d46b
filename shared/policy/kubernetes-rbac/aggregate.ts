import type { LabelRequirement, LabelSelector, PlacedRule, Role } from './model.ts';

/**
 * The rules that are in force of each ClusterRole. The controller of aggregation writes the union of the selected
 * roles' rules into an aggregated role, over whatever stood there, and so does this for manifests; of a role that
 * came from a server the rules are that union already. Roles that aggregate each other come to what they all select.
 * Source: `pkg/controller/clusterroleaggregation`, https://kubernetes.io/docs/reference/access-authn-authz/rbac/#aggregated-clusterroles
 */
export function effectiveRules(roles: readonly Role[]): Map<Role, readonly PlacedRule[]> {
  const clusterRoles = roles
    .filter(({ kind }) => kind === 'ClusterRole')
    .toSorted(({ name: first }, { name: second }) => (first < second ? -1 : 1));
  const effective = new Map<Role, readonly PlacedRule[]>();
  for (const role of roles) effective.set(role, isUnion(role) ? role.rules : union(role, clusterRoles));
  return effective;
}

/** Whether a role's own rules are what is in force. */
function isUnion({ selectors, fromServer }: Role): boolean {
  return selectors === null || fromServer;
}

function union(role: Role, clusterRoles: readonly Role[]): readonly PlacedRule[] {
  const visited = new Set<Role>();
  const rules = new Map<string, PlacedRule>();
  const visit = (current: Role): void => {
    if (visited.has(current)) return;
    visited.add(current);
    if (isUnion(current)) {
      for (const rule of current.rules) {
        const key = ruleKey(rule);
        if (!rules.has(key)) rules.set(key, rule);
      }
      return;
    }
    for (const other of clusterRoles) {
      if (other !== current && current.selectors?.some((selector) => selects(selector, other)) === true) {
        visit(other);
      }
    }
  };
  visit(role);
  return [...rules.values()];
}

/** The controller leaves out a rule that is there already. */
function ruleKey({ verbs, apiGroups, resources, resourceNames, nonResourceURLs }: PlacedRule): string {
  return JSON.stringify([verbs, apiGroups, resources, resourceNames, nonResourceURLs]);
}

function selects({ matchLabels, matchExpressions }: LabelSelector, { labels }: Role): boolean {
  for (const [key, value] of matchLabels) if (labels.get(key) !== value) return false;
  return matchExpressions.every((requirement) => satisfies(requirement, labels));
}

/** Label selectors: https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/ */
function satisfies(
  { key, operator, values }: LabelRequirement,
  labels: ReadonlyMap<string, string>,
): boolean {
  const value = labels.get(key);
  switch (operator) {
    case 'In':
      return value !== undefined && values.includes(value);
    case 'NotIn':
      return value === undefined || !values.includes(value);
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
    default:
      // The server refuses a selector that it does not know; it selects nothing.
      return false;
  }
}
