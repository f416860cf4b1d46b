import type { PreloadApi } from '#shared/ipc/client.ts';
import type { OperationName } from '#shared/ipc/contract.ts';
import type { FileToken } from '#shared/ipc/views.ts';
import type { Result } from '#shared/util/result.ts';

/** What a fake host answers to one operation. */
export type FakeAnswer =
  | {
      readonly result: Result<unknown>;
      /** Milliseconds before the answer. */
      readonly delay: number;
      /** Streamed before the answer, `every` so many milliseconds. */
      readonly items?: readonly unknown[];
      readonly every?: number;
    }
  | {
      /** A page of `rows` (repeated up to `total`) under this key, by the input's offset and limit. */
      readonly list: string;
      readonly rows: readonly unknown[];
      readonly total: number;
      readonly more?: object;
      /** Where the input names a value of this field, only rows with it. */
      readonly by?: string;
      readonly delay: number;
    };

export type FakeAnswers = Partial<Record<OperationName, FakeAnswer>>;

/**
 * Puts a host with fixed answers on the page, in the shape of the preload object: for
 * `page.addInitScript(installFakeBridge, fakeAnswers())`. It runs in the page, so it uses nothing from outside.
 * The page's calls are kept in `window.fakeCalls`, and `window.fakeEvent(event)` plays an event of the host.
 */
export function installFakeBridge(answers: FakeAnswers): void {
  const calls: { name: string; input: unknown }[] = [];
  /** The case that the page has opened or closed. */
  let current: Result<unknown> | null = null;
  const listeners = new Set<(event: never) => void>();
  // oxlint-disable-next-line unicorn/consistent-function-scoping -- the page gets this function alone
  const wait = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

  const run = async (
    name: string,
    input: unknown,
    onItem: (item: unknown) => void,
    cancelled: () => boolean,
  ): Promise<Result<unknown>> => {
    const answer = answers[name as OperationName];
    if (name === 'case.current' && current !== null) return current;
    if (answer === undefined) {
      return { ok: false, error: { kind: 'unsupported', message: `The fake host knows no “${name}”.` } };
    }
    if ('list' in answer) {
      await wait(answer.delay);
      const { offset = 0, limit = 100 } = input as { offset?: number; limit?: number };
      const wanted = answer.by === undefined ? null : (input as Record<string, unknown>)[answer.by];
      const isAll = wanted === null || wanted === undefined;
      const from = answer.rows.filter(
        (row) => isAll || (row as Record<string, unknown>)[answer.by ?? ''] === wanted,
      );
      const total = isAll ? answer.total : Math.floor((answer.total * from.length) / answer.rows.length);
      const count = Math.max(0, Math.min(limit, total - offset));
      const rows = Array.from({ length: count }, (_, at) => from[(offset + at) % from.length]);
      return { ok: true, value: { total, offset, ...answer.more, [answer.list]: rows } };
    }
    for (const item of answer.items ?? []) {
      await wait(answer.every ?? 0);
      if (cancelled()) return { ok: false, error: { kind: 'cancelled', message: 'Cancelled.' } };
      onItem(item);
    }
    await wait(answer.delay);
    if (/^case\.(?:open|create|close)/.test(name) && answer.result.ok) current = answer.result;
    return answer.result;
  };

  const api: PreloadApi<File> = {
    start(name, input, onItem) {
      let cancelled = false;
      calls.push({ name, input });
      return {
        result: run(name, input, onItem, () => cancelled),
        cancel: () => {
          cancelled = true;
        },
      };
    },
    async registerFiles(files) {
      const tokens = files.map(
        (file, index): FileToken => ({
          token: `dropped-${index}`,
          name: file.name,
          kind: 'file',
          bytes: file.size,
        }),
      );
      return { ok: true, value: tokens };
    },
    onEvent(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  Object.assign(window, {
    rescind: Object.freeze(api),
    fakeCalls: calls,
    fakeEvent: (event: never) => listeners.forEach((listener) => listener(event)),
  });
}
