import type { Orphan } from '#shared/domain/identity.ts';
import type { Moment, LogDays } from '#shared/domain/identity.ts';
import { isMail } from '#shared/util/directory-fields.ts';
import type { KnownAppearance } from './appearances.ts';
import { type Authority, lists, mailWithin } from './authorities.ts';

/** What is known of an identity when it is asked whether anybody still stands for it. */
export interface OrphanQuestion {
  readonly members: readonly KnownAppearance[];
  readonly alive: Moment | null;
  /** In use at the reference time; null where nobody can know. */
  readonly inUse: boolean | null;
  readonly owner: string | null;
  readonly asOf: Moment;
  readonly logs: readonly LogDays[];
  /** Those of them that would show it. */
  readonly watched: readonly LogDays[];
}

/** Whether an owner is still there; null where no directory tells. */
export type OwnerStatus = (owner: string) => { readonly gone: boolean; readonly why: string } | null;

const dayMicros = 86_400e6;

/** Why nobody stands for an identity, and whether any directory could tell at all. */
export function findOrphans(
  question: OrphanQuestion,
  authorities: readonly Authority[],
  ownerStatus: OwnerStatus,
): { readonly orphan: boolean | null; readonly orphans: readonly Orphan[] } {
  const orphans: Orphan[] = [];
  let isListed = false;
  for (const authority of authorities) {
    if (authority.time > question.asOf.micros + dayMicros) continue;
    const found = judge(question, authority);
    if (found === 'listed') isListed = true;
    else if (found !== null && !orphans.some(({ reason }) => reason === found.reason)) orphans.push(found);
  }
  const left = goneFromSource(question, authorities);
  if (left !== null && !orphans.some(({ reason }) => reason === 'gone-from-source')) orphans.push(left);
  const owned = question.owner === null ? null : ownerStatus(question.owner);
  if (owned?.gone === true) {
    orphans.push({ reason: 'owner-gone', why: owned.why, active: question.inUse });
  }
  return { orphan: orphans.length > 0 ? true : isListed || owned !== null ? false : null, orphans };
}

/** What one directory says: it lists the identity, or should and does not. Null where it is not its to list. */
function judge(question: OrphanQuestion, authority: Authority): Orphan | 'listed' | null {
  const { members } = question;
  if (members.some(({ entries }) => entries.some((entry) => isWhole(authority, entry)))) return 'listed';
  const logs = members.filter(({ source }) => source === 'log');
  const inLog = logs.find((appearance) => lists(authority, appearance));
  const older = members.find(
    ({ source, formats }) => source === 'directory' && formats.has(authority.format),
  );
  const credential = members.find(
    (appearance) =>
      lists(authority, appearance) && appearance.entries.some(({ placed }) => placed.value.credentialsOnly),
  );
  const when = `the export of ${authority.timeText.slice(0, 10)}`;
  if (credential !== undefined) {
    const why = `${credential.id} holds credentials and is not among the accounts of ${authority.format} in ${when}.`;
    return { reason: 'credential-without-identity', why, active: question.inUse };
  }
  if (older !== undefined && older.account === authority.authority) {
    const why = `${older.id} was in an earlier export of ${authority.format} and is not in ${when}.`;
    return { reason: 'not-in-directory', why, active: isActiveAfter(question, authority) };
  }
  if (inLog !== undefined) {
    // Who came later than the export cannot be in it.
    if (!wasThere(inLog, authority) || isAmbiguous(question, authority)) return null;
    const why = `${inLog.id} is in the logs and not in ${authority.format}, ${when}, which lists all of its kind.`;
    return { reason: 'not-in-directory', why, active: isActiveAfter(question, authority) };
  }
  if (!authority.traits.authoritative) return null;
  const byMail = members.flatMap((appearance) => {
    const mail = mailWithin(authority, appearance);
    return mail === null ? [] : [{ appearance, mail }];
  })[0];
  if (byMail === undefined) return null;
  const { appearance, mail } = byMail;
  if (appearance.source === 'log') {
    if (!wasThere(appearance, authority)) return null;
    const why = `Nobody of the address ${mail} is in ${authority.format}, ${when}, to whose domain it belongs.`;
    return { reason: 'not-in-directory', why, active: isActiveAfter(question, authority) };
  }
  if (!isOpen(appearance)) return null;
  const why = `${appearance.id} has an account and nobody of the address ${mail} is in ${authority.format}, ${when}.`;
  return { reason: 'gone-from-source', why, active: question.inUse };
}

