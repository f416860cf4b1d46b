import type { Decision } from '#shared/domain/decision.ts';
import {
  type Appearance,
  type DoubtfulMatch,
  type Identity,
  type IdentityMatch,
  type IdentityOptions,
  type LogDays,
  type Use,
} from '#shared/domain/identity.ts';
import { type KnownAppearance, appearancesInDirectories, appearancesInLogs } from './appearances.ts';
import { appearancesInBundles } from './bundle-appearances.ts';
import { type Authority, wholeDirectories } from './authorities.ts';
import { claimsOf } from './claims.ts';
import { mergedCredentials } from './credentials.ts';
import { entriesOf, factsOf, inferredKind } from './directory-facts.ts';
import { LogSets, placesOf } from './log-sets.ts';
import { type Silence, type Watch, judgeDormancy } from './dormancy.ts';
import { type OwnerStatus, findOrphans, ownerStatusBy } from './orphans.ts';
import { reconcile } from './reconcile.ts';
import { type IdentitySources, noSources } from './sources.ts';
import { Traces } from './traces.ts';

export interface Inventory {
  readonly identities: readonly Identity[];
  readonly doubts: readonly DoubtfulMatch[];
}

/** Every identity of logs and directories, each once over all its appearances. In the order of id, then account. */
export function inventory(
  uses: readonly Use[],
  logs: readonly LogDays[],
  options: IdentityOptions,
  sources: IdentitySources = noSources,
): Identity[] {
  return [...takeInventory(uses, logs, options, sources).identities];
}

/** The inventory, with what somebody has to look at. */
export function takeInventory(
  uses: readonly Use[],
  logs: readonly LogDays[],
  options: IdentityOptions,
  { directories, bundles, decisions, answersFor }: IdentitySources = noSources,
): Inventory {
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
  const context: Context = {
    logs: new LogSets(logs),
    options,
    authorities,
    said: sayings(decisions),
    ownerStatus: ownerStatusBy(namesOf(clusters), authorities),
    waiting,
    answersFor,
  };
  return {
    identities: clusters
      .map(({ members, matches }) => identityOf(members, matches, context))
      .toSorted((one, other) => compare(one.id, other.id) || compare(one.account ?? '', other.account ?? '')),
    doubts: doubts.flatMap(({ one, other, reasons, against }): DoubtfulMatch[] => {
      const [left, right] = [all[one], all[other]];
      return left === undefined || right === undefined
        ? []
        : [{ one: appearanceOf(left), other: appearanceOf(right), reasons, against }];
    }),
  };
}

interface Context {
  readonly logs: LogSets;
  readonly options: IdentityOptions;
  readonly authorities: readonly Authority[];
  readonly said: ReadonlyMap<string, Said>;
  readonly ownerStatus: OwnerStatus;
  readonly waiting: ReadonlyMap<string, number>;
  readonly answersFor: IdentitySources['answersFor'];
}

