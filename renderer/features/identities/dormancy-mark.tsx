import type { ReactNode } from 'react';
import type { Dormancy, SeenBasis, UseCoverage } from '#shared/domain/identity.ts';
import { formatPercent } from '../../ui/numbers.ts';

const shapes: Readonly<Record<Dormancy, ReactNode>> = {
  active: <circle cx="6" cy="6" r="4" />,
  dormant: <path d="M9.5 8A4.5 4.5 0 1 1 5 2.2 3.6 3.6 0 0 0 9.5 8z" />,
  'never-seen': <path d="M2 6h8" />,
  'cannot-know': <circle cx="6" cy="6" r="4" className="hollow" />,
};

const words: Readonly<Record<Dormancy, string>> = {
  active: 'active',
  dormant: 'dormant',
  'never-seen': 'never seen',
  'cannot-know': 'cannot know',
};

export function wordsOf(dormancy: Dormancy): string {
  return words[dormancy];
}

interface DormancyMarkProps {
  readonly dormancy: Dormancy;
  /** The coverage behind it, as a share of days. It counts for silence alone. */
  readonly coverage?: UseCoverage;
}

/** In use or not, by shape and word; for silence with the share of days on which the logs would have shown more. */
export function DormancyMark({ dormancy, coverage }: DormancyMarkProps) {
  return (
    <span className={`outcome ${dormancy}`} title={coverage?.why}>
      <svg viewBox="0 0 12 12" aria-hidden="true">
        {shapes[dormancy]}
      </svg>
      {words[dormancy]}
      {coverage === undefined || dormancy === 'active' ? null : (
        <span className="muted numeric"> {formatPercent(coverage.confidence)}</span>
      )}
    </span>
  );
}

const bases: Readonly<Record<SeenBasis, string>> = {
  use: 'use',
  'on-behalf': 'on behalf',
  denied: 'denied',
  attempt: 'attempt',
  directory: 'directory',
};

/** What the last sight of it was, in a word or two. */
export function basisWords(basis: SeenBasis): string {
  return bases[basis];
}

const explained: Readonly<Record<SeenBasis, string>> = {
  use: 'it did something',
  'on-behalf': 'somebody acted for it, or it acted through another',
  denied: 'it was refused a right, which shows that its credential works',
  attempt: 'its credential was refused, which proves nothing of the identity',
  directory: 'a directory says so; no log shows use',
};

export function basisExplained(basis: SeenBasis): string {
  return explained[basis];
}
