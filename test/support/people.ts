import type { DirectorySource } from '#shared/analysis/identities/sources.ts';
import { directoryByName } from '#shared/directories/index.ts';
import type { Decision, DecisionData } from '#shared/domain/decision.ts';
import { type DirectoryIdentity, identityEntry } from '#shared/domain/directory.ts';
import type { LogDays, Moment, Use } from '#shared/domain/identity.ts';

/** Exports of directories, uses and logs for tests: days count from 1970. */

const day = 86_400e6;

export const at = (days: number): Moment => ({
  micros: days * day,
  text: new Date(days * 86_400_000).toISOString().replace('.000', ''),
});

type Known = Pick<DirectoryIdentity, 'id'> & Partial<DirectoryIdentity>;

export function directory(
  format: string,
  taken: number | null,
  identities: readonly Known[],
  more: Partial<DirectorySource['snapshot']> = {},
): DirectorySource {
  const values = identities.map((known) => identityEntry({ type: 'user', status: 'active', ...known }));
  return {
    snapshot: {
      sha256: format.padEnd(64, '0'),
      path: `${format}.json`,
      format,
      importedAt: at(0).text,
      takenAt: taken === null ? null : at(taken).text,
      notBefore: null,
      complete: true,
      lastPage: false,
      identities: values.length,
      groups: 0,
      rejected: 0,
      authorities: [...new Set(values.flatMap(({ authority }) => authority ?? []))],
      ...more,
    },
    traits: directoryByName(format)!,
    identities: values.map((value, index) => ({ offset: index * 10, length: 10, value })),
  };
}

export const use = (more: Partial<Use> & Pick<Use, 'subject'>): Use => ({
  format: 'aws-cloudtrail',
  account: '111122223333',
  actor: null,
  credential: null,
  sessions: 0,
  outcome: 'allow',
  unauthenticated: false,
  events: 1,
  first: at(1000),
  last: at(1000),
  ...more,
});

export const log = (days: readonly number[], more: Partial<LogDays> = {}): LogDays => ({
  format: 'aws-cloudtrail',
  account: '111122223333',
  from: at(days[0] ?? 0),
  to: at((days.at(-1) ?? 0) + 0.9),
  days,
  ...more,
});

export const range = (from: number, to: number): number[] =>
  Array.from({ length: to - from + 1 }, (_, index) => from + index);

export const decision = (number: number, data: DecisionData): Decision => ({
  number,
  time: at(1100).text,
  who: 'ann',
  why: 'seen the badge',
  data,
  undoneBy: null,
});
