import { failureOf } from '#shared/util/result.ts';

/** What could not be looked into, and why. */
export interface Unanswered {
  readonly what: string;
  readonly why: string;
}

/** Gathers what several analyses find. One that fails takes nothing from the others, and is named. */
export class Attempts<Found> {
  readonly found: Found[] = [];
  readonly unanswered: Unanswered[] = [];
  readonly #signal: AbortSignal;

  constructor(signal: AbortSignal) {
    this.#signal = signal;
  }

  /** Throws what the work throws where it was cancelled, or where it is no expected failure. */
  async make(what: string, work: () => Promise<readonly Found[]>): Promise<void> {
    try {
      for (const each of await work()) this.found.push(each);
    } catch (thrown) {
      const { kind, message } = failureOf(thrown);
      if (this.#signal.aborted || kind === 'cancelled' || kind === 'internal') throw thrown;
      this.unanswered.push({ what, why: message });
    }
  }
}
