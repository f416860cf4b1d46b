import type { DirectoryIdentity } from './directory.ts';
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

/** An identity as a bundle tells of it: one that it defines, or one that its policies only name. */
export interface BundleIdentity {
  readonly value: DirectoryIdentity;
  /** System whose identity it is, by which it meets logs and directories: a service account may stand in a trust policy. */
  readonly realm: string;
  /** Whether the bundle has the identity itself, and not only a policy that names it. */
  readonly isDefined: boolean;
  /** How it comes to be in the bundle, each way once. */
  readonly reasons: readonly string[];
  /** File of the bundle and place in it of the first. */
  readonly path: string;
  readonly locator: string;
}

/** What the store needs to enter a bundle whose files lie in the case already. */
export interface NewBundle extends Omit<CaseBundle, 'id' | 'importedAt'> {
  readonly files: readonly BundleFile[];
  readonly identities: readonly BundleIdentity[];
  /** Id of the bundle that it was made of by editing. */
  readonly editedFrom?: string;
}
