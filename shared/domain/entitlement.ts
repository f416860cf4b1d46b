import type { ConditionNode, GrantPath, PolicyRef } from './trace.ts';

export type AccessLevel = 'list' | 'read' | 'write' | 'tagging' | 'permissions-management';

/** One effective permission of one subject, whatever number of ways it is held. */
export interface Entitlement {
  /** Digest of system, subject, action and resource pattern: conditions and paths do not change it. */
  readonly key: string;
  readonly system: string;
  readonly subject: { readonly type: string; readonly id: string; readonly account?: string };
  readonly action: {
    readonly pattern: string;
    /** Actions of the catalogue that the pattern covers, where there is a catalogue. */
    readonly expanded?: readonly string[];
    readonly level?: AccessLevel;
  };
  readonly resource: { readonly type?: string; readonly pattern: string };
  readonly condition: ConditionNode | null;
  readonly conditionality: 'always' | 'conditional' | 'never-effective' | 'unknown';
  /** Every way it is held. */
  readonly grants: readonly { readonly path: GrantPath; readonly ref: PolicyRef }[];
  /** Denies and limits that take something of it away. */
  readonly limitedBy: readonly PolicyRef[];
  /** What Deny statements take out of a part of it, in one form whatever order they are written in; absent: nothing. */
  readonly except?: readonly string[];
  readonly risks: readonly EntitlementRisk[];
}

export type EntitlementRisk =
  | 'privilege-escalation'
  | 'credential-access'
  | 'public'
  | 'cross-account'
  | 'wildcard';
