import type { CallOptions } from '#electron/platform/rpc.ts';
import type { EpochWindow, KeptBundle, PolicyService, ReaderService } from '#electron/platform/services.ts';
import { Agreement } from '#shared/analysis/requests/agreement.ts';
import { dimensionsOf, keysNamedIn } from '#shared/analysis/requests/dimensions.ts';
import { revisionsIn } from '#shared/domain/recorded-bundle.ts';
import { mappedFormats } from '#shared/analysis/requests/mapping.ts';
import type { SourceAgreement } from '#shared/domain/agreement.ts';
import type { CaseBundle } from '#shared/domain/bundle.ts';
import type { LoggedChanges } from '#shared/domain/policy-change.ts';
import type { EventGroup } from '#shared/domain/replay.ts';
import type { ReplayProgress } from '#shared/ipc/views.ts';
import { parseInstant } from '#shared/util/instant.ts';
import type { CasePolicies } from './policy-at.ts';

/** What a comparison with the log asks of the open case and of the policy process. */
export interface AgreementSources extends CasePolicies {
  policy<K extends 'describeKept' | 'judgeEpochs'>(
    method: K,
    input: Omit<Parameters<PolicyService[K]>[0], 'settings'>,
    options: CallOptions,
  ): Promise<Awaited<ReturnType<PolicyService[K]>>>;
  groups(input: Parameters<ReaderService['eventGroups']>[0], options: CallOptions): Promise<unknown>;
}

/** Groups that are judged at once. */
const groupsAtOnce = 2_000;

/** Compares what was recorded with what the policies of each moment say, for every log format that they decide. */
export async function runAgreement(
  sources: AgreementSources,
  signal: AbortSignal,
  onProgress: (progress: ReplayProgress) => unknown,
): Promise<SourceAgreement[]> {
  const bundles = await sources.bundles();
  const found: SourceAgreement[] = [];
  const seen = { events: 0, groups: 0 };
  for (const { format, system } of mappedFormats) {
    const own = bundles.filter((bundle) => bundle.system === system);
    if (own.length === 0) continue;
    const agreement = new Agreement();
    await compare({ format, system, own, agreement, sources, signal }, async (events, groups) => {
      seen.events += events;
      seen.groups += groups;
      await onProgress({ ...seen });
    });
    const source = agreement.result(format, system, own.length);
    if (source.events > 0) found.push(source);
  }
  return found;
}

interface Comparison {
  readonly format: string;
  readonly system: string;
  readonly own: readonly CaseBundle[];
  readonly agreement: Agreement;
  readonly sources: AgreementSources;
  readonly signal: AbortSignal;
}

/** A window with where it begins. */
interface PlacedWindow extends EpochWindow {
  /** Microseconds since 1970. */
  readonly from: number;
  /** Times of its changes. */
  readonly times: readonly number[];
}

async function compare(
  { format, system, own, agreement, sources, signal }: Comparison,
  onProgress: (events: number, groups: number) => Promise<void>,
): Promise<void> {
  const logged = await sources.changes(system);
  const windows = await windowsOf(own, logged, sources);
  const byRevision = await windowsByRevision(own, sources);
  const keys = new Set(keysNamedIn(JSON.stringify(logged?.changes ?? [])));
  for (const { kept } of [...windows, ...byRevision.values()]) {
    for (const key of (await sources.policy('describeKept', { kept }, { signal })).contextKeys) keys.add(key);
  }
  const waiting = new Map<PlacedWindow, EventGroup[]>();
  const judge = async (window: PlacedWindow): Promise<void> => {
    const groups = waiting.get(window) ?? [];
    waiting.delete(window);
    const splits = groups.map(({ first }) => splitAt(window.times, microsOf(first) ?? 0));
    const judged = await sources.policy('judgeEpochs', { window, groups, splits }, { signal });
    let events = 0;
    for (const [index, group] of groups.entries()) {
      const answer = judged[index];
      if (answer !== undefined) agreement.add(group, answer);
      events += group.events;
    }
    await onProgress(events, groups.length);
  };
  const take = async (part: readonly EventGroup[]): Promise<void> => {
    for (const group of part) {
      const at = microsOf(group.first) ?? 0;
      const named = revisionsIn(group.policy ?? '').find((revision) => byRevision.has(revision));
      const window =
        (named === undefined ? undefined : byRevision.get(named)) ??
        windows.findLast(({ from }) => from <= at) ??
        windows[0];
      if (window === undefined) continue;
      const own = waiting.get(window) ?? [];
      own.push(group);
      waiting.set(window, own);
      if (own.length >= groupsAtOnce) await judge(window);
    }
  };
  let failure: unknown = null;
  await sources.groups(
    {
      query: `format:${format}`,
      from: null,
      to: null,
      dimensions: dimensionsOf(system, keys),
      reads: [...keys],
      boundaries: boundariesOf(windows),
    },
    {
      signal,
      // The next part waits for this one; what goes wrong is told at the end.
      onItem: async (item) => {
        if (failure !== null) return;
        await take(item as readonly EventGroup[]).catch((thrown: unknown) => (failure = thrown));
      },
    },
  );
  if (failure !== null) throw failure;
  for (const window of waiting.keys()) await judge(window);
}

