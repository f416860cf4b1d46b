import type { PolicyRef } from '../../domain/trace.ts';

/** A rule of a role, as `rbac.authorization.k8s.io/v1` has it. */
export interface PolicyRule {
  readonly verbs: readonly string[];
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly resourceNames: readonly string[];
  readonly nonResourceURLs: readonly string[];
}

/** A rule with its place in the bundle. */
export interface PlacedRule extends PolicyRule {
  readonly ref: PolicyRef;
  /** The role that it was written in, which aggregation may have taken it from. */
  readonly role: string;
}

export interface LabelSelector {
  readonly matchLabels: ReadonlyMap<string, string>;
  readonly matchExpressions: readonly LabelRequirement[];
}
export interface LabelRequirement {
  readonly key: string;
  readonly operator: string;
  readonly values: readonly string[];
}

export type RoleKind = 'Role' | 'ClusterRole';
export type BindingKind = 'RoleBinding' | 'ClusterRoleBinding';

export interface Role {
  readonly kind: RoleKind;
  readonly name: string;
  /** Null for a ClusterRole. */
  readonly namespace: string | null;
  readonly labels: ReadonlyMap<string, string>;
  readonly rules: readonly PlacedRule[];
  /** Null where the role is not aggregated. */
  readonly selectors: readonly LabelSelector[] | null;
  /** Whether a server wrote it, so that an aggregated role's rules are the union already. */
  readonly fromServer: boolean;
  readonly ref: PolicyRef;
  /** Why its rules are not known, in a bundle that was rebuilt from a log. */
  readonly unknown?: string;
}

export interface Subject {
  readonly kind: string;
  readonly name: string;
  readonly namespace: string | null;
}

export interface Binding {
  readonly kind: BindingKind;
  readonly name: string;
  /** Null for a ClusterRoleBinding. */
  readonly namespace: string | null;
  readonly subjects: readonly Subject[];
  readonly roleRef: { readonly kind: string; readonly name: string; readonly apiGroup: string };
  readonly ref: PolicyRef;
  /** Why its subjects are not known, in a bundle that was rebuilt from a log. */
  readonly unknown?: string;
}

/** What a bundle holds of access control. */
export interface Manifests {
  readonly roles: readonly Role[];
  readonly bindings: readonly Binding[];
  /** `NAMESPACE/NAME` of ServiceAccounts. */
  readonly serviceAccounts: ReadonlySet<string>;
}

/** As the audit log's reasons have it: `ClusterRole view`, `Role shop/reader`. */
export function roleLabel({ kind, namespace, name }: Pick<Role, 'kind' | 'namespace' | 'name'>): string {
  return `${kind} ${namespace === null ? '' : `${namespace}/`}${name}`;
}

/** `ClusterRoleBinding ops`, `RoleBinding shop/readers`. */
export function bindingLabel({
  kind,
  namespace,
  name,
}: Pick<Binding, 'kind' | 'namespace' | 'name'>): string {
  return `${kind} ${namespace === null ? '' : `${namespace}/`}${name}`;
}

/**
 * What finds a subject's bindings: a service account is compared by the user name that it has, whatever its parts
 * look like (`MatchesUsername`). Null for a subject that never matches.
 */
export function subjectKey(
  { kind, name, namespace }: Subject,
  bindingNamespace: string | null,
): string | null {
  if (kind === 'User' || kind === 'Group') return `${kind} ${name}`;
  const home = namespace ?? bindingNamespace;
  return kind !== 'ServiceAccount' || home === null
    ? null
    : accountKey(`system:serviceaccount:${home}:${name}`);
}

/** The key of the service account that has this user name. */
export function accountKey(username: string): string {
  return `ServiceAccount ${username}`;
}

/** `User jane`, `Group dev`, `ServiceAccount shop/cart`; a ServiceAccount without a namespace takes the binding's. */
export function subjectLabel({ kind, name, namespace }: Subject, bindingNamespace: string | null): string {
  if (kind !== 'ServiceAccount') return `${kind} ${name}`;
  const home = namespace ?? bindingNamespace;
  return home === null ? `ServiceAccount ${name} of no namespace` : `ServiceAccount ${home}/${name}`;
}
