import type { JsonObject } from '../../domain/json.ts';
import type { PolicyRef } from '../../domain/trace.ts';

/** One role for some members. */
export interface Binding {
  readonly role: string;
  readonly members: readonly string[];
  /** CEL; null where the role is held always. */
  readonly condition: string | null;
  readonly ref: PolicyRef;
  /** Set where it is not known whether it stood at that time. */
  readonly unknown?: string;
}

/** An allow policy and the resource that it is attached to. */
export interface AllowPolicy {
  /** As `canonicalName` writes it; empty where the file does not say whose it is. */
  readonly node: string;
  readonly bindings: readonly Binding[];
  readonly ref: PolicyRef;
  /** Set where there may be more in it than is known. */
  readonly unknown?: string;
}

export interface DenyRule {
  readonly principals: readonly string[];
  readonly exceptPrincipals: readonly string[];
  readonly permissions: readonly string[];
  readonly exceptPermissions: readonly string[];
  readonly condition: string | null;
  readonly ref: PolicyRef;
}

export interface DenyPolicy {
  readonly node: string;
  readonly name: string;
  /** Null where only the policy's name is known (`gcloud iam policies list`). */
  readonly rules: readonly DenyRule[] | null;
  readonly ref: PolicyRef;
  readonly unknown?: string;
}

export interface Role {
  readonly name: string;
  /** Null where only the role's name is known (`gcloud iam roles list`). */
  readonly permissions: ReadonlySet<string> | null;
  /** A role that is deleted or disabled grants nothing. */
  readonly isDead: boolean;
  readonly ref: PolicyRef;
  readonly unknown?: string;
}

/** Everything that a bundle tells. */
export interface Estate {
  readonly policies: AllowPolicy[];
  readonly denies: DenyPolicy[];
  readonly roles: Map<string, Role>;
  /** Members of groups, by the group's mail in lower case. */
  readonly groups: Map<string, readonly string[]>;
  /** The parent of each project and folder; null for an organization. */
  readonly parents: Map<string, string | null>;
  /** Other names of one thing: a project's number, a service account's id. */
  readonly aliases: Map<string, string>;
  /** Principal access boundaries, which are not evaluated. */
  readonly boundaries: PolicyRef[];
  /** Whether some of it is an export of Cloud Asset Inventory, which lists every policy there is. */
  isExport: boolean;
}

/** A document of a bundle and where it stands. */
export interface PlacedDocument {
  readonly value: JsonObject;
  readonly path: string;
  /** JSON Pointer, or the number of a line. */
  readonly locator: string;
}

export function emptyEstate(): Estate {
  return {
    policies: [],
    denies: [],
    roles: new Map(),
    groups: new Map(),
    parents: new Map(),
    aliases: new Map(),
    boundaries: [],
    isExport: false,
  };
}
