import type { Decision } from '#shared/domain/decision.ts';
import type { Appearance, DoubtfulMatch, Identity, IdentityMatch, Use } from '#shared/domain/identity.ts';
import { type KnownAppearance, appearancesInDirectories, appearancesInLogs } from './appearances.ts';
import { type Authority, wholeDirectories } from './authorities.ts';
import { appearancesInBundles } from './bundle-appearances.ts';
import { entriesOf } from './directory-facts.ts';
import { type OwnerStatus, ownerStatusBy } from './orphans.ts';
import { reconcile } from './reconcile.ts';
import type { IdentitySources } from './sources.ts';

/** Who is in the evidence, before anything is judged: the same at every threshold of silence. */
export interface GatheredIdentities {
  /** In the order of id, then account. */
  readonly clusters: readonly Cluster[];
  readonly doubts: readonly DoubtfulMatch[];
  readonly authorities: readonly Authority[];
  readonly said: ReadonlyMap<string, Said>;
  readonly ownerStatus: OwnerStatus;
  readonly waiting: ReadonlyMap<string, number>;
  readonly answersFor: IdentitySources['answersFor'];
}

export interface Cluster {
  /** The one that names the identity. */
  readonly main: KnownAppearance;
  /** By weight, the main one first. */
  readonly members: readonly KnownAppearance[];
  readonly matches: readonly IdentityMatch[];
}

export function gatherIdentities(
  uses: readonly Use[],
  { directories, bundles, decisions, answersFor }: IdentitySources,
): GatheredIdentities {
  const all = [
    ...appearancesInLogs(uses, directories).values(),
    ...appearancesInDirectories(directories).values(),
    ...appearancesInBundles(bundles).values(),
  ];
  const { clusters, doubts } = reconcile(all, decisions);
  const authorities = wholeDirectories(directories);
  const waiting = new Map<string, number>();
  for (const { one, other } of doubts) {
    for (const index of [one, other]) {
      const key = all[index]?.key ?? '';
      waiting.set(key, (waiting.get(key) ?? 0) + 1);
    }
  }
  return {
    clusters: clusters.map(clusterOf).toSorted(byName),
    authorities,
    said: sayings(decisions),
    ownerStatus: ownerStatusBy(namesOf(clusters), authorities),
    waiting,
    answersFor,
    doubts: doubts.flatMap(({ one, other, reasons, against }): DoubtfulMatch[] => {
      const [left, right] = [all[one], all[other]];
      return left === undefined || right === undefined
        ? []
        : [{ one: appearanceOf(left), other: appearanceOf(right), reasons, against }];
    }),
  };
}

function clusterOf({
  members: unordered,
  matches,
}: {
  readonly members: readonly KnownAppearance[];
  readonly matches: readonly IdentityMatch[];
}): Cluster {
  const members = unordered.length === 1 ? unordered : unordered.toSorted(byWeight);
  const [main] = members;
  if (main === undefined) throw new RangeError('an identity without appearances');
  return { main, members, matches };
}

function byName({ main: one }: Cluster, { main: other }: Cluster): number {
  return compare(one.id, other.id) || compare(one.account ?? '', other.account ?? '');
}

/** What analysts said of an appearance, the last word of each kind. */
export interface Said {
  name?: string;
  owner?: string | null;
  kind?: Identity['kind'];
  standing?: { readonly as: Identity['standing']; readonly until: string | null };
}

function sayings(decisions: readonly Decision[]): Map<string, Said> {
  const said = new Map<string, Said>();
  const of = (key: string): Said => {
    const known = said.get(key) ?? {};
    said.set(key, known);
    return known;
  };
  for (const { data } of decisions) {
    if (data.kind === 'rename') of(data.appearance).name = data.name;
    if (data.kind === 'owner') of(data.appearance).owner = data.owner;
    if (data.kind === 'kind') of(data.appearance).kind = data.as;
    if (data.kind === 'standing') of(data.appearance).standing = { as: data.as, until: data.until };
  }
  return said;
}

const weightOf: Readonly<Record<KnownAppearance['source'], number>> = { log: 0, directory: 1, bundle: 2 };

/** The appearance that names the identity: what the logs show comes first, then what is used most. */
function byWeight(one: KnownAppearance, other: KnownAppearance): number {
  return (
    weightOf[one.source] - weightOf[other.source] ||
    other.traces.events - one.traces.events ||
    compare(one.id, other.id) ||
    compare(one.key, other.key)
  );
}

/** Identities by whatever may name them as somebody's owner. */
function namesOf(
  clusters: readonly { readonly members: readonly KnownAppearance[] }[],
): Map<string, readonly KnownAppearance[]> {
  const names = new Map<string, readonly KnownAppearance[]>();
  for (const { members } of clusters) {
    if (!members.some(({ source }) => source !== 'log')) continue;
    for (const { id, aliases } of members) {
      for (const value of [id, ...aliases.map((alias) => alias.value)])
        names.set(value.toLowerCase(), members);
    }
  }
  return names;
}

export function appearanceOf({
  key,
  source,
  formats,
  account,
  id,
  name,
  type,
  traces,
  entries,
  bundles,
}: KnownAppearance): Appearance {
  const newest = entriesOfOne(entries);
  return {
    key,
    source,
    formats: [...formats].toSorted(),
    account,
    id,
    name,
    type,
    status: newest?.placed.value.status ?? null,
    firstSeen: traces.first?.text ?? null,
    lastSeen: traces.last?.text ?? null,
    events: traces.events,
    denied: traces.denied,
    evidence:
      newest === undefined || source === 'bundle'
        ? null
        : {
            sha256: newest.source.snapshot.sha256,
            offset: newest.placed.offset,
            length: newest.placed.length,
          },
    bundles,
  };
}

function entriesOfOne(entries: KnownAppearance['entries']): KnownAppearance['entries'][number] | undefined {
  return entries.length < 2 ? entries[0] : entriesOf([{ entries } as KnownAppearance])[0];
}

function compare(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}
