/**
 * Permissions that lead to others, as data. Sources: https://kubernetes.io/docs/concepts/security/rbac-good-practices/
 * (“Privilege escalation risks”); https://kubernetes.io/docs/reference/access-authn-authz/rbac/ (escalation prevention);
 * https://kubernetes.io/docs/reference/access-authn-authz/certificate-signing-requests/.
 */

/** One of some verbs on a resource. */
export interface ClusterNeed {
  readonly verbs: readonly string[];
  readonly group: string;
  /** With its subresource. */
  readonly resource: string;
}

export interface ClusterTechnique {
  /** Stable. */
  readonly id: string;
  readonly title: string;
  /** Every one of a list, of one of the lists. */
  readonly needs: readonly (readonly ClusterNeed[])[];
  /** What it gives: another's rights, or what it says. */
  readonly gives:
    | { readonly kind: 'rights'; readonly what: 'everything' | 'more' }
    | { readonly kind: 'secrets' }
    /** The rights of the service accounts of its namespaces that have more. */
    | { readonly kind: 'service-accounts'; readonly otherwise: 'nothing' | 'more' }
    | { readonly kind: 'impersonation'; readonly of: 'User' | 'Group' | 'ServiceAccount' }
    /** The rights of the roles that the last need names. */
    | { readonly kind: 'roles'; readonly clusterWide: boolean };
  /** It is about what lies in no namespace. */
  readonly clusterScoped?: true;
  /** What must be so besides, in words. */
  readonly condition?: string;
  readonly tags: readonly string[];
}

const rbac = 'rbac.authorization.k8s.io';
const base = ['owasp-nhi.5', 'nist-csf.pr.aa-05'];
const need = (verbs: readonly string[], group: string, resource: string): ClusterNeed => ({
  verbs,
  group,
  resource,
});
const writing = ['create', 'update', 'patch'];
const changing = ['update', 'patch'];

