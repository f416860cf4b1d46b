import type { DirectoryIdentity, LastUse } from '#shared/domain/directory.ts';
import type { Moment } from '#shared/domain/identity.ts';
import { parseInstant } from '#shared/util/instant.ts';
import type { PlacedIdentity } from './appearances.ts';
import type { Silence } from './dormancy.ts';
import { timeOfSnapshot } from './sources.ts';

const hourMicros = 3_600e6;
const dayMicros = 24 * hourMicros;
/** A directory is behind by its delay at most, also where what it keeps is coarser than that. */
const longestDelay = 24;

/** Microseconds since 1970 of an RFC 3339 time; null where there is none. */
export function microsOf(text: string | null): number | null {
  return text === null ? null : (parseInstant(text)?.micros ?? null);
}

/** What the last uses of an entry prove: moments of life, and a stretch of silence. What came after `asOf` is not known. */
export function claimsOf(
  { source, placed: { value } }: PlacedIdentity,
  uses: readonly LastUse[],
  isComplete: boolean,
  asOf: Moment,
): { readonly alive: readonly Moment[]; readonly silence: Silence | null } {
  const alive = uses.flatMap(({ at }): Moment[] => {
    const micros = microsOf(at);
    return at !== null && micros !== null && micros <= asOf.micros ? [{ micros, text: at }] : [];
  });
  const told = microsOf(timeOfSnapshot(source.snapshot));
  const isLater = uses.some(({ at }) => (microsOf(at) ?? 0) > asOf.micros);
  if (!isComplete || uses.length === 0 || told === null || isLater) return { alive, silence: null };
  const from = Math.max(...uses.map((use) => silentFrom(use, value, told)));
  const to =
    told - Math.max(...uses.map(({ staleHours }) => Math.min(staleHours, longestDelay))) * hourMicros;
  const { format } = source.snapshot;
  return {
    alive,
    silence: to <= from ? null : { format, account: value.authority, from, to, note: noteOf(format, uses) },
  };
}

function silentFrom(use: LastUse, { created }: DirectoryIdentity, told: number): number {
  const at = microsOf(use.at);
  if (at !== null) return at + use.staleHours * hourMicros;
  if (use.trackedDays !== undefined) return told - use.trackedDays * dayMicros;
  return microsOf(use.recordedSince) ?? microsOf(created) ?? Number.MIN_SAFE_INTEGER;
}

function noteOf(format: string, uses: readonly LastUse[]): string {
  const what = [...new Set(uses.map((use) => use.what))].join(', ');
  const stale = Math.max(...uses.map(({ staleHours }) => staleHours));
  const late =
    stale === 0 ? '' : `, up to ${stale >= 48 ? `${Math.round(stale / 24)} days` : `${stale} hours`} late`;
  return `${format} records the last use of: ${what}${late}.`;
}
