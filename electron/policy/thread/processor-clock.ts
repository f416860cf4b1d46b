import type { Worker } from 'node:worker_threads';

/** Milliseconds after which an answer says nothing about now any more. */
const fresh = 2_000;

/** The processor time that a worker thread has had since the first look. */
export class ProcessorClock {
  readonly #worker: Worker;
  #first: number | null = null;
  #last = 0;
  #at = 0;
  #asking = false;

  constructor(worker: Worker) {
    this.#worker = worker;
  }

  /** Asks the thread anew, unless it still owes an answer. */
  look(): void {
    if (this.#asking) return;
    this.#asking = true;
    void this.#ask();
  }

  /** Null where it cannot be told: a thread that is in native code for long does not answer. */
  milliseconds(): number | null {
    if (this.#first === null || performance.now() - this.#at > fresh) return null;
    return this.#last - this.#first;
  }

  async #ask(): Promise<void> {
    try {
      const { user, system } = await this.#worker.cpuUsage();
      this.#last = (user + system) / 1_000;
      this.#first ??= this.#last;
      this.#at = performance.now();
      this.#asking = false;
    } catch {
      // Not running yet, or no longer: the next look asks again.
      this.#asking = false;
    }
  }
}
