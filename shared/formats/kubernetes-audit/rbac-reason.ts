/** What RBAC says of a permission that it granted. */
export interface RbacGrant {
  readonly bindingKind: 'ClusterRoleBinding' | 'RoleBinding';
  readonly binding: string;
  /** Namespace of a RoleBinding; null for a ClusterRoleBinding. */
  readonly namespace: string | null;
  /** Null where an exporter has cut the reason short. */
  readonly role: { readonly kind: 'ClusterRole' | 'Role'; readonly name: string } | null;
  /** A ServiceAccount's name is `namespace/name`. */
  readonly subject: { readonly kind: 'User' | 'Group' | 'ServiceAccount'; readonly name: string } | null;
}

const quoted = String.raw`(?:"((?:[^"\\]|\\.)*)"|([^\s"]+))`;
const grant = new RegExp(
  String.raw`allowed by (ClusterRoleBinding|RoleBinding) ${quoted}` +
    String.raw`(?: of (ClusterRole|Role) ${quoted}(?: to (User|Group|ServiceAccount) ${quoted})?)?`,
);

/**
 * Reads `RBAC: allowed by RoleBinding "b/ns" of Role "r" to ServiceAccount "name/ns"`, the form of Kubernetes'
 * `plugin/pkg/auth/authorizer/rbac/rbac.go`. EKS access policies use it too (`EKS Access Policy: allowed by …`).
 * Null for anything else.
 */
export function parseGrant(reason: string): RbacGrant | null {
  const match = grant.exec(reason.slice(0, 2048));
  if (match === null) return null;
  const bindingKind = match[1] === 'RoleBinding' ? 'RoleBinding' : 'ClusterRoleBinding';
  const bindingName = unquote(match[2], match[3]);
  const { name, namespace } =
    bindingKind === 'RoleBinding' ? splitNamespace(bindingName) : { name: bindingName, namespace: null };
  const roleKind = match[4] === 'Role' ? 'Role' : 'ClusterRole';
  const subjectKind = match[7];
  return {
    bindingKind,
    binding: name,
    namespace,
    role: match[4] === undefined ? null : { kind: roleKind, name: unquote(match[5], match[6]) },
    subject:
      subjectKind === 'User' || subjectKind === 'Group' || subjectKind === 'ServiceAccount'
        ? { kind: subjectKind, name: subjectName(subjectKind, unquote(match[8], match[9])) }
        : null,
  };
}

/** The grant as one text, e.g. `RoleBinding payments/deployers of Role deployer`. */
export function grantPolicy(found: RbacGrant): string {
  const binding = found.namespace === null ? found.binding : `${found.namespace}/${found.binding}`;
  const role = found.role === null ? '' : ` of ${found.role.kind} ${found.role.name}`;
  return `${found.bindingKind} ${binding}${role}`;
}

function subjectName(kind: string, printed: string): string {
  if (kind !== 'ServiceAccount') return printed;
  const { name, namespace } = splitNamespace(printed);
  return namespace === null ? name : `${namespace}/${name}`;
}

/** Kubernetes prints `NAME/NAMESPACE` here; neither part can hold a slash. */
function splitNamespace(printed: string): { name: string; namespace: string | null } {
  const slash = printed.lastIndexOf('/');
  return slash === -1
    ? { name: printed, namespace: null }
    : { name: printed.slice(0, slash), namespace: printed.slice(slash + 1) };
}

function unquote(quotedText: string | undefined, bare: string | undefined): string {
  return quotedText === undefined ? (bare ?? '') : quotedText.replaceAll(/\\(["\\])/g, '$1');
}
