import type { Outcome } from '#shared/domain/event.ts';
import type {
  EventGroup,
  JudgedGroup,
  ReplayChange,
  ReplayRow,
  ReplaySummary,
} from '#shared/domain/replay.ts';
import type { Decision } from '#shared/domain/trace.ts';
import { isPolicyDecision } from './divergence.ts';

type Judged = Extract<JudgedGroup, { kind: 'judged' }>;

interface Draft {
  readonly judged: Judged;
  readonly recorded: Partial<Record<Outcome, number>>;
  /** Events whose outcome is an answer of the policy. */
  allowed: number;
  denied: number;
  events: number;
  first: string;
  last: string;
  readonly event: string;
}

/** What groups of events come to as distinct requests. */
export class Replay {
  readonly #drafts = new Map<string, Draft>();
  readonly #unmapped = new Map<string, number>();
  readonly #isCompared: boolean;

  /** `isCompared`: with another bundle, and not with what was recorded. */
  constructor(isCompared: boolean) {
    this.#isCompared = isCompared;
  }

  add(group: EventGroup, judged: JudgedGroup): void {
    const { events, outcome, first, last, id, reason } = group;
    if (judged.kind === 'unmapped') {
      this.#unmapped.set(judged.reason, (this.#unmapped.get(judged.reason) ?? 0) + events);
      return;
    }
    let draft = this.#drafts.get(judged.key);
    if (draft === undefined) {
      draft = { judged, recorded: {}, allowed: 0, denied: 0, events: 0, first, last, event: id };
      this.#drafts.set(judged.key, draft);
    }
    draft.events += events;
    draft.recorded[outcome] = (draft.recorded[outcome] ?? 0) + events;
    if (isPolicyDecision(outcome, reason)) {
      if (outcome === 'allow') draft.allowed += events;
      else draft.denied += events;
    }
    if (first < draft.first) draft.first = first;
    if (last > draft.last) draft.last = last;
  }

  /** Every distinct request: what changes first, and of that what affects most events. */
  rows(): ReplayRow[] {
    const rank: Record<ReplayChange, number> = {
      'newly-denied': 0,
      'newly-allowed': 1,
      undecidable: 2,
      unchanged: 3,
    };
    return [...this.#drafts.values()]
      .map((draft) => this.#row(draft))
      .toSorted(
        (one, other) =>
          rank[one.change] - rank[other.change] ||
          other.events - one.events ||
          (one.first < other.first ? -1 : 1),
      );
  }

  summary(rows: readonly ReplayRow[] = this.rows()): ReplaySummary {
    const tally = (change: ReplayChange): { requests: number; events: number } => {
      const own = rows.filter((row) => row.change === change);
      return { requests: own.length, events: own.reduce((sum, { events }) => sum + events, 0) };
    };
    let [compared, agreed] = [0, 0];
    for (const { judged, allowed, denied } of this.#drafts.values()) {
      if (judged.decision === 'indeterminate') continue;
      compared += allowed + denied;
      agreed += judged.decision === 'allow' ? allowed : denied;
    }
    return {
      requests: rows.length,
      events: rows.reduce((sum, { events }) => sum + events, 0),
      newlyDenied: tally('newly-denied'),
      newlyAllowed: tally('newly-allowed'),
      unchanged: tally('unchanged'),
      undecidable: tally('undecidable'),
      unmapped: [...this.#unmapped]
        .map(([reason, events]) => ({ reason, events }))
        .toSorted((one, other) => other.events - one.events),
      agreement: { compared, agreed, ratio: compared === 0 ? null : agreed / compared },
    };
  }

  #row({ judged, recorded, allowed, denied, events, first, last, event }: Draft): ReplayRow {
    const { request, decision, determining, blockedBy, unknowns, verdict } = judged;
    const before = this.#isCompared ? judged.against : recordedDecision(allowed, denied);
    return {
      request,
      change: changeOf(before, decision),
      decision,
      before,
      recorded,
      events,
      first,
      last,
      event,
      determining,
      blockedBy,
      unknowns,
      verdict,
    };
  }
}

function recordedDecision(allowed: number, denied: number): ReplayRow['before'] {
  if (allowed > 0 && denied > 0) return 'mixed';
  if (allowed > 0) return 'allow';
  return denied > 0 ? 'deny' : null;
}

/** Where one side is not known, whether something changes cannot be said. */
function changeOf(before: ReplayRow['before'], after: Decision): ReplayChange {
  if (after === 'indeterminate' || before === 'indeterminate' || before === 'mixed' || before === null) {
    return 'undecidable';
  }
  if (before === after) return 'unchanged';
  return after === 'deny' ? 'newly-denied' : 'newly-allowed';
}
