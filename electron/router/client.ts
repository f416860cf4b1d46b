import type { Client, RequestOptions } from '#shared/ipc/client.ts';
import type { InputOf, ItemOf, OperationName, OutputOf } from '#shared/ipc/contract.ts';
import type { Result } from '#shared/util/result.ts';
import type { Router } from './router.ts';

interface LocalOptions<Item> extends Omit<RequestOptions<Item>, 'signal' | 'onItem'> {
  readonly signal?: AbortSignal;
  /** A promise asks the sender to wait. */
  readonly onItem?: (item: Item) => void | Promise<void>;
}

/** The contract for a caller in the host's own process: the command line. */
export interface LocalClient extends Client {
  request<K extends OperationName>(
    name: K,
    input: InputOf<K>,
    options?: LocalOptions<ItemOf<K>>,
  ): Promise<Result<OutputOf<K>>>;
}

export function createLocalClient(router: Router): LocalClient {
  return {
    async request<K extends OperationName>(
      name: K,
      input: InputOf<K>,
      options: LocalOptions<ItemOf<K>> = {},
    ): Promise<Result<OutputOf<K>>> {
      const result = await router.handle(name, input, {
        sender: 'command-line',
        signal: options.signal ?? new AbortController().signal,
        emit: (item) => options.onItem?.(item as ItemOf<K>),
      });
      return result as Result<OutputOf<K>>;
    },
  };
}
