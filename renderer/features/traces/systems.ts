/** The policy systems that bundles can be of, by name. Their evaluators run elsewhere and are not loaded here. */
export const systems: readonly { readonly name: string; readonly title: string }[] = [
  { name: 'aws-iam', title: 'AWS IAM' },
  { name: 'casbin', title: 'Casbin' },
  { name: 'cedar', title: 'Cedar' },
  { name: 'cerbos', title: 'Cerbos' },
  { name: 'gcp-iam', title: 'Google Cloud IAM' },
  { name: 'kubernetes-rbac', title: 'Kubernetes RBAC' },
  { name: 'opa', title: 'Open Policy Agent' },
];
