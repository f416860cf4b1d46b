import type { DoubtfulMatch, Identity, IdentityOptions, LogDays, Use } from '#shared/domain/identity.ts';
import type { KnownAppearance } from './appearances.ts';
import { claimsOf } from './claims.ts';
import { mergedCredentials } from './credentials.ts';
import { entriesOf, factsOf, inferredKind } from './directory-facts.ts';
import { type Silence, type Watch, judgeDormancy } from './dormancy.ts';
import {
  type Cluster,
  type GatheredIdentities,
  type Said,
  appearanceOf,
  gatherIdentities,
} from './gather.ts';
import { LogSets, placesOf } from './log-sets.ts';
import { findOrphans } from './orphans.ts';
import { type IdentitySources, noSources } from './sources.ts';
import { Traces } from './traces.ts';

export interface Inventory {
  /** How many there are, of which each is judged when it is first asked for: a page needs few of them. */
  readonly count: number;
  /** By its place in the order. */
  at(place: number): Identity | undefined;
  /** All of them. */
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
  sources: IdentitySources = noSources,
): Inventory {
  return judgeInventory(gatherIdentities(uses, sources), logs, options);
}

/** Judges everybody at a time and a threshold. The uses that were gathered are those up to that time. */
export function judgeInventory(
  gathered: GatheredIdentities,
  logs: readonly LogDays[],
  options: IdentityOptions,
): Inventory {
  return new JudgedOnDemand({ ...gathered, logs: new LogSets(logs), options });
}

class JudgedOnDemand implements Inventory {
  readonly #context: Context;
  readonly #judged: Identity[] = [];
  #all: readonly Identity[] | null = null;

  constructor(context: Context) {
    this.#context = context;
  }

  get count(): number {
    return this.#context.clusters.length;
  }

  get doubts(): readonly DoubtfulMatch[] {
    return this.#context.doubts;
  }

  at(place: number): Identity | undefined {
    const cluster = this.#context.clusters[place];
    if (cluster === undefined) return undefined;
    return (this.#judged[place] ??= identityOf(cluster, this.#context));
  }

  get identities(): readonly Identity[] {
    return (this.#all ??= this.#context.clusters.map(
      (cluster, place) => this.#judged[place] ?? identityOf(cluster, this.#context),
    ));
  }
}

interface Context extends GatheredIdentities {
  readonly logs: LogSets;
  readonly options: IdentityOptions;
}

function identityOf(
  { main, members, matches }: Cluster,
  { logs, options, authorities, said, ownerStatus, waiting, answersFor }: Context,
): Identity {
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
