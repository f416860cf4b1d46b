import { isMail } from '#shared/util/directory-fields.ts';
import type { KnownAppearance } from './appearances.ts';
import { plainName } from './plain-name.ts';

/** Two appearances that may be one, by their place in the list. */
export interface Doubt {
  readonly one: number;
  readonly other: number;
  readonly reasons: readonly string[];
  readonly against: readonly string[];
}

/** A likeness that more have than this says nothing. */
const mostAlike = 4;

/** What looks alike and is no proof. Likenesses that many share are left out. */
export function findDoubts(all: readonly KnownAppearance[]): Doubt[] {
  return [
    ...alike(
      all,
      claimedMails,
      (value) => `${value} is the mail of both; one of them is only what somebody typed.`,
    ),
    ...alike(all, localParts, (value) => `“${value}” is the name of one and begins the mail of the other.`),
    ...alike(all, people, () => 'Both bear the same name.'),
    ...alike(all, numbers, (value) => `Both have the employee number ${value}.`),
  ];
}

/** A likeness has two sides, of which either may be enough: only pairs that cross sides count. */
interface Likeness {
  readonly key: string;
  readonly side: 'one' | 'other' | 'both';
}

function alike(
  all: readonly KnownAppearance[],
  likenesses: (appearance: KnownAppearance) => Iterable<Likeness>,
  why: (value: string) => string,
): Doubt[] {
  const groups = new Map<string, { readonly index: number; readonly side: Likeness['side'] }[]>();
  for (const [index, appearance] of all.entries()) {
    for (const { key, side } of likenesses(appearance)) {
      const known = groups.get(key);
      if (known === undefined) groups.set(key, [{ index, side }]);
      else known.push({ index, side });
    }
  }
  const doubts: Doubt[] = [];
  for (const [key, members] of groups) {
    if (members.length < 2 || members.length > mostAlike) continue;
    for (const [at, one] of members.entries()) {
      for (const other of members.slice(at + 1)) {
        if (one.index === other.index || (one.side === other.side && one.side !== 'both')) continue;
        if (areOneSource(all[one.index], all[other.index])) continue;
        doubts.push({ one: one.index, other: other.index, reasons: [why(key)], against: [] });
      }
    }
  }
  return doubts;
}

/** Within one log or one directory different ids are different identities. */
function areOneSource(one: KnownAppearance | undefined, other: KnownAppearance | undefined): boolean {
  if (one === undefined || other === undefined) return true;
  return [...one.systems].some((system) => other.systems.has(system));
}

function* claimedMails({ aliases }: KnownAppearance): Generator<Likeness> {
  for (const { kind, value, verified } of aliases) {
    if ((kind !== 'mail' && kind !== 'login') || !isMail(value)) continue;
    yield { key: value.toLowerCase(), side: verified ? 'one' : 'both' };
  }
}

/** `ann.lee` of an IAM user and `ann.lee@corp.example` of an identity provider. */
function* localParts({ aliases, name, type }: KnownAppearance): Generator<Likeness> {
  if (type !== 'user') return;
  const mails = aliases.filter(({ kind, value, verified }) => verified && kind !== 'name' && isMail(value));
  for (const { value } of mails) {
    const part = value.toLowerCase().split('@')[0] ?? '';
    if (part.length >= 3) yield { key: part, side: 'one' };
  }
  const plain = name?.toLowerCase() ?? '';
  if (mails.length === 0 && plain.length >= 3 && !isMail(plain) && !plain.includes(' ')) {
    yield { key: plain, side: 'other' };
  }
}

function* people({ name, type }: KnownAppearance): Generator<Likeness> {
  const plain = type === 'user' && name?.includes(' ') === true ? plainName(name) : null;
  if (plain !== null) yield { key: plain, side: 'both' };
}

function* numbers({ aliases }: KnownAppearance): Generator<Likeness> {
  for (const { kind, value } of aliases) if (kind === 'external') yield { key: value, side: 'both' };
}
