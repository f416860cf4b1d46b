import { setTimeout as delay } from 'node:timers/promises';

/** Loading a smaller case takes no longer than showing its rows. */
const largeCase = 2_000_000;

/** Questions of one view come within so many milliseconds of each other. */
const together = 20;

/** So many milliseconds after they were answered, rows are on the screen. */
const untilShown = 300;

/**
 * The rows of a large case are shown before it is loaded: what has to load it waits until they are on the screen, which
 * takes a processor that loading would compete for.
 */
export class RowsFirst {
  #answeredAt = -Infinity;

  /** Answers with rows that others wait for. */
  answer<Rows>(rows: () => Rows): Rows {
    const found = rows();
    this.#answeredAt = performance.now();
    return found;
  }

  /** Resolves when a case of that many events may be loaded. */
  async over(events: number): Promise<void> {
    if (events < largeCase) return;
    await delay(together);
    const left = this.#answeredAt + untilShown - performance.now();
    if (left > 0) await delay(left);
  }
}
