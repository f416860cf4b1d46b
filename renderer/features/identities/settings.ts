import { useMemo } from 'react';
import { type IdentityKind, identityKinds } from '#shared/domain/directory.ts';
import type { Dormancy } from '#shared/domain/identity.ts';
import type { Address } from '../../state/address.ts';
import { useAddress } from '../../state/context.ts';

export const dormancies: readonly Dormancy[] = ['active', 'dormant', 'never-seen', 'cannot-know'];
export const usualDays = 90;

/** The parts of an identity's page. */
export const storyParts = ['story', 'permissions', 'paths', 'reach', 'behaviour', 'proposal'] as const;
export type StoryPart = (typeof storyParts)[number];

/** What the view shows, and at which time and after how long silence it is judged. */
export interface Settings {
  readonly text: string;
  readonly dormancy: Dormancy | null;
  /** As the analyst wrote it; null is the end of the evidence. */
  readonly asOf: string | null;
  readonly dormantAfterDays: number;
  readonly kind: IdentityKind | null;
  readonly orphan: boolean;
  /** The queue of doubtful matches instead of the table. */
  readonly review: boolean;
  /** Whose page is shown instead of the table; null for the table. */
  readonly identity: string | null;
  readonly part: StoryPart;
}

/** Of the tab in the address: parameters, of which unreadable ones fall back to the usual. */
export function parseSettings(tab: string | null): Settings {
  const parameters = new URLSearchParams(tab ?? '');
  const days = Number(parameters.get('days') ?? usualDays);
  return {
    text: parameters.get('text') ?? '',
    dormancy: dormancies.find((candidate) => candidate === parameters.get('dormancy')) ?? null,
    asOf: parameters.get('as-of'),
    dormantAfterDays: isDays(days) ? days : usualDays,
    kind: identityKinds.find((kind) => kind === parameters.get('kind')) ?? null,
    orphan: parameters.has('orphan'),
    review: parameters.has('review'),
    identity: parameters.get('identity'),
    part: storyParts.find((part) => part === parameters.get('part')) ?? 'story',
  };
}

/** The tab of these settings; null where all are the usual ones. */
export function formatSettings(settings: Settings): string | null {
  const { text, dormancy, asOf, dormantAfterDays, kind, orphan, review, identity, part } = settings;
  const parameters = new URLSearchParams();
  if (text !== '') parameters.set('text', text);
  if (dormancy !== null) parameters.set('dormancy', dormancy);
  if (asOf !== null) parameters.set('as-of', asOf);
  if (dormantAfterDays !== usualDays) parameters.set('days', String(dormantAfterDays));
  if (kind !== null) parameters.set('kind', kind);
  if (orphan) parameters.set('orphan', 'yes');
  if (review) parameters.set('review', 'yes');
  if (identity !== null) parameters.set('identity', identity);
  if (identity !== null && part !== 'story') parameters.set('part', part);
  const tab = parameters.toString();
  return tab === '' ? null : tab;
}

/** What the operation takes as days of silence. */
export function isDays(days: number): boolean {
  return Number.isInteger(days) && days >= 1 && days <= 10_000;
}

/** The settings of the address; the usual ones where another view is shown. */
export function useSettings(): Settings {
  const tab = useAddress(({ view, tab: current }: Address) => (view === 'identities' ? current : null));
  return useMemo(() => parseSettings(tab), [tab]);
}
