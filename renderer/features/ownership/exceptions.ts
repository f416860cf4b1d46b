import { type Decision, type Standing, standing } from '#shared/domain/decision.ts';
import type { Identity } from '#shared/domain/identity.ts';
import { formatTitle } from '../../ui/format-title.ts';
import { idOfAppearance } from './rows.ts';

/** What stands for a time: by an analyst's decision, or by a directory in which its account ends. */
export interface GrantedException {
  readonly key: string;
  readonly id: string;
  readonly as: Standing;
  readonly until: string | null;
  readonly why: string;
  readonly who: string;
  /** When it was decided; null for what a directory says. */
  readonly time: string | null;
  readonly lastSeen: string | null;
}

/**
 * The latest word on each appearance, where it says temporary or exception, then what directories let end; what ends
 * first comes first. `identities` are those that stand for a time.
 */
export function exceptionsOf(
  decisions: readonly Decision[],
  identities: readonly Identity[],
): GrantedException[] {
  const latest = new Map<string, GrantedException>();
  const byAppearance = new Map(
    identities.flatMap((identity) => identity.appearances.map(({ key }) => [key, identity] as const)),
  );
  for (const { data, why, who, time } of standing(decisions)) {
    if (data.kind !== 'standing') continue;
    const { appearance: key, as, until } = data;
    const lastSeen = byAppearance.get(key)?.lastSeen ?? null;
    latest.set(key, { key, id: idOfAppearance(key), as, until, why, who, time, lastSeen });
  }
  const decided = new Set([...latest.keys()].map((key) => byAppearance.get(key)));
  const told = identities.flatMap((identity) => (decided.has(identity) ? [] : (toldBy(identity) ?? [])));
  return [...latest.values(), ...told]
    .filter(({ as }) => as !== 'standing')
    .toSorted((one, other) => (one.until ?? '~').localeCompare(other.until ?? '~', 'en'));
}

/** An account that ends, as its directories say; null where none does. */
function toldBy({
  id,
  standing: as,
  standingUntil,
  appearances,
  lastSeen,
}: Identity): GrantedException | null {
  const formats = appearances.flatMap(({ source, formats: own }) => (source === 'directory' ? own : []));
  if (formats.length === 0) return null;
  const who = [...new Set(formats)].map(formatTitle).join(', ');
  const key = appearances[0]?.key ?? id;
  return { key, id, as, until: standingUntil, why: 'Its account ends then.', who, time: null, lastSeen };
}