/** Bundles by the revisions that decisions may name: such a bundle is taken as it is, whatever the time. */
async function windowsByRevision(
  own: readonly CaseBundle[],
  sources: AgreementSources,
): Promise<Map<string, PlacedWindow>> {
  const found = new Map<string, PlacedWindow>();
  for (const { id, revision } of own) {
    if (revision === null) continue;
    const kept = await sources.stored(id);
    const none: EpochWindow = { kept, after: null, isBefore: true, inForce: true, changes: [] };
    found.set(revision, { ...none, from: -Infinity, times: [] });
  }
  return found;
}

/** The time before the first bundle, and from each bundle to the next. Without a time of any bundle, one window. */
async function windowsOf(
  own: readonly CaseBundle[],
  logged: LoggedChanges | null,
  sources: AgreementSources,
): Promise<PlacedWindow[]> {
  const dated = own
    .flatMap((bundle) => {
      const from = bundle.inForceFrom === null ? null : microsOf(bundle.inForceFrom);
      return from === null ? [] : [{ bundle, from }];
    })
    .toSorted((one, other) => one.from - other.from);
  const undated = own.findLast(({ inForceFrom }) => inForceFrom === null);
  const kept: { readonly from: number; readonly kept: KeptBundle }[] = [];
  for (const { bundle, from } of dated) kept.push({ from, kept: await sources.stored(bundle.id) });
  const changes = (logged?.changes ?? []).flatMap((change) => {
    const time = microsOf(change.time);
    return time === null ? [] : [{ change, time }];
  });
  const window = (from: number, until: number, own: Omit<EpochWindow, 'changes'>): PlacedWindow => {
    const inside = changes.filter(({ time }) => time > from && time <= until);
    return {
      ...own,
      from,
      changes: inside.map(({ change }) => change),
      times: inside.map(({ time }) => time),
    };
  };
  const found = kept.map(({ from, kept: base }, index) => {
    const next = kept[index + 1];
    return window(from, next?.from ?? Infinity, {
      kept: base,
      after: next?.kept ?? null,
      isBefore: true,
      inForce: true,
    });
  });
  const [first] = kept;
  if (undated !== undefined) {
    // A bundle without a time stands for all before the first with one, as it does for a single event.
    const base = await sources.stored(undated.id);
    const none: EpochWindow = { kept: base, after: null, isBefore: true, inForce: false, changes: [] };
    found.unshift({ ...none, from: -Infinity, times: [] });
  } else if (first !== undefined) {
    const reached = logged?.last === null || logged === null ? null : microsOf(logged.last);
    const inForce = reached !== null && reached >= first.from;
    found.unshift(window(-Infinity, first.from, { kept: first.kept, after: null, isBefore: false, inForce }));
  }
  return found;
}

/** Where one state of the policies ends and the next begins; the moment of a change is one of its own. */
function boundariesOf(windows: readonly PlacedWindow[]): number[] {
  const moments = windows.flatMap(({ from, times }) => [from, ...times.flatMap((time) => [time, time + 1])]);
  return [...new Set(moments)]
    .filter((moment) => Number.isFinite(moment))
    .toSorted((one, other) => one - other);
}

/** How many of these times lie before a moment, and how many up to it. */
function splitAt(times: readonly number[], at: number): [number, number] {
  const before = times.findIndex((time) => time >= at);
  const until = times.findIndex((time) => time > at);
  return [before < 0 ? times.length : before, until < 0 ? times.length : until];
}

function microsOf(text: string): number | null {
  return parseInstant(text)?.micros ?? null;
}