export const clusterTechniques: readonly ClusterTechnique[] = [
  {
    id: 'escalate-clusterroles',
    title: 'Write rights into a ClusterRole that one does not have',
    needs: [[need(changing, rbac, 'clusterroles'), need(['escalate'], rbac, 'clusterroles')]],
    gives: { kind: 'rights', what: 'everything' },
    clusterScoped: true,
    tags: ['attack.t1098.006', ...base],
  },
  {
    id: 'escalate-roles',
    title: 'Write rights into a Role that one does not have',
    needs: [[need(changing, rbac, 'roles'), need(['escalate'], rbac, 'roles')]],
    gives: { kind: 'rights', what: 'more' },
    tags: ['attack.t1098.006', ...base],
  },
  {
    id: 'bind-cluster',
    title: 'Bind a ClusterRole to oneself in the whole cluster',
    needs: [[need(writing, rbac, 'clusterrolebindings'), need(['bind'], rbac, 'clusterroles')]],
    gives: { kind: 'roles', clusterWide: true },
    clusterScoped: true,
    tags: ['attack.t1098.006', ...base],
  },
  {
    id: 'bind-namespace',
    title: 'Bind a role to oneself in a namespace',
    needs: [
      [need(writing, rbac, 'rolebindings'), need(['bind'], rbac, 'clusterroles')],
      [need(writing, rbac, 'rolebindings'), need(['bind'], rbac, 'roles')],
    ],
    gives: { kind: 'roles', clusterWide: false },
    tags: ['attack.t1098.006', ...base],
  },
  {
    id: 'impersonate-users',
    title: 'Impersonate users',
    needs: [[need(['impersonate'], '', 'users')]],
    gives: { kind: 'impersonation', of: 'User' },
    clusterScoped: true,
    tags: ['attack.t1078.004', ...base],
  },
  {
    id: 'impersonate-groups',
    title: 'Impersonate members of groups',
    needs: [[need(['impersonate'], '', 'groups'), need(['impersonate'], '', 'users')]],
    gives: { kind: 'impersonation', of: 'Group' },
    clusterScoped: true,
    tags: ['attack.t1078.004', ...base],
  },
  {
    id: 'impersonate-service-accounts',
    title: 'Impersonate service accounts',
    needs: [[need(['impersonate'], '', 'serviceaccounts')]],
    gives: { kind: 'impersonation', of: 'ServiceAccount' },
    tags: ['attack.t1078.004', ...base],
  },
  {
    id: 'create-service-account-tokens',
    title: 'Create tokens of service accounts',
    needs: [[need(['create'], '', 'serviceaccounts/token')]],
    gives: { kind: 'service-accounts', otherwise: 'nothing' },
    tags: ['attack.t1528', 'attack.t1098.001', ...base],
  },
  {
    id: 'create-pods',
    title: 'Run pods with any service account of a namespace',
    needs: [[need(['create'], '', 'pods')]],
    gives: { kind: 'service-accounts', otherwise: 'more' },
    tags: ['attack.t1610', 'attack.t1611', ...base],
  },
  {
    id: 'write-workloads',
    title: 'Run workloads with any service account of a namespace',
    needs: [
      ...['deployments', 'daemonsets', 'statefulsets', 'replicasets'].map((name) => [
        need(writing, 'apps', name),
      ]),
      [need(writing, 'batch', 'jobs')],
      [need(writing, 'batch', 'cronjobs')],
      [need(writing, '', 'replicationcontrollers')],
    ],
    gives: { kind: 'service-accounts', otherwise: 'more' },
    tags: ['attack.t1610', 'attack.t1611', ...base],
  },
  {
    id: 'exec-in-pods',
    title: 'Run commands in pods',
    needs: [[need(['create', 'get'], '', 'pods/exec')], [need(['create', 'get'], '', 'pods/attach')]],
    gives: { kind: 'rights', what: 'more' },
    condition: 'pods run there whose service accounts or data give more',
    tags: ['attack.t1609', ...base],
  },
  {
    id: 'ephemeral-containers',
    title: 'Put a container into running pods',
    needs: [[need(changing, '', 'pods/ephemeralcontainers')]],
    gives: { kind: 'rights', what: 'more' },
    condition: 'pods run there whose service accounts or data give more',
    tags: ['attack.t1609', 'attack.t1610', ...base],
  },
  {
    id: 'nodes-proxy',
    title: 'Run commands in every pod by the kubelets',
    needs: [[need(['get', 'create'], '', 'nodes/proxy')]],
    gives: { kind: 'rights', what: 'more' },
    clusterScoped: true,
    tags: ['attack.t1609', 'attack.t1611', ...base],
  },
  {
    id: 'approve-certificates',
    title: 'Sign a certificate of any user',
    needs: [
      [
        need(['create'], 'certificates.k8s.io', 'certificatesigningrequests'),
        need(changing, 'certificates.k8s.io', 'certificatesigningrequests/approval'),
        need(['approve'], 'certificates.k8s.io', 'signers'),
      ],
    ],
    gives: { kind: 'rights', what: 'everything' },
    clusterScoped: true,
    tags: ['attack.t1098.001', 'attack.t1649', ...base],
  },
  {
    id: 'admission-webhooks',
    title: 'Change objects of others as they are admitted',
    needs: [[need(writing, 'admissionregistration.k8s.io', 'mutatingwebhookconfigurations')]],
    gives: { kind: 'rights', what: 'everything' },
    clusterScoped: true,
    tags: ['attack.t1546', ...base],
  },
  {
    id: 'read-by-webhooks',
    title: 'Read objects of others, secrets too, as they are admitted',
    needs: [[need(writing, 'admissionregistration.k8s.io', 'validatingwebhookconfigurations')]],
    gives: { kind: 'rights', what: 'more' },
    clusterScoped: true,
    tags: ['attack.t1546', 'attack.t1552.007', ...base],
  },
  {
    id: 'persistent-volumes',
    title: 'Mount the files of a node',
    needs: [[need(['create'], '', 'persistentvolumes')]],
    gives: { kind: 'rights', what: 'more' },
    clusterScoped: true,
    condition: 'whoever uses it has a pod that claims the volume',
    tags: ['attack.t1611', ...base],
  },
  {
    id: 'read-secrets',
    title: 'Read secrets',
    needs: [[need(['get', 'list', 'watch'], '', 'secrets')]],
    gives: { kind: 'secrets' },
    tags: ['attack.t1552.007', 'owasp-nhi.2', 'nist-csf.pr.aa-05'],
  },
];
