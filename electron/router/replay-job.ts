import type { CallOptions } from '#electron/platform/rpc.ts';
import type { KeptBundle, PolicyService, ReaderService } from '#electron/platform/services.ts';
import { dimensionsOf } from '#shared/analysis/requests/dimensions.ts';
import { Replay } from '#shared/analysis/requests/replay.ts';
import type { EventGroup } from '#shared/domain/replay.ts';
import type { ParsedInputOf } from '#shared/ipc/contract.ts';
import type { ReplayProgress, ReplayReport } from '#shared/ipc/views.ts';
import { FailureError } from '#shared/util/result.ts';

/** What a replay asks of the open case and of the policy process. */
export interface ReplaySources {
  kept(id: string): Promise<KeptBundle>;
  policy<K extends 'describeKept' | 'judge'>(
    method: K,
    input: Omit<Parameters<PolicyService[K]>[0], 'settings'>,
    options: CallOptions,
  ): Promise<Awaited<ReturnType<PolicyService[K]>>>;
  groups(input: Parameters<ReaderService['eventGroups']>[0], options: CallOptions): Promise<unknown>;
}

/** Replays the log: the reader finds distinct groups of events, the policy process judges each distinct request. */
export async function runReplay(
  { bundle, against, query, from, to, limit }: ParsedInputOf<'policy.replay'>,
  sources: ReplaySources,
  signal: AbortSignal,
  onProgress: (progress: ReplayProgress) => unknown,
): Promise<ReplayReport> {
  const kept = await sources.kept(bundle);
  const other = against === null ? null : await sources.kept(against);
  if (other !== null && other.bundle.system !== kept.bundle.system) {
    throw new FailureError(
      'invalid-input',
      `${bundle} is a bundle of ${kept.bundle.system} and ${against ?? ''} one of ${other.bundle.system}: they judge different requests.`,
    );
  }
  const keys = new Set<string>();
  for (const each of other === null ? [kept] : [kept, other]) {
    const { contextKeys } = await sources.policy('describeKept', { kept: each }, { signal });
    for (const key of contextKeys) keys.add(key);
  }
  const dimensions = dimensionsOf(kept.bundle.system, keys);
  const replay = new Replay(other !== null);
  let [events, groups] = [0, 0];
  const take = async (part: readonly EventGroup[]): Promise<void> => {
    const judged = await sources.policy('judge', { kept, against: other, groups: part }, { signal });
    for (const [index, group] of part.entries()) {
      const answer = judged[index];
      if (answer !== undefined) replay.add(group, answer);
      events += group.events;
    }
    groups += part.length;
    await onProgress({ events, groups });
  };
  let failure: unknown = null;
  await sources.groups(
    { query, from, to, dimensions, reads: [...keys] },
    {
      signal,
      // The next part waits for this one; what goes wrong is told at the end.
      onItem: async (item) => {
        if (failure === null)
          await take(item as readonly EventGroup[]).catch((thrown: unknown) => (failure = thrown));
      },
    },
  );
  if (failure !== null) throw failure;
  const rows = replay.rows();
  return { summary: replay.summary(rows), rows: rows.slice(0, limit) };
}
