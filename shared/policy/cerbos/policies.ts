import type { PolicyRef } from '../../domain/trace.ts';

/** `match` of a condition (https://docs.cerbos.dev/cerbos/latest/policies/conditions). */
export type Match =
  | { readonly op: 'expr'; readonly expr: string }
  | { readonly op: 'all' | 'any' | 'none'; readonly of: readonly Match[] };

/** Names that expressions of one policy may use, by their expression or value. */
export interface Definitions {
  readonly variables: ReadonlyMap<string, string>;
  readonly constants: ReadonlyMap<string, unknown>;
}

export interface CerbosRule {
  readonly name: string;
  /** The name, made unique in its policy: rules of a principal policy for different resources may share one. */
  readonly id: string;
  readonly effect: 'allow' | 'deny';
  /** Globs. In a role policy these are the actions that are allowed, and nothing else is. */
  readonly actions: readonly string[];
  /** Glob of the resource kind, in principal and role policies. */
  readonly resource: string;
  readonly roles: readonly string[];
  readonly derivedRoles: readonly string[];
  readonly match: Match | null;
  readonly output: { readonly activated: string | null; readonly notMet: string | null };
  readonly ref: PolicyRef;
}

export interface CerbosPolicy {
  readonly kind: 'resource' | 'principal' | 'role';
  /** Resource kind, principal's id or role. */
  readonly name: string;
  readonly version: string;
  readonly scope: string;
  readonly key: string;
  readonly path: string;
  /** True: what this scope allows the parent scope must allow too. */
  readonly needsConsent: boolean;
  readonly rules: readonly CerbosRule[];
  /** Sets of derived roles that are imported. */
  readonly imports: readonly string[];
  readonly definitions: Definitions;
  /** Of a role policy: roles whose permissions it narrows. */
  readonly parentRoles: readonly string[];
}

export interface DerivedRole {
  readonly name: string;
  readonly parentRoles: readonly string[];
  readonly match: Match | null;
  readonly definitions: Definitions;
  readonly ref: PolicyRef;
}

/** Everything of a bundle that takes part in decisions. */
export interface PolicyStore {
  readonly policies: readonly CerbosPolicy[];
  /** By set and role. */
  readonly derivedRoles: ReadonlyMap<string, ReadonlyMap<string, DerivedRole>>;
}
