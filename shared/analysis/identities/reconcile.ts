import type { Decision } from '#shared/domain/decision.ts';
import type { IdentityMatch } from '#shared/domain/identity.ts';
import { isMail } from '#shared/util/directory-fields.ts';
import type { KnownAppearance } from './appearances.ts';
import { Clusters } from './clusters.ts';
import { type Doubt, findDoubts } from './doubts.ts';
import { plainName } from './plain-name.ts';

export interface Reconciled {
  readonly clusters: readonly {
    readonly members: readonly KnownAppearance[];
    readonly matches: readonly IdentityMatch[];
  }[];
  readonly doubts: readonly Doubt[];
}

/**
 * Which appearances are one identity, by fixed rules in the order of their strength: ids that are never given twice,
 * ARNs, names within one system, verified mails and logins. An analyst's decision goes before all of them. What rests
 * on less (a mail that somebody typed, a name that is alike) is a doubt for somebody to look at, and joins nothing.
 */
export function reconcile(all: readonly KnownAppearance[], decisions: readonly Decision[]): Reconciled {
  const indexOf = new Map(all.map(({ key }, index) => [key, index]));
  const clusters = new Clusters(all.length);
  const matches: { readonly index: number; readonly match: IdentityMatch }[] = [];
  const conflicts: Doubt[] = [];
  const join = (one: number, other: number, rule: IdentityMatch['rule'], why: string): void => {
    const [left, right] = [all[one], all[other]];
    if (left === undefined || right === undefined) return;
    if (clusters.rootOf(one) === clusters.rootOf(other)) return;
    const against = rule === 'analyst' ? null : contradiction(clusters, all, one, other);
    if (against !== null) {
      conflicts.push({ one, other, reasons: [why], against: [against] });
      return;
    }
    if (clusters.join(one, other))
      matches.push({ index: one, match: { one: left.key, other: right.key, rule, why } });
  };
  const decided = decide(decisions, indexOf);
  for (const [index, label] of decided.labels) clusters.label(index, label);
  for (const [one, other] of decided.apart) clusters.keepApart(one, other);
  for (const { one, other, why } of decided.together) join(one, other, 'analyst', why);
  const isAlone = all.every(({ source }) => source === 'log');
  const isLikenessTold = all.some(({ source }) => source === 'directory');
  for (const { rule, groups } of isAlone ? [] : rules(all)) {
    for (const { members, why } of groups) {
      const [first, ...others] = members;
      if (first !== undefined) for (const other of others) join(first, other, rule, why);
    }
  }
  const doubts = [...conflicts, ...(isLikenessTold ? findDoubts(all) : [])].filter(
    ({ one, other }) => clusters.rootOf(one) !== clusters.rootOf(other) && clusters.mayJoin(one, other),
  );
  const byRoot = Map.groupBy(matches, ({ index }) => clusters.rootOf(index));
  return {
    clusters: [...clusters].map((members) => ({
      members: members.flatMap((index) => all[index] ?? []),
      matches: (byRoot.get(clusters.rootOf(members[0] ?? 0)) ?? []).map(({ match }) => match),
    })),
    doubts: mostOnce(doubts, clusters),
  };
}

/** Of two identities one doubt is enough. */
function mostOnce(doubts: readonly Doubt[], clusters: Clusters): Doubt[] {
  const found = new Map<string, Doubt>();
  for (const doubt of doubts) {
    const key = [clusters.rootOf(doubt.one), clusters.rootOf(doubt.other)]
      .toSorted((one, other) => one - other)
      .join();
    const known = found.get(key);
    if (known === undefined) found.set(key, doubt);
    else {
      found.set(key, {
        ...known,
        reasons: [...new Set([...known.reasons, ...doubt.reasons])],
        against: [...new Set([...known.against, ...doubt.against])],
      });
    }
  }
  return [...found.values()];
}

