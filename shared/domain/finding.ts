import type { AccessPath } from './access-path.ts';

export type Severity = 'informational' | 'low' | 'medium' | 'high' | 'critical';
export const severities: readonly Severity[] = ['informational', 'low', 'medium', 'high', 'critical'];

/** Something that somebody has to look at, with the evidence for it. The shape of `rescind findings`. */
export interface Finding {
  /** Digest of rule and subject (and group): the same finding has the same id in every run. */
  readonly id: string;
  readonly rule: string;
  readonly title: string;
  readonly severity: Severity;
  /** The identity that it is about; null where it is about none. */
  readonly subject: string | null;
  /** Ids of the events that show it, oldest first, at most `mostEvents`. */
  readonly events: readonly string[];
  /** All events that show it. */
  readonly count: number;
  readonly first: string | null;
  readonly last: string | null;
  /** In words: what was seen and why it matters. */
  readonly why: string;
  /** What to do about it. */
  readonly advice: string | null;
  /** Set where rights show it instead of events: the way in the bundle, with the policies that make it. */
  readonly access?: { readonly bundle: string; readonly path: AccessPath };
  /** Where entries of directories stand that show it. */
  readonly entries?: readonly { readonly sha256: string; readonly offset: number; readonly length: number }[];
  /** E.g. `attack.t1098`, `owasp-nhi.7`, `nist-csf.pr.aa-05`. */
  readonly tags: readonly string[];
}

export const mostEvents = 1_000;

/** A finding whose id is made of its rule and key. */
export type KeyedFinding = Omit<Finding, 'id'> & { readonly key: string };
