import type { AgreementCause, SourceAgreement } from '#shared/domain/agreement.ts';
import type { EventGroup, JudgedGroup } from '#shared/domain/replay.ts';
import type { Divergence } from '#shared/domain/trace.ts';
import { isPolicyDecision } from './divergence.ts';

type Cause = Divergence['likelyCause'];
type Example = AgreementCause['examples'][number];

const causes: readonly Cause[] = [
  'policy-revision-differs',
  'policy-unknown-at-that-time',
  'context-missing',
  'engine-gap',
  'log-disagrees',
];
const mostExamples = 5;

/** What groups of events and the answers to them come to, for one log format. */
export class Agreement {
  readonly #requests = new Set<string>();
  readonly #unmapped = new Map<string, number>();
  readonly #examples = new Map<Cause, Map<string, Example>>();
  #events = 0;
  #compared = 0;
  #agreed = 0;
  #undecided = 0;
  #unrecorded = 0;

  add(group: EventGroup, judged: JudgedGroup): void {
    const { events, outcome, reason } = group;
    this.#events += events;
    if (judged.kind === 'unmapped') {
      this.#unmapped.set(judged.reason, (this.#unmapped.get(judged.reason) ?? 0) + events);
      return;
    }
    this.#requests.add(judged.key);
    if (!isPolicyDecision(outcome, reason)) {
      this.#unrecorded += events;
      return;
    }
    if (judged.decision === 'indeterminate') this.#undecided += events;
    else {
      this.#compared += events;
      if (judged.decision === outcome) this.#agreed += events;
    }
    if (judged.divergence !== undefined) this.#diverge(group, judged.key, judged.divergence);
  }

  result(format: string, system: string, bundles: number): SourceAgreement {
    return {
      format,
      system,
      bundles,
      events: this.#events,
      requests: this.#requests.size,
      compared: this.#compared,
      agreed: this.#agreed,
      ratio: this.#compared === 0 ? null : this.#agreed / this.#compared,
      undecided: this.#undecided,
      unrecorded: this.#unrecorded,
      unmapped: [...this.#unmapped]
        .map(([reason, events]) => ({ reason, events }))
        .toSorted((one, other) => other.events - one.events || (one.reason < other.reason ? -1 : 1)),
      causes: causes.flatMap((cause) => {
        const found = this.#examples.get(cause);
        if (found === undefined) return [];
        const examples = [...found.values()].toSorted(
          (one, other) => other.events - one.events || (one.event < other.event ? -1 : 1),
        );
        return [
          {
            cause,
            events: examples.reduce((sum, { events }) => sum + events, 0),
            requests: examples.length,
            examples: examples.slice(0, mostExamples),
          },
        ];
      }),
    };
  }

  #diverge({ id, events, outcome }: EventGroup, request: string, divergence: Divergence): void {
    const { likelyCause, recomputed, why } = divergence;
    const found = this.#examples.get(likelyCause) ?? new Map<string, Example>();
    this.#examples.set(likelyCause, found);
    const key = `${outcome} ${request}`;
    const known = found.get(key);
    found.set(
      key,
      known === undefined
        ? { event: id, events, recorded: outcome, recomputed, why }
        : { ...known, events: known.events + events },
    );
  }
}