/** Two entries of one directory are two accounts there, whatever else is alike: a mail is given again, a name too. */
function contradiction(
  clusters: Clusters,
  all: readonly KnownAppearance[],
  one: number,
  other: number,
): string | null {
  for (const left of clusters.membersOf(one)) {
    const mine = all[left];
    if (mine === undefined || mine.source === 'log') continue;
    for (const right of clusters.membersOf(other)) {
      const theirs = all[right];
      if (theirs === undefined || theirs.source === 'log') continue;
      const [format] = mine.formats;
      if (format === undefined || !theirs.formats.has(format)) continue;
      if (mine.account !== theirs.account) continue;
      if (mine.entries.every(({ placed }) => placed.value.credentialsOnly)) continue;
      if (theirs.entries.every(({ placed }) => placed.value.credentialsOnly)) continue;
      if (sharesImmutable(mine, theirs)) continue;
      return `${format} has both as accounts of their own: ${mine.id} and ${theirs.id}.`;
    }
  }
  return null;
}

/** An application and its principal in the tenant, say. */
function sharesImmutable(one: KnownAppearance, other: KnownAppearance): boolean {
  const ids = new Set(one.aliases.filter(({ kind }) => kind === 'immutable').map(({ value }) => value));
  return other.aliases.some(({ kind, value }) => kind === 'immutable' && ids.has(value));
}

interface Group {
  readonly members: readonly number[];
  readonly why: string;
}

function rules(
  all: readonly KnownAppearance[],
): { readonly rule: IdentityMatch['rule']; readonly groups: readonly Group[] }[] {
  return [
    {
      rule: 'immutable-id',
      groups: byAlias(all, immutableKeys, (value) => `Both have the immutable id ${value}.`),
    },
    { rule: 'arn', groups: byAlias(all, arnKeys, (value) => `Both are ${value}.`) },
    { rule: 'name', groups: byName(all) },
    {
      rule: 'mail',
      groups: byAlias(all, mailKeys, (value) => `Both are ${value}, which each source vouches for.`),
    },
    { rule: 'employee-number', groups: byEmployee(all) },
  ];
}

interface AliasKey {
  readonly key: string;
  readonly value: string;
}

/** Ids that are unique everywhere: GUIDs, SIDs, AWS unique ids. Others are unique within their system. */
const worldwide = /^(?:[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}|S-1-5-21-[\d-]+|A[A-Z]{3}[A-Z0-9]{12,})$/i;

function* immutableKeys({ aliases, systems }: KnownAppearance): Generator<AliasKey> {
  for (const { kind, value } of aliases) {
    if (kind !== 'immutable') continue;
    if (worldwide.test(value)) yield { key: value.toLowerCase(), value };
    else for (const system of systems) yield { key: `${system} ${value}`, value };
  }
}

function* arnKeys({ aliases }: KnownAppearance): Generator<AliasKey> {
  for (const { kind, value } of aliases) if (kind === 'arn') yield { key: value, value };
}

function* mailKeys({ aliases }: KnownAppearance): Generator<AliasKey> {
  for (const { kind, value, verified } of aliases) {
    if (verified && (kind === 'login' || kind === 'mail') && isMail(value)) {
      yield { key: value.toLowerCase(), value };
    }
  }
}

function* nameKeys({ aliases, systems }: KnownAppearance): Generator<AliasKey> {
  for (const { kind, value } of aliases) {
    if (kind !== 'name') continue;
    for (const system of systems) yield { key: `${system} ${value.toLowerCase()}`, value };
  }
}

/** Appearances in logs alone are joined through the account of a directory or bundle that both are, or by an analyst. */
function byAlias(
  all: readonly KnownAppearance[],
  keysOf: (appearance: KnownAppearance) => Iterable<AliasKey>,
  why: (value: string) => string,
): Group[] {
  return grouped(all, keysOf).map(({ value, members }) => ({ members: [...members], why: why(value) }));
}

