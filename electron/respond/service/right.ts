import { randomBytes } from 'node:crypto';
import type { RespondCase } from '#electron/platform/respond-service.ts';
import type { Emergency } from '#shared/respond/approval.ts';
import { liveSeconds } from '#shared/respond/approval.ts';
import type { Envelope, PlanDocument } from '#shared/respond/plan.ts';
import { foldRun } from '#shared/respond/run.ts';
import type { RunAuthority } from '#shared/respond/run-records.ts';
import { FailureError } from '#shared/util/result.ts';
import { type Authority, authorize } from '../approval/authority.ts';
import { publicKeyOf } from '../approval/dsse.ts';
import { readKeyFile } from '../approval/keys.ts';
import { personOf } from '../approval/roster-store.ts';
import { digestOf } from '../canonical.ts';
import type { JournalReader } from '../journal/journal-reader.ts';
import type { Workplace } from './workplace.ts';

/** What the case's journal knows of a plan. */
export interface JournalFacts {
  /** Where the journal is; null on a workstation that has no such journal. */
  readonly folder: string | null;
  readonly isUsed: (nonce: string) => boolean;
  readonly runs: readonly string[];
  readonly rejections: readonly Envelope[];
  /** The roster that was last acted under. */
  readonly roster: RunAuthority['roster'];
  readonly lastTime: number;
}

const noJournal: JournalFacts = {
  folder: null,
  isUsed: () => false,
  runs: [],
  rejections: [],
  roster: null,
  lastTime: 0,
};

/** Nothing on a workstation that has no such journal, as that of an approver. */
export function journalFacts(
  place: Workplace,
  { plan, hash }: PlanDocument,
  open: RespondCase | null,
): JournalFacts {
  try {
    const folder = place.journalFolder(open, plan.journal);
    return place.reading(folder, (reader) => ({
      folder,
      isUsed: (nonce: string) => place.reading(folder, (again) => again.hasNonce(nonce)),
      runs: runsOf(reader, plan.id),
      rejections: reader.rejections(hash),
      roster: reader.roster(),
      lastTime: reader.lastTime(),
    }));
  } catch (thrown) {
    if (thrown instanceof FailureError && thrown.failure.kind === 'not-found') return noJournal;
    throw thrown;
  }
}

export function runsOf(reader: JournalReader, plan: string): string[] {
  return reader.runs().filter((run) => foldRun(reader.records(run))?.plan.id === plan);
}

/** Runs of a plan by emergency, which wait for others to sign. */
export function emergenciesOf(place: Workplace, { plan }: PlanDocument, folder: string): string[] {
  return place.reading(folder, (reader) =>
    runsOf(reader, plan.id).filter((run) => foldRun(reader.records(run))?.authority.kind === 'emergency'),
  );
}

/**
 * By what right a plan may be executed now. SECURITY: besides what is signed, the journal is asked: for decisions
 * against the plan that its file has lost, for a roster that was exchanged, and for a clock that was turned back.
 */
export function authorityFor(
  place: Workplace,
  document: PlanDocument,
  open: RespondCase | null,
  emergency: Emergency | null,
): Authority {
  const { isUsed, rejections, roster: acted, lastTime } = journalFacts(place, document, open);
  const chain = place.rosters.chain();
  const roster = chain?.at(-1) ?? null;
  const isKnown = acted === null || chain?.some((each) => digestOf(each) === acted.digest) === true;
  if (!isKnown) {
    throw new FailureError(
      'refused',
      `The roster was exchanged: this case was acted on under roster ${acted.version}, which the pinned one does not follow. Restore it from a copy.`,
    );
  }
  const now = place.clock.now();
  const behind = lastTime - now;
  if (behind > (roster?.clockSkewSeconds ?? 60) * 1_000) {
    throw new FailureError(
      'refused',
      `The clock of this workstation is ${Math.round(behind / 1_000)} s behind the action journal: set it right first.`,
    );
  }
  const known = new Set(document.approvals.map(({ payload }) => payload));
  const approvals = [...document.approvals, ...rejections.filter(({ payload }) => !known.has(payload))];
  const orders = roster === null ? [] : place.orders.list(roster);
  return authorize({ document: { ...document, approvals }, roster, orders, now, isUsed, emergency });
}

/**
 * The one person of an emergency: by key, or by the user of this workstation. Where a roster is pinned, somebody whom
 * it knows.
 */
export function emergencyBy(
  place: Workplace,
  reason: string,
  key: string | null,
  passphrase: string | null,
): Emergency {
  const roster = place.roster();
  if (roster === null) return emergencyOf(place, place.user, reason);
  const person =
    key === null
      ? roster.people.find(({ id, users }) => id === place.user || users.includes(place.user))
      : personOf(roster, publicKeyOf(readKeyFile(key, passphrase)));
  if (person !== null && person !== undefined) return emergencyOf(place, person.id, reason);
  throw new FailureError(
    'refused',
    `An emergency needs a person of the roster: ${key === null ? `the user “${place.user}” is none. Give --key FILE` : 'nobody has this key'}.`,
  );
}

/** One person's right in an emergency, for fifteen minutes. */
function emergencyOf({ clock }: Workplace, person: string, reason: string): Emergency {
  const now = clock.now();
  return {
    person,
    reason,
    notBefore: new Date(now).toISOString(),
    notAfter: new Date(now + liveSeconds * 1_000).toISOString(),
    nonce: randomBytes(16).toString('hex'),
  };
}
