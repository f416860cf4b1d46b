import type { DirectoryCredential } from '#shared/domain/directory.ts';
import type {
  CredentialFacts,
  IdentityCredential,
  IdentityOptions,
  LogDays,
  Moment,
} from '#shared/domain/identity.ts';
import type { KnownAppearance, PlacedIdentity } from './appearances.ts';
import { type LogSets, placesOf } from './log-sets.ts';
import { claimsOf, microsOf } from './claims.ts';
import { type Silence, judgeDormancy } from './dormancy.ts';
import { timeOfSnapshot } from './sources.ts';
import { Traces } from './traces.ts';

const dayMicros = 86_400e6;

const noLogs: readonly LogDays[] = [];

interface Known {
  readonly type: string;
  readonly traces: Traces;
  /** Those in which its holder appears, where it is in a log itself. */
  logs: readonly LogDays[];
  readonly silences: Silence[];
  facts: DirectoryCredential | null;
  told: number;
}

/** Long-lived credentials of an identity, as logs and directories know them: by id, in its order. */
export function mergedCredentials(
  members: readonly KnownAppearance[],
  logs: LogSets,
  options: IdentityOptions,
): IdentityCredential[] {
  const known = new Map<string, Known>();
  const find = (id: string, type: string): Known => {
    let found = known.get(id);
    if (found === undefined) {
      found = { type, traces: new Traces(), logs: noLogs, silences: [], facts: null, told: -1 };
      known.set(id, found);
    }
    return found;
  };
  const hasNone = members.every(
    ({ credentials, entries }) =>
      credentials.size === 0 && entries.every(({ placed }) => placed.value.credentials.length === 0),
  );
  if (hasNone) return [];
  const watching = logs.of(placesOf(members, logs));
  for (const { credentials, entries } of members) {
    for (const [id, { type, traces }] of credentials) {
      const found = find(id, type);
      found.traces.merge(traces);
      found.logs = watching;
    }
    for (const entry of entries) {
      for (const credential of entry.placed.value.credentials)
        takeIn(find(credential.id, credential.type), entry, credential, options);
    }
  }
  return [...known]
    .map(([id, found]) => viewOf(id, found, options))
    .toSorted((one, other) => (one.id < other.id ? -1 : 1));
}

/** What a directory says of a credential; the newest export counts. Use in logs that do not name it cannot show it. */
function takeIn(
  known: Known,
  entry: PlacedIdentity,
  credential: DirectoryCredential,
  options: IdentityOptions,
): void {
  const told = microsOf(timeOfSnapshot(entry.source.snapshot)) ?? 0;
  if (told >= known.told) {
    known.facts = credential;
    known.told = told;
  }
  const { lastUse } = credential;
  if (lastUse === null) return;
  const { alive, silence } = claimsOf(entry, [lastUse], true, options.asOf);
  for (const moment of alive) known.traces.claim(moment);
  if (silence !== null) known.silences.push(silence);
}

function viewOf(id: string, known: Known, options: IdentityOptions): IdentityCredential {
  const { type, traces, logs, silences, facts } = known;
  return {
    id,
    type,
    firstSeen: traces.first?.text ?? null,
    lastSeen: traces.last?.text ?? null,
    lastSeenBasis: traces.lastBasis,
    events: traces.events,
    denied: traces.denied,
    dormancy: judgeDormancy(traces.alive, { logs, silences }, options).dormancy,
    directory: facts === null ? null : factsOf(facts, options.asOf),
  };
}

function factsOf(credential: DirectoryCredential, asOf: Moment): CredentialFacts {
  const { status, created, rotated, expires, lastUse } = credential;
  const since = microsOf(rotated ?? created);
  const ageDays =
    since === null || since > asOf.micros ? null : Math.floor((asOf.micros - since) / dayMicros);
  return { status, created, rotated, expires, ageDays, lastUse };
}