function isWhole({ sources }: Authority, { source, placed }: KnownAppearance['entries'][number]): boolean {
  return sources.has(source) && !placed.value.credentialsOnly;
}

/** An export that does not say whose it is, while there are logs of several that it may be. */
function isAmbiguous({ logs }: OrphanQuestion, { authority, traits }: Authority): boolean {
  if (authority !== null) return false;
  const places = logs.filter(({ format }) => traits.logs.includes(format)).map(({ account }) => account);
  return new Set(places).size > 1;
}

/** It was seen before the export was made. */
function wasThere({ traces }: KnownAppearance, { time }: Authority): boolean {
  return traces.first !== null && traces.first.micros <= time;
}

/** Alive after the export; false only where logs that would show it have events on every day since, at least one. */
function isActiveAfter({ alive, watched, asOf }: OrphanQuestion, { time }: Authority): boolean | null {
  if (alive !== null && alive.micros >= time) return true;
  const [first, last] = [Math.ceil(time / dayMicros), Math.floor(asOf.micros / dayMicros)];
  if (last < first) return null;
  for (let day = first; day <= last; day++) {
    if (!watched.some(({ days }) => hasDay(days, day))) return null;
  }
  return false;
}

/** Binary search: the days ascend. */
function hasDay(days: readonly number[], day: number): boolean {
  let [low, high] = [0, days.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((days[middle] ?? 0) < day) low = middle + 1;
    else high = middle;
  }
  return days[low] === day;
}

/** Gone where it is decided who belongs, and an account elsewhere is open, or it was seen afterwards. */
function goneFromSource(question: OrphanQuestion, authorities: readonly Authority[]): Orphan | null {
  const { members, alive, inUse } = question;
  for (const authority of authorities) {
    if (!authority.traits.authoritative || authority.time > question.asOf.micros + dayMicros) continue;
    const gone = members.find(({ entries }) =>
      entries.some((entry) => isWhole(authority, entry) && isClosed(entry.placed.value.status)),
    );
    if (gone === undefined) continue;
    const when = `${authority.format}, the export of ${authority.timeText.slice(0, 10)}`;
    const open = members.find((appearance) => appearance !== gone && isOpen(appearance));
    if (open !== undefined) {
      const [format] = open.formats;
      return {
        reason: 'gone-from-source',
        why: `Closed in ${when}, and open in ${format ?? 'another directory'} as ${open.id}.`,
        active: inUse,
      };
    }
    if (alive !== null && alive.micros >= authority.time) {
      return {
        reason: 'gone-from-source',
        why: `Closed in ${when}, and seen alive afterwards, at ${alive.text}.`,
        active: true,
      };
    }
  }
  return null;
}

export function isClosed(status: string | null): boolean {
  return status === 'disabled' || status === 'deleted';
}

/** An account that can be used, in a directory whose accounts can. */
function isOpen({ source, entries }: KnownAppearance): boolean {
  return (
    source !== 'log' &&
    entries.some(({ source: { traits }, placed }) => traits.usable && placed.value.status === 'active')
  );
}

/** Looks owners up by whatever names them: a mail, a login, an id, a distinguished name. */
export function ownerStatusBy(
  byName: ReadonlyMap<string, readonly KnownAppearance[]>,
  authorities: readonly Authority[],
): OwnerStatus {
  const deciding = authorities.filter(({ traits }) => traits.authoritative);
  return (owner) => {
    const members = byName.get(owner.toLowerCase());
    const entries = (members ?? [])
      .flatMap((appearance) => appearance.entries)
      .filter(({ source }) => source.traits.authoritative);
    if (entries.length > 0) {
      const closed = entries.find(({ placed }) => isClosed(placed.value.status));
      if (closed === undefined) return { gone: false, why: '' };
      const { format } = closed.source.snapshot;
      return { gone: true, why: `Its owner ${owner} is closed in ${format}.` };
    }
    if (!isMail(owner)) return null;
    const domain = owner.split('@')[1]?.toLowerCase() ?? '';
    const covering = deciding.find(({ domains }) => domains.has(domain));
    if (covering === undefined) return null;
    return {
      gone: true,
      why: `Its owner ${owner} is not in ${covering.format}, the export of ${covering.timeText.slice(0, 10)}.`,
    };
  };
}