/** Appearances by key, of keys that a directory or bundle has: most that are in logs alone need no group. */
function grouped(
  all: readonly KnownAppearance[],
  keysOf: (appearance: KnownAppearance) => Iterable<AliasKey>,
): { readonly value: string; readonly members: ReadonlySet<number> }[] {
  const groups = new Map<string, { readonly value: string; readonly members: Set<number> }>();
  for (const [index, appearance] of all.entries()) {
    if (appearance.source === 'log') continue;
    for (const { key, value } of keysOf(appearance)) {
      const known = groups.get(key);
      if (known === undefined) groups.set(key, { value, members: new Set([index]) });
      else known.members.add(index);
    }
  }
  for (const [index, appearance] of all.entries()) {
    if (appearance.source !== 'log') continue;
    for (const { key } of keysOf(appearance)) groups.get(key)?.members.add(index);
  }
  return [...groups.values()].filter(({ members }) => members.size > 1);
}

/**
 * Names are unique within their system and authority (account, cluster, domain). Where one source does not tell its
 * authority, it meets the only authority that there is; where there are several, it meets none.
 */
function byName(all: readonly KnownAppearance[]): Group[] {
  const groups: Group[] = [];
  for (const { value, members } of grouped(all, nameKeys)) {
    const byAuthority = Map.groupBy(members, (index) => all[index]?.account ?? null);
    const nowhere = byAuthority.get(null) ?? [];
    byAuthority.delete(null);
    const why = `Both are ${value} in the same system.`;
    if (byAuthority.size <= 1) groups.push({ members: [...members], why });
    else
      for (const own of [nowhere, ...byAuthority.values()])
        if (own.length > 1) groups.push({ members: own, why });
  }
  return groups;
}

function* employeeKeys({ aliases, name }: KnownAppearance): Generator<AliasKey> {
  const plain = plainName(name);
  if (plain === null) return;
  for (const { kind, value } of aliases) {
    if (kind === 'external') yield { key: `${value} ${plain}`, value };
  }
}

/** An employee number counts together with the name: lists of staff and of contractors number from one. */
function byEmployee(all: readonly KnownAppearance[]): Group[] {
  return byAlias(all, employeeKeys, (value) => `Both have the employee number ${value} and the same name.`);
}

interface Decided {
  /** Those that were split off, each set with a number of its own. */
  readonly labels: ReadonlyMap<number, number>;
  readonly apart: (readonly [number, number])[];
  readonly together: { readonly one: number; readonly other: number; readonly why: string }[];
}

function within(set: ReadonlySet<number>, one: number, other: number): boolean {
  return set.has(one) && set.has(other);
}

/** What the decisions come to, later ones over earlier ones. Appearances that are not there (any more) are left out. */
function decide(decisions: readonly Decision[], indexOf: ReadonlyMap<string, number>): Decided {
  let apart: (readonly [number, number])[] = [];
  let together: Decided['together'] = [];
  const labels = new Map<number, number>();
  for (const { number, data, who, why, time } of decisions) {
    if (data.kind !== 'merge' && data.kind !== 'split' && data.kind !== 'distinct') continue;
    const named = data.appearances.flatMap((key) => indexOf.get(key) ?? []);
    const set = new Set(named);
    const [first] = named;
    if (first === undefined) continue;
    const words = `${who} decided so on ${time.slice(0, 10)}: ${why}`;
    if (data.kind === 'merge') {
      apart = apart.filter(([one, other]) => !within(set, one, other));
      for (const other of named.slice(1)) together.push({ one: first, other, why: words });
      for (const index of named) labels.set(index, labels.get(first) ?? 0);
      continue;
    }
    together = together.filter(({ one, other }) => set.has(one) === set.has(other));
    if (data.kind === 'distinct') {
      together = together.filter(({ one, other }) => !within(set, one, other));
      for (const other of named.slice(1)) apart.push([first, other]);
    } else {
      for (const index of named) labels.set(index, number);
    }
  }
  return { labels, apart, together };
}
