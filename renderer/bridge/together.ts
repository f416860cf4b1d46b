import type { CancelSignal } from '#shared/ipc/client.ts';
import { type Result, failure } from '#shared/util/result.ts';
import type { AnswerLine } from './lines.ts';

interface Asked {
  readonly name: string;
  readonly input: unknown;
  /** Answers once; what comes later is dropped. */
  readonly settle: (result: Result<unknown>) => void;
  isSettled: boolean;
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
  #journey = new AbortController();

  constructor(exchange: Exchange) {
    this.#exchange = exchange;
  }

  ask(name: string, input: unknown, signal?: CancelSignal): Promise<Result<unknown>> {
    return new Promise((resolve) => {
      if (signal?.aborted === true) {
        resolve(cancelled);
        return;
      }
      const companions = this.#waiting;
      const journey = this.#journey;
      const cancel = (): void => {
        asked.settle(cancelled);
        // The others are still wanted.
        if (companions.every(({ isSettled }) => isSettled)) journey.abort();
      };
      const asked: Asked = {
        name,
        input,
        settle: (result) => {
          asked.isSettled = true;
          signal?.removeEventListener('abort', cancel);
          resolve(result);
        },
        isSettled: false,
      };
      signal?.addEventListener('abort', cancel, { once: true });
      companions.push(asked);
      if (companions.length === 1) queueMicrotask(() => void this.#leave());
    });
  }

  async #leave(): Promise<void> {
    const all = this.#waiting;
    const { signal } = this.#journey;
    [this.#waiting, this.#journey] = [[], new AbortController()];
    const asked = all.filter(({ isSettled }) => !isSettled);
    const [only] = asked;
    if (only === undefined) return;
    const answer = ({ at = 0, result }: AnswerLine): void => {
      if (result !== undefined) asked[at]?.settle(result);
    };
    const failed =
      asked.length === 1
        ? await this.#exchange(`api/${only.name}`, only.input, signal, answer)
        : await this.#exchange(
            'api/together',
            asked.map(({ name, input }) => ({ name, input })),
            signal,
            answer,
          );
    for (const { name, settle, isSettled } of asked) {
      if (!isSettled) settle(failed ?? brokenOff(name));
    }
  }
}

const cancelled = failure('cancelled', 'Cancelled.');

export function brokenOff(name: string): Result<never> {
  return failure('crashed', `The host ended its answer to “${name}” early. Try again.`);
}
