import { join } from 'node:path';

/** The files of a case. A case is one folder: copy it, open it elsewhere. */
export interface CaseFolder {
  readonly root: string;
  readonly database: string;
  /** Originals by hash, never modified. */
  readonly evidence: string;
  /** Files of policy bundles by hash, never modified. */
  readonly bundles: string;
  /** Files of policy tests, by name. */
  readonly policyTests: string;
  /** What was worked out from the rest and can be worked out again. */
  readonly derived: string;
  /** Append-only record of custody and of actions. */
  readonly journal: string;
  readonly manifest: string;
}

export function caseFolder(root: string): CaseFolder {
  return {
    root,
    database: join(root, 'case.db'),
    evidence: join(root, 'evidence'),
    bundles: join(root, 'bundles'),
    policyTests: join(root, 'policy-tests'),
    derived: join(root, 'derived'),
    journal: join(root, 'journal'),
    manifest: join(root, 'case.json'),
  };
}

/** `case.json`. */
export interface CaseManifest {
  readonly id: string;
  readonly name: string;
  readonly created: string;
  readonly schemaVersion: number;
}

/** Folders 0700 and files 0600: a case is for the analyst's eyes. */
export const folderMode = 0o700;
export const fileMode = 0o600;
