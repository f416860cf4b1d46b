import type { EpochWindow } from '#electron/platform/services.ts';
import type { EventGroup, JudgedGroup } from '#shared/domain/replay.ts';
import type { Desk } from './desk.ts';
import { judgeGroup } from './events.ts';
import { type JudgeEpochsJob, phases } from './protocol.ts';
import type { LoadedBundle, Shelf } from './shelf.ts';

/**
 * Judges groups of logged events, each by the policies as they stood when it happened. Groups come in the order of
 * time: between two changes the policies are compiled once, and each distinct request is judged once.
 */
export async function judgeEpochsJob(
  { window, groups, splits }: JudgeEpochsJob,
  shelf: Shelf,
  desk: Desk,
): Promise<readonly JudgedGroup[]> {
  const judged: JudgedGroup[] = [];
  let key: string | null = null;
  let bundle: LoadedBundle | null = null;
  let known: Parameters<typeof judgeGroup>[3] = new Map();
  for (const [index, group] of groups.entries()) {
    const [before, until] = splits[index] ?? [0, 0];
    const epoch = `${before} ${until}`;
    if (bundle === null || key !== epoch) {
      desk.at(phases.loading, index);
      bundle = await shelf.load(choiceOf(window, group, before, until));
      key = epoch;
      known = new Map();
    }
    desk.at(phases.evaluating, index);
    judged.push(await judgeGroup(group, bundle, null, known, window.inForce));
  }
  return judged;
}

function choiceOf(
  { kept, after, isBefore, changes }: EpochWindow,
  group: EventGroup,
  before: number,
  until: number,
): Parameters<Shelf['load']>[0] {
  if (changes.length === 0) return { kind: 'kept', kept };
  const rebuilt = {
    at: group.first,
    isBefore,
    after,
    earlier: changes.slice(0, before),
    simultaneous: changes.slice(before, until),
    later: changes.slice(until),
  };
  return { kind: 'kept', kept: { ...kept, rebuilt } };
}
