import type { Bridge, PreloadApi, RequestOptions } from '#shared/ipc/client.ts';
import type { InputOf, ItemOf, OperationName, OutputOf } from '#shared/ipc/contract.ts';
import { type Result, failure } from '#shared/util/result.ts';

/** The contract over the preload object, which knows plain data and callbacks only. */
export function bridgeOverPreload(api: PreloadApi<File>): Bridge<File> {
  return {
    async request<K extends OperationName>(
      name: K,
      input: InputOf<K>,
      options: RequestOptions<ItemOf<K>> = {},
    ): Promise<Result<OutputOf<K>>> {
      const { signal, onItem } = options;
      if (signal?.aborted) return failure('cancelled', 'Cancelled.');
      const call = api.start(name, input, (item) => onItem?.(item as ItemOf<K>));
      signal?.addEventListener('abort', call.cancel, { once: true });
      try {
        return (await call.result) as Result<OutputOf<K>>;
      } catch (thrown) {
        return failure('crashed', `The host did not answer “${name}”: ${String(thrown)}. Try again.`);
      } finally {
        signal?.removeEventListener('abort', call.cancel);
      }
    },
    registerFiles: (files) => api.registerFiles(files),
    onEvent: (listener) => api.onEvent(listener),
  };
}
