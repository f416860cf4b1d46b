import type { ActionJournal } from '#electron/respond/journal/action-journal.ts';
import type { Transport } from './fake/provider.ts';

/** Where a run may end. */
export type Boundary = 'before a commit' | 'after a commit' | 'before a request' | 'after an effect';

/** Stands between an engine and everything that outlives it. */
export interface Cut {
  /** Where it was cut; null where it was not. */
  readonly at: Boundary | null;
  /** Resolves when it is cut. */
  readonly done: Promise<void>;
  readonly boundaries: number;
  transport(transport: Transport): Transport;
  journal(journal: ActionJournal): ActionJournal;
  /** Lets commits that had begun come to their end and drops locks, as the operating system would. */
  bury(): Promise<void>;
}

/** Ends an engine at its boundary of this number: from then on nothing that it asks for is done or answered. */
export class Scissors implements Cut {
  at: Boundary | null = null;
  boundaries = 0;
  readonly done: Promise<void>;
  readonly #last: number;
  readonly #locks: { release(): void }[] = [];
  #end: () => void = () => undefined;

  constructor(last: number) {
    this.#last = last;
    this.done = new Promise((resolve) => {
      this.#end = resolve;
    });
  }

  transport(transport: Transport): Transport {
    return async (method, path, body, call) => {
      await this.#pass('before a request');
      const answer = await transport(method, path, body, call).catch((thrown: unknown) => thrown);
      await this.#pass('after an effect');
      if (answer instanceof Response) return answer;
      throw answer;
    };
  }

  journal(journal: ActionJournal): ActionJournal {
    const append: ActionJournal['append'] = async (entry, nonces) => {
      await this.#pass('before a commit');
      const head = await journal.append(entry, nonces);
      await this.#pass('after a commit');
      return head;
    };
    const lockRuns: ActionJournal['lockRuns'] = () => {
      const lock = journal.lockRuns();
      this.#locks.push(lock);
      return lock;
    };
    return new Proxy(journal, {
      get: (target, name) => {
        if (name === 'append') return append;
        if (name === 'lockRuns') return lockRuns;
        const value: unknown = Reflect.get(target, name, target);
        return typeof value === 'function' ? (value.bind(target) as unknown) : value;
      },
    });
  }

  async bury(): Promise<void> {
    for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve));
    if (this.at !== null) for (const lock of this.#locks) lock.release();
  }

  async #pass(boundary: Boundary): Promise<void> {
    this.boundaries += 1;
    if (this.at === null && this.boundaries === this.#last) {
      this.at = boundary;
      this.#end();
    }
    if (this.at !== null) await new Promise(() => undefined);
  }
}

export class NeverCut extends Scissors {
  constructor() {
    super(Number.POSITIVE_INFINITY);
  }
}
