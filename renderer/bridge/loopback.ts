import type { Bridge, HostEvent, RequestOptions } from '#shared/ipc/client.ts';
import type { InputOf, ItemOf, OperationName, OutputOf } from '#shared/ipc/contract.ts';
import type { FileToken } from '#shared/ipc/views.ts';
import { type Result, failure, success } from '#shared/util/result.ts';
import { type AnswerLine, readLines } from './lines.ts';

type Network = Pick<Window, 'fetch'> & { readonly EventSource: typeof EventSource };

/** The contract over the loopback host's HTTP interface, on the page's own origin. */
export function createLoopbackBridge(network: Network): Bridge<File> {
  return {
    request: (name, input, options) => request(network, name, input, options),
    registerFiles: (files, onProgress) => uploadAll(network, files, onProgress),
    onEvent(listener) {
      const source = new network.EventSource('api/events');
      source.addEventListener('message', (message: MessageEvent<string>) => {
        listener(JSON.parse(message.data) as HostEvent);
      });
      return () => source.close();
    },
  };
}

async function request<K extends OperationName>(
  network: Network,
  name: K,
  input: InputOf<K>,
  options: RequestOptions<ItemOf<K>> = {},
): Promise<Result<OutputOf<K>>> {
  const abort = new AbortController();
  const cancel = (): void => abort.abort();
  if (options.signal?.aborted) return failure('cancelled', 'Cancelled.');
  options.signal?.addEventListener('abort', cancel, { once: true });
  try {
    const response = await network.fetch(`api/${name}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(input),
      signal: abort.signal,
    });
    if (response.body === null || isRefused(response)) return refusal(response);
    let result: Result<OutputOf<K>> | null = null;
    await readLines(response.body, (line: AnswerLine) => {
      if (line.result !== undefined) result = line.result as Result<OutputOf<K>>;
      else options.onItem?.(line.item as ItemOf<K>);
    });
    return result ?? failure('crashed', `The host ended its answer to “${name}” early. Try again.`);
  } catch (thrown) {
    return abort.signal.aborted ? failure('cancelled', 'Cancelled.') : unreachable(thrown);
  } finally {
    options.signal?.removeEventListener('abort', cancel);
  }
}

async function uploadAll(
  network: Network,
  files: readonly File[],
  onProgress?: (bytesDone: number, bytesTotal: number) => void,
): Promise<Result<readonly FileToken[]>> {
  const total = files.reduce((sum, file) => sum + file.size, 0);
  const tokens: FileToken[] = [];
  let done = 0;
  for (const file of files) {
    onProgress?.(done, total);
    const answer = await upload(network, file);
    if (!answer.ok) return answer;
    tokens.push(answer.value);
    done += file.size;
  }
  onProgress?.(total, total);
  return success(tokens);
}

async function upload(network: Network, file: File): Promise<Result<FileToken>> {
  const name = file.webkitRelativePath === '' ? file.name : file.webkitRelativePath;
  const search = new URLSearchParams({ name, size: String(file.size) });
  try {
    const response = await network.fetch(`api/upload?${search}`, { method: 'PUT', body: file });
    if (isRefused(response)) return refusal(response);
    return (await response.json()) as Result<FileToken>;
  } catch (thrown) {
    return unreachable(thrown);
  }
}

/** An answer that carries no result of the contract: the session is over, or something else sits on the port. */
function isRefused(response: Response): boolean {
  return response.status === 401 || response.status === 403 || response.status === 404;
}

function refusal(response: Response): Result<never> {
  return failure(
    'refused',
    `The host refused the request (HTTP ${response.status}): this page’s session is over. ` +
      'Run “rescind serve” again and open the address that it prints.',
  );
}

function unreachable(thrown: unknown): Result<never> {
  return failure(
    'crashed',
    `The host does not answer (${thrown instanceof Error ? thrown.message : String(thrown)}). ` +
      'If it was stopped, run “rescind serve” again and open the address that it prints.',
  );
}
