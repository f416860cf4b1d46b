import type { CompiledPolicy } from '../document/policy.ts';
import type { LayerInput } from '../evaluate/layers.ts';

/** A user or role of an account. */
export interface IamEntity {
  readonly kind: 'user' | 'role';
  readonly arn: string;
  readonly name: string;
  readonly id: string | null;
  /** By key in lower case. */
  readonly tags: ReadonlyMap<string, string>;
  readonly identity: LayerInput;
  readonly boundary: LayerInput | null;
  /** The role's trust policy. */
  readonly trust: CompiledPolicy | null;
}

export interface Account {
  readonly id: string;
  readonly users: Map<string, IamEntity>;
  /** By name, which is unique within the account. */
  readonly roles: Map<string, IamEntity>;
  /** By ARN; null where the bundle tells nothing of resource policies. */
  resourcePolicies: Map<string, CompiledPolicy> | null;
  endpointPolicies: Map<string, CompiledPolicy> | null;
  /** Whether the account's users and roles are in the bundle. */
  hasIdentities: boolean;
}

export function emptyAccount(id: string): Account {
  return {
    id,
    users: new Map(),
    roles: new Map(),
    resourcePolicies: null,
    endpointPolicies: null,
    hasIdentities: false,
  };
}
