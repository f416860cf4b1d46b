import type { BundleProblem, SignatureState } from './policy-system.ts';

/** A bundle that a case keeps: one version of one policy set, with the time from which it was in force. */
export interface CaseBundle {
  /** Digest of system, content and time: the same bundle for the same time is kept once. */
  readonly id: string;
  readonly system: string;
  /** The bundle's own name of its version. */
  readonly revision: string | null;
  readonly digest: string;
  /** RFC 3339; null where it is not known from when it was in force. */
  readonly inForceFrom: string | null;
  readonly importedAt: string;
  /** As the analyst gave it. */
  readonly path: string;
  readonly policies: number;
  readonly subjects: number;
  readonly problems: readonly BundleProblem[];
  /** What its own signature came to when it was added; null where it is not signed. */
  readonly signature: SignatureState | null;
}

/** A file of a kept bundle; its bytes lie in the case under their hash. */
export interface BundleFile {
  readonly path: string;
  readonly sha256: string;
  readonly bytes: number;
}

/** What the store needs to enter a bundle whose files lie in the case already. */
export interface NewBundle extends Omit<CaseBundle, 'id' | 'importedAt'> {
  readonly files: readonly BundleFile[];
  /** Id of the bundle that it was made of by editing. */
  readonly editedFrom?: string;
}
