import type { CancelSignal } from '#shared/ipc/client.ts';
import { type Result, failure } from '#shared/util/result.ts';
import type { AnswerLine } from './lines.ts';

interface Asked {
  readonly name: string;
  readonly input: unknown;
  readonly settle: (result: Result<unknown>) => void;
  isSettled: boolean;
  onCancelled: (() => void) | null;
}

/** Sends a body and hands on the lines of the answer; answers with the failure where there was one. */
export type Exchange = (
  path: string,
  body: unknown,
  signal: AbortSignal,
  onLine: (line: AnswerLine) => void,
) => Promise<Result<never> | null>;

/**
 * Requests that are made in one go travel together, and their answers come as they are ready: a view asks several
 * things at once, and a journey of its own for each takes longer than most answers.
 */
export class Together {
  readonly #exchange: Exchange;
  #waiting: Asked[] = [];

  constructor(exchange: Exchange) {
    this.#exchange = exchange;
  }

  ask(name: string, input: unknown, signal?: CancelSignal): Promise<Result<unknown>> {
    return new Promise((resolve) => {
      const cancel = (): void => {
        asked.settle(cancelled);
        asked.onCancelled?.();
      };
      const asked: Asked = {
        name,
        input,
        isSettled: false,
        onCancelled: null,
        settle: (result) => {
          asked.isSettled = true;
          signal?.removeEventListener('abort', cancel);
          resolve(result);
        },
      };
      if (signal?.aborted === true) {
        cancel();
        return;
      }
      signal?.addEventListener('abort', cancel, { once: true });
      this.#waiting.push(asked);
      if (this.#waiting.length === 1) queueMicrotask(() => void this.#leave());
    });
  }

  async #leave(): Promise<void> {
    // What was cancelled in the same go is not asked at all.
    const asked = this.#waiting.filter(({ isSettled }) => !isSettled);
    this.#waiting = [];
    const [only] = asked;
    if (only === undefined) return;
    const journey = new AbortController();
    for (const each of asked) {
      // The journey ends early where nobody waits for any of its answers.
      each.onCancelled = () => {
        if (asked.every(({ isSettled }) => isSettled)) journey.abort();
      };
    }
    const answer = ({ at = 0, result }: AnswerLine): void => {
      if (result !== undefined) asked[at]?.settle(result);
    };
    const [path, body] =
      asked.length === 1
        ? [`api/${only.name}`, only.input]
        : ['api/together', asked.map(({ name, input }) => ({ name, input }))];
    const failed = await this.#exchange(path, body, journey.signal, answer);
    for (const { name, settle, isSettled } of asked) {
      if (!isSettled) settle(failed ?? brokenOff(name));
    }
  }
}

const cancelled = failure('cancelled', 'Cancelled.');

export function brokenOff(name: string): Result<never> {
  return failure('crashed', `The host ended its answer to “${name}” early. Try again.`);
}
