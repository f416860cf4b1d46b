import type { KeptBundle, RebuiltFrom } from '#electron/platform/services.ts';
import { type ChosenBundle, bundleRef, chooseBundle } from '#shared/analysis/requests/choose-bundle.ts';
import type { CaseBundle } from '#shared/domain/bundle.ts';
import type { LoggedChanges, PolicyChange } from '#shared/domain/policy-change.ts';
import type { BundleRef } from '#shared/domain/trace.ts';
import { compareInstants } from '#shared/util/instant-range.ts';
import { type Instant, parseInstant } from '#shared/util/instant.ts';

/** What is asked of the open case. */
export interface CasePolicies {
  bundles(): Promise<readonly CaseBundle[]>;
  stored(id: string): Promise<KeptBundle>;
  changes(system: string): Promise<LoggedChanges | null>;
}

/** The policies of a system as they stood at a moment. */
export interface PolicyAt {
  readonly kept: KeptBundle;
  readonly ref: BundleRef;
  /** Whether they are known to have been in force. */
  readonly inForce: boolean;
  /** What is taken for granted of them. */
  readonly notes: readonly string[];
}

/** Changes that the log does not tell in full are named up to so many. */
const mostNamed = 3;

/**
 * The policies as they stood at a moment: the nearest bundle before it with the logged changes since, or the first
 * bundle after it with the changes undone. `event` is the event of that moment that is explained: what it changed
 * itself came after it was decided. `revisions`: of the policies that the event names, whose bundle is taken as it is.
 * Null where the case has no bundle of the system.
 */
export async function policyAt(
  source: CasePolicies,
  system: string,
  time: string,
  event: string | null,
  revisions: readonly string[] = [],
): Promise<PolicyAt | null> {
  const bundles = await source.bundles();
  const chosen = chooseBundle(bundles, system, time, revisions);
  if (chosen === null) return null;
  const kept = await source.stored(chosen.bundle.id);
  if (chosen.matchedBy === 'revision') return plain(kept, chosen, []);
  const at = parseInstant(time);
  const from = instantOf(chosen.bundle.inForceFrom);
  const logged = at === null || from === null ? null : await source.changes(system);
  if (at === null || from === null || logged === null) return plain(kept, chosen, []);
  const after = chosen.inForce ? nextAfter(bundles, system, at) : null;
  const end = chosen.inForce ? instantOf(after?.inForceFrom ?? null) : from;
  const parts = divide(logged.changes, at, event, chosen.inForce ? from : null, end);
  const notes = notesOf(parts, chosen, from, at, end, logged);
  const inForce = chosen.inForce || reaches(logged, from);
  const changed = parts.earlier.length + parts.simultaneous.length + parts.later.length;
  if (changed === 0) return { ...plain(kept, chosen, notes), inForce };
  const rebuilt: RebuiltFrom = {
    at: time,
    isBefore: chosen.inForce,
    after:
      after === null || parts.later.length + parts.earlier.length === 0
        ? null
        : await source.stored(after.id),
    ...parts,
  };
  return { kept: { ...kept, rebuilt }, ref: bundleRef(chosen), inForce, notes };
}

function plain(kept: KeptBundle, chosen: ChosenBundle, notes: readonly string[]): PolicyAt {
  return { kept, ref: bundleRef(chosen), inForce: chosen.inForce, notes };
}

function instantOf(text: string | null): Instant | null {
  return text === null ? null : parseInstant(text);
}

/** The first bundle that came into force after a moment. */
function nextAfter(bundles: readonly CaseBundle[], system: string, at: Instant): CaseBundle | null {
  const later = bundles.flatMap((bundle) => {
    const from = bundle.system === system ? instantOf(bundle.inForceFrom) : null;
    return from !== null && compareInstants(from, at) > 0 ? [{ bundle, from }] : [];
  });
  return later.toSorted((one, other) => compareInstants(one.from, other.from))[0]?.bundle ?? null;
}

type Parts = Pick<RebuiltFrom, 'earlier' | 'simultaneous' | 'later'>;

/** Changes after `start` (of the log where it is null) and up to `end`; without an end those after the moment do not matter. */
function divide(
  changes: readonly PolicyChange[],
  at: Instant,
  event: string | null,
  start: Instant | null,
  end: Instant | null,
): Parts {
  const parts = {
    earlier: [] as PolicyChange[],
    simultaneous: [] as PolicyChange[],
    later: [] as PolicyChange[],
  };
  for (const change of changes) {
    const time = parseInstant(change.time);
    if (time === null || (start !== null && compareInstants(time, start) <= 0)) continue;
    if (end !== null && compareInstants(time, end) > 0) continue;
    const order = compareInstants(time, at);
    if (order < 0) parts.earlier.push(change);
    else if (order === 0 && change.event !== event) parts.simultaneous.push(change);
    else if (end !== null) parts.later.push(change);
  }
  return parts;
}

/** Whether the log that tells changes goes on until a moment, so that none is missing before it. */
function reaches({ last }: LoggedChanges, end: Instant): boolean {
  const reached = instantOf(last);
  return reached !== null && compareInstants(reached, end) >= 0;
}

function notesOf(
  { earlier, simultaneous, later }: Parts,
  { inForce }: ChosenBundle,
  from: Instant,
  at: Instant,
  end: Instant | null,
  { first, last, truncated }: LoggedChanges,
): string[] {
  const notes: string[] = [];
  const [begin, stop] = [instantOf(first), instantOf(last)];
  if (inForce && begin !== null && compareInstants(begin, from) > 0 && compareInstants(from, at) < 0) {
    notes.push(`Changes of policies before ${first ?? ''}, where the log begins, are not known.`);
  }
  if (stop !== null && compareInstants(stop, at) < 0) {
    notes.push(`Changes of policies after ${last ?? ''}, where the log ends, are not known.`);
  }
  if (!inForce && end !== null) {
    notes.push('The policies are those of a later bundle, with the logged changes undone.');
  }
  if (truncated) notes.push('There are more changes of policies in the log than are read.');
  const counted = inForce ? [...earlier, ...simultaneous] : [...simultaneous, ...later];
  const unclear = counted.filter((change) => change.unclear !== undefined);
  for (const { time, operation, unclear: why } of unclear.slice(0, mostNamed)) {
    notes.push(`${operation} at ${time}: ${why ?? ''}`);
  }
  if (unclear.length > mostNamed) {
    notes.push(`${unclear.length - mostNamed} more logged calls changed policies in ways that are not told.`);
  }
  return notes;
}

/** The id under which the policies of a moment are asked for like a bundle: `aws-iam@2026-05-01T10:00:00Z`. */
export function momentOf(id: string): { readonly system: string; readonly time: string } | null {
  const at = id.indexOf('@');
  if (at <= 0) return null;
  return { system: id.slice(0, at), time: id.slice(at + 1) };
}
