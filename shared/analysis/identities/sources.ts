import type { BundleIdentity, CaseBundle } from '#shared/domain/bundle.ts';
import type { Decision } from '#shared/domain/decision.ts';
import type { DirectoryIdentity, DirectorySnapshot, DirectoryTraits } from '#shared/domain/directory.ts';

/** An export of a directory as the analysis takes it. */
export interface DirectorySource {
  /** It only names identities, as a policy does, and tells nothing of them. */
  readonly namesOnly?: true;
  readonly snapshot: DirectorySnapshot;
  readonly traits: DirectoryTraits;
  readonly identities: readonly {
    readonly offset: number;
    readonly length: number;
    readonly value: DirectoryIdentity;
  }[];
}

/** Who appears in one bundle. */
export interface BundleEvidence {
  readonly bundle: Pick<CaseBundle, 'id' | 'system' | 'digest' | 'inForceFrom' | 'importedAt'>;
  readonly identities: readonly BundleIdentity[];
}

/** What is known besides the logs. */
export interface IdentitySources {
  readonly directories: readonly DirectorySource[];
  readonly bundles: readonly BundleEvidence[];
  /** Those that stand, in their order. */
  readonly decisions: readonly Decision[];
  /** Who answers for an identity by the matrix of owners; null where no row names anybody. */
  readonly answersFor: (ids: readonly string[]) => string | null;
}

export const noSources: IdentitySources = {
  directories: [],
  bundles: [],
  decisions: [],
  answersFor: () => null,
};

/** When an export shows the directory: its own time, else the latest moment that it mentions; null where neither. */
export function timeOfSnapshot({ takenAt, notBefore }: DirectorySnapshot): string | null {
  return takenAt ?? notBefore;
}
