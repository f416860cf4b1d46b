import type {
  BundleProblem,
  BundleSource,
  ExternalEngine,
  ExternalEngines,
} from '#shared/domain/policy-system.ts';
import type { Decision } from '#shared/domain/trace.ts';
import { FailureError, type Result } from '#shared/util/result.ts';
import {
  type EngineOutput,
  type EngineRun,
  type FromThread,
  type Phase,
  type ReadableBundle,
  type Tally,
  type ThreadSettings,
  type ToThread,
  state,
} from './protocol.ts';

/** Characters of answers that are sent together. */
const chunk = 128 * 1024;
export const nothingYet: Tally = { answers: 0, allow: 0, deny: 0, indeterminate: 0, failed: 0 };

/** A thread's side of its talk with the process: what it asks for, and what it gives out. */
export class Desk {
  readonly engines: ExternalEngines;
  readonly #post: (message: FromThread) => void;
  readonly #state: Int32Array;
  readonly #open = new Map<number, (result: Result<unknown>) => void>();
  #nextId = 1;
  #text = '';
  #tally: Tally = nothingYet;

  constructor(settings: ThreadSettings, post: (message: FromThread) => void) {
    this.#post = post;
    this.#state = new Int32Array(settings.state);
    this.engines = {
      ...(settings.opa === null ? {} : { opa: this.#engine('opa', settings.opa) }),
      ...(settings.cerbos === null ? {} : { cerbos: this.#engine('cerbos', settings.cerbos) }),
    };
  }

  /** Tells what the thread is at, for the watch over it. */
  at(phase: Phase, unit: number): void {
    Atomics.store(this.#state, state.phase, phase);
    Atomics.store(this.#state, state.unit, unit);
    Atomics.add(this.#state, state.beat, 1);
  }

  /** Has the process read a bundle: the thread itself opens no files. */
  async read(
    what: ReadableBundle,
  ): Promise<{ readonly source: BundleSource; readonly problems: readonly BundleProblem[] }> {
    return this.#ask((id) => ({ type: 'read', id, what }));
  }

  /** One answer as a line. */
  put(line: string, decision: Decision, failed: boolean): void {
    this.#text += `${line}\n`;
    const { answers, allow, deny, indeterminate, failed: failures } = this.#tally;
    this.#tally = {
      answers: answers + 1,
      allow: allow + (decision === 'allow' ? 1 : 0),
      deny: deny + (decision === 'deny' ? 1 : 0),
      indeterminate: indeterminate + (decision === 'indeterminate' ? 1 : 0),
      failed: failures + (failed ? 1 : 0),
    };
    if (this.#text.length >= chunk) this.flush();
  }

  flush(): void {
    if (this.#text === '') return;
    this.#post({ type: 'lines', text: this.#text, tally: this.#tally });
    this.#text = '';
    this.#tally = nothingYet;
  }

  /** Takes the answer to a question of this thread. */
  settle(message: Extract<ToThread, { id: number }>): void {
    this.#open.get(message.id)?.(message.result);
    this.#open.delete(message.id);
  }

  #engine(engine: EngineRun['engine'], version: string): ExternalEngine {
    return {
      version,
      run: (files, args, input) =>
        this.#ask<EngineOutput>((id) => ({
          type: 'run',
          id,
          run: { engine, files, args, input: input ?? null },
        })),
    };
  }

  #ask<T>(question: (id: number) => FromThread): Promise<T> {
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      this.#open.set(id, (result) => {
        if (result.ok) resolve(result.value as T);
        else reject(new FailureError(result.error.kind, result.error.message, result.error.details));
      });
      this.#post(question(id));
    });
  }
}
