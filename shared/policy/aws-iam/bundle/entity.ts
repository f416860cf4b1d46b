import type { JsonObject } from '../../../domain/json.ts';
import type { CompiledPolicy } from '../document/policy.ts';
import type { LayerInput } from '../evaluate/layers.ts';

/** Where an entity stands in the bundle, with what is said of it there. */
export interface EntityOrigin {
  readonly content: JsonObject;
  readonly path: string;
  readonly pointer: string;
}

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
  /** Also where the bundle does not have its document. */
  readonly boundaryArn: string | null;
  /** What was taken for granted where the bundle was rebuilt from a log. */
  readonly assumptions: readonly string[];
  /** The role's trust policy. */
  readonly trust: CompiledPolicy | null;
  /** ARNs of the groups that a user is in. */
  readonly groups: readonly string[];
  /** Whether an instance profile holds the role; null where the bundle does not tell. */
  readonly hasInstanceProfile: boolean | null;
  readonly origin: EntityOrigin;
}

/** A group with the policies that its members have by it. */
export interface IamGroup {
  readonly arn: string;
  readonly identity: LayerInput;
}

export interface Account {
  readonly id: string;
  readonly users: Map<string, IamEntity>;
  /** By name, which is unique within the account. */
  readonly roles: Map<string, IamEntity>;
  /** By ARN. */
  readonly groups: Map<string, IamGroup>;
  /** Versions of managed policies that are not in force, by the ARN of the policy. */
  readonly otherVersions: Map<string, readonly CompiledPolicy[]>;
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
    groups: new Map(),
    otherVersions: new Map(),
    resourcePolicies: null,
    endpointPolicies: null,
    hasIdentities: false,
  };
}
