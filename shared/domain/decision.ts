import type { IdentityKind } from './directory.ts';

export const standings = ['standing', 'temporary', 'exception'] as const;
export type Standing = (typeof standings)[number];

/** Who writes, approves, monitors and answers for something. */
export const duties = ['writes', 'approves', 'monitors', 'answers'] as const;
export type Duty = (typeof duties)[number];

/** One row of the matrix: what a pattern covers, and who has which duty there. */
export interface Ownership {
  readonly about: 'policy' | 'identity';
  /** A path or name with `*` and `**`, as in a CODEOWNERS file; of identities an id with `*`. */
  readonly pattern: string;
  readonly writes: readonly string[];
  readonly approves: readonly string[];
  readonly monitors: readonly string[];
  readonly answers: readonly string[];
}

/** Who has which duty for one thing, and by which row; null where no row names anybody. */
export type Duties = Readonly<
  Record<Duty, { readonly who: readonly string[]; readonly pattern: string } | null>
>;

/**
 * What an analyst decided about identities. Appearances are named by their keys, which are made of the source's own ids
 * and so outlive any import.
 */
export type DecisionData =
  /** These appearances are one identity. */
  | { readonly kind: 'merge'; readonly appearances: readonly string[] }
  /** These appearances are an identity of their own. */
  | { readonly kind: 'split'; readonly appearances: readonly string[] }
  /** A doubtful match that is none. */
  | { readonly kind: 'distinct'; readonly appearances: readonly string[] }
  | { readonly kind: 'rename'; readonly appearance: string; readonly name: string }
  | { readonly kind: 'owner'; readonly appearance: string; readonly owner: string | null }
  | { readonly kind: 'kind'; readonly appearance: string; readonly as: IdentityKind | null }
  | {
      readonly kind: 'standing';
      readonly appearance: string;
      readonly as: Standing;
      /** RFC 3339; the end of what is temporary or an exception. */
      readonly until: string | null;
    }
  /** The matrix as a whole or in part: rows take the place of those with the same pattern. */
  | { readonly kind: 'ownership'; readonly rows: readonly Ownership[]; readonly replace: boolean }
  | { readonly kind: 'undo'; readonly number: number };

/** A decision as the case keeps it: never changed, taken back by a later one. */
export interface Decision {
  readonly number: number;
  readonly time: string;
  /** Who was at the keyboard, as the system names them. */
  readonly who: string;
  readonly why: string;
  readonly data: DecisionData;
  /** The later decision that took it back; null while it stands. */
  readonly undoneBy: number | null;
}

/** Those that stand, in their order. */
export function standing(decisions: readonly Decision[]): Decision[] {
  return decisions.filter(({ undoneBy, data }) => undoneBy === null && data.kind !== 'undo');
}
