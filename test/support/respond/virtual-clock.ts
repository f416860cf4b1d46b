import type { Clock } from '#electron/respond/provider.ts';

/** Time that only moves when nothing else can: whoever sleeps first wakes first. */
export class VirtualClock implements Clock {
  #now: number;
  #order = 0;
  #sleepers: { readonly at: number; readonly order: number; readonly wake: () => void }[] = [];
  #activity = 0;

  constructor(start: number) {
    this.#now = start;
  }

  now(): number {
    this.#activity += 1;
    return this.#now;
  }

  monotonic(): number {
    return this.#now;
  }

  sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
    this.#activity += 1;
    if (signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const sleeper = { at: this.#now + Math.max(0, milliseconds), order: this.#order++, wake: resolve };
      this.#sleepers.push(sleeper);
      signal.addEventListener(
        'abort',
        () => {
          this.#sleepers = this.#sleepers.filter((other) => other !== sleeper);
          resolve();
        },
        { once: true },
      );
    });
  }

  /** Moves time on until the work is done. */
  async drive<T>(work: Promise<T>): Promise<T> {
    const state = { isDone: false };
    const finished = work.finally(() => {
      state.isDone = true;
    });
    while (!state.isDone) {
      const before = this.#activity;
      // Promises, and the journal's commits, which wait for one turn of the event loop.
      for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve));
      if (this.#activity === before && !state.isDone) this.#wakeNext();
    }
    return finished;
  }

  /** Moves time on by so much. */
  advance(milliseconds: number): void {
    this.#now += milliseconds;
  }

  #wakeNext(): void {
    const next = this.#sleepers.toSorted(
      (first, second) => first.at - second.at || first.order - second.order,
    )[0];
    if (next === undefined) return;
    this.#sleepers = this.#sleepers.filter((other) => other !== next);
    this.#now = Math.max(this.#now, next.at);
    this.#activity += 1;
    next.wake();
  }
}