/** What analysts said of an appearance, the last word of each kind. */
interface Said {
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

function identityOf(
  unordered: readonly KnownAppearance[],
  matches: readonly IdentityMatch[],
  { logs, options, authorities, said, ownerStatus, waiting, answersFor }: Context,
): Identity {
  const members = unordered.length === 1 ? unordered : unordered.toSorted(byWeight);
  const [main] = members;
  if (main === undefined) throw new RangeError('an identity without appearances');
  const entries = entriesOf(members);
  const facts = factsOf(entries);
  const sayings = members.flatMap(({ key }) => said.get(key) ?? []);
  const traces = new Traces();
  for (const member of members) traces.merge(member.traces);
  const { watch, systems } = watchOf(members, logs, options, traces);
  const judged = judgeDormancy(traces.alive, watch, options, systems);
  const owner =
    lastSaid(sayings, 'owner') ??
    answersFor(members.map(({ id }) => id)) ??
    entries.find(({ placed }) => placed.value.owner !== null)?.placed.value.owner ??
    null;
  const { dormancy } = judged;
  const { orphan, orphans } = findOrphans(
    {
      members,
      alive: traces.alive,
      inUse: dormancy === 'cannot-know' ? null : dormancy === 'active',
      owner,
      asOf: options.asOf,
      logs: logs.all,
      watched: watch.logs,
    },
    authorities,
    ownerStatus,
  );
  const kind = kindOf(members, entries, sayings);
  const declared = lastSaid(sayings, 'standing');
  const ends = facts?.ends ?? null;
  return {
    id: main.id,
    type: main.type,
    name: lastSaid(sayings, 'name') ?? main.name ?? entries[0]?.placed.value.name ?? null,
    account: main.account,
    sources: [...new Set(members.flatMap(({ formats }) => [...formats]))].toSorted(),
    firstSeen: traces.first?.text ?? null,
    lastSeen: traces.last?.text ?? null,
    lastSeenBasis: traces.lastBasis,
    lastAlive: traces.alive?.text ?? null,
    credentials: mergedCredentials(members, logs, options),
    sessionCredentials: members.reduce((sum, { sessionCredentials }) => sum + sessionCredentials, 0),
    events: traces.events,
    denied: traces.denied,
    ...judged,
    orphan,
    orphans,
    owner,
    standing: declared?.as ?? (ends === null ? 'standing' : 'temporary'),
    standingUntil: declared === undefined ? ends : declared.until,
    ...kind,
    ids: [...new Set(members.map(({ id }) => id))],
    appearances: members.map(appearanceOf),
    matches,
    doubts: members.reduce((sum, { key }) => sum + (waiting.get(key) ?? 0), 0),
    directory: facts,
  };
}

function lastSaid<Key extends keyof Said>(sayings: readonly Said[], key: Key): Said[Key] | undefined {
  return sayings.findLast((each) => each[key] !== undefined)?.[key];
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

function kindOf(
  members: readonly KnownAppearance[],
  entries: ReturnType<typeof entriesOf>,
  sayings: readonly Said[],
): Pick<Identity, 'kind' | 'kindBasis'> {
  const said = lastSaid(sayings, 'kind');
  if (said !== undefined && said !== null) return { kind: said, kindBasis: 'analyst' };
  const told = entries.find(({ placed }) => placed.value.kind !== null)?.placed.value.kind ?? null;
  if (told !== null) return { kind: told, kindBasis: 'directory' };
  const inferred = inferredKind(members);
  return { kind: inferred, kindBasis: inferred === null ? null : 'inferred' };
}

/**
 * What would show use of an identity: the logs in which it appears, those of the systems in which it has an account, and
 * what directories record. Takes the directories' moments of life into the traces.
 */
function watchOf(
  members: readonly KnownAppearance[],
  logs: LogSets,
  options: IdentityOptions,
  traces: Traces,
): { readonly watch: Watch; readonly systems: readonly Watch[] } {
  const watched = placesOf(members, logs);
  const silences: Silence[] = [];
  const systems = new Map<string, { places: Set<number>; silences: Silence[] }>();
  for (const { entries, account } of members) {
    for (const entry of entries) {
      const { traits } = entry.source;
      const { value } = entry.placed;
      const { alive, silence } = claimsOf(entry, value.lastUses, value.usesComplete, options.asOf);
      for (const moment of alive) traces.claim(moment);
      if (!traits.usable) continue;
      let own = systems.get(traits.system);
      if (own === undefined) systems.set(traits.system, (own = { places: new Set(), silences: [] }));
      for (const [place, log] of logs.all.entries()) {
        const isOwn = account === null || log.account === null || log.account === account;
        if (!traits.logs.includes(log.format) || !isOwn) continue;
        own.places.add(place);
        watched.add(place);
      }
      if (silence === null) continue;
      own.silences.push(silence);
      silences.push(silence);
    }
  }
  return {
    watch: { logs: logs.of(watched), silences },
    systems:
      systems.size < 2
        ? []
        : [...systems.values()].map((own) => ({ logs: logs.of(own.places), silences: own.silences })),
  };
}

function appearanceOf({
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

function compare(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}
