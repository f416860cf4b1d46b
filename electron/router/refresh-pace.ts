/** Least milliseconds between two refreshes. */
const shortest = 1_000;
/** Events that the reader takes in again in about a second, generously. */
const eventsPerSecond = 1_000_000;

/** How often the views of a case follow a running import: the more it holds, the more it costs to read again. */
export class RefreshPace {
  readonly #now: () => number;
  #dueAt: number;
  #events = 0;

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
    this.#dueAt = now() + shortest;
  }

  /** True where events were added since the last refresh and it is time for the next one. */
  isDue(events: number): boolean {
    if (events === this.#events || this.#now() < this.#dueAt) return false;
    this.#events = events;
    this.#dueAt = this.#now() + shortest * (1 + (5 * events) / eventsPerSecond);
    return true;
  }
}
