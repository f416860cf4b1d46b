import type { PrincipalType } from './event.ts';

export const serviceAccountPrefix = 'system:serviceaccount:';
export const nodePrefix = 'system:node:';

/** Names under `system:` that people use: the administrator of OpenShift and K3s. */
const peopleOfSystem = new Set(['system:admin']);

/** What kind of principal a Kubernetes user name stands for. Source: Kubernetes, “Authenticating” and “Using Node Authorization”. */
export function clusterUserType(username: string): PrincipalType {
  if (username.startsWith(serviceAccountPrefix)) return 'workload';
  // A node is a machine with a certificate of its own; a bootstrap token belongs to a machine that becomes a node.
  if (username.startsWith(nodePrefix) || username.startsWith('system:bootstrap:')) return 'device';
  if (username === 'system:anonymous' || username === 'system:unauthenticated') return 'anonymous';
  if (peopleOfSystem.has(username)) return 'user';
  // Components of the control plane: Kubernetes' own, and those of EKS and AKS.
  if (/^(?:system:|eks:|aks:)/.test(username) || username === 'aksService') return 'service';
  if (username.endsWith('.gserviceaccount.com')) return 'workload';
  return 'user';
}
