import type { Entitlement } from './entitlement.ts';
import type { ConditionNode, GrantPath, PolicyRef } from './trace.ts';

/**
 * `certain`: every step is allowed whatever a request carries. `conditional`: possible under conditions that the bundle
 * does not decide, which are named. `unknown`: policies that have a say are missing from the bundle.
 */
export type PathCertainty = 'certain' | 'conditional' | 'unknown';

/** One permission that a path needs, with the way in which it is held. */
export interface AccessPathStep {
  readonly action: string;
  readonly resource: string;
  readonly certainty: PathCertainty;
  readonly path: GrantPath;
  readonly policies: readonly PolicyRef[];
  /** What must hold besides; absent where nothing must. */
  readonly condition?: ConditionNode;
}

export interface PathTarget {
  readonly type: string;
  readonly id: string;
}

/** A way in which a subject comes to rights or credentials that it was not given. */
export interface AccessPath {
  /** System, subject and technique: the same in every bundle that has it. */
  readonly key: string;
  readonly system: string;
  readonly subject: Entitlement['subject'];
  /** `administrator`: it has every right already, so that single techniques are not listed. */
  readonly kind: 'administrator' | 'privilege-escalation' | 'credential-access' | 'public-access';
  /** Stable name of the technique, e.g. `iam-create-policy-version`. */
  readonly technique: string;
  readonly title: string;
  /** What it comes to: every right, more than it has, or secrets. */
  readonly gives: 'everything' | 'more' | 'secrets';
  readonly certainty: PathCertainty;
  /** Identities, policies, groups or namespaces that it can be done with, those that give most first. */
  readonly targets: readonly PathTarget[];
  readonly targetCount: number;
  /** The permissions that it needs, for the first target. */
  readonly steps: readonly AccessPathStep[];
  /** From the subject to those whose rights it ends with. */
  readonly chain: GrantPath;
  /** What must hold besides, in words; empty for a certain path. */
  readonly conditions: readonly string[];
  readonly assumptions: readonly string[];
  /** In one sentence. */
  readonly summary: string;
  readonly tags: readonly string[];
}

export const mostTargets = 100;

/** What an analysis of paths must be told: it has no clock. */
export interface PathOptions {
  /** RFC 3339: requests are taken to be made at this time. Null: conditions on the time stay open. */
  readonly at: string | null;
  /** Only the paths of this subject. */
  readonly subject?: string;
}

/** An identity that a subject can become, and how. */
export interface ReachableIdentity {
  readonly type: string;
  readonly id: string;
  readonly certainty: PathCertainty;
  readonly administrator: boolean;
  readonly chain: GrantPath;
}

const order: readonly PathCertainty[] = ['certain', 'conditional', 'unknown'];

/** As sure as its least sure part. */
export function leastCertain(parts: readonly PathCertainty[]): PathCertainty {
  return order[Math.max(0, ...parts.map((part) => order.indexOf(part)))] ?? 'unknown';
}

/** How one certainty stands to another: negative where the first is surer. */
export function compareCertainty(one: PathCertainty, other: PathCertainty): number {
  return order.indexOf(one) - order.indexOf(other);
}
