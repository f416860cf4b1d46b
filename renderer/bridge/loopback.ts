import type { Bridge, HostEvent, RequestOptions } from '#shared/ipc/client.ts';
import type { InputOf, ItemOf, OperationName, OutputOf } from '#shared/ipc/contract.ts';
import type { FileToken } from '#shared/ipc/views.ts';
import { type Result, failure, success } from '#shared/util/result.ts';
import { type AnswerLine, readLines } from './lines.ts';
import { type Exchange, Together, brokenOff } from './together.ts';

type Network = Pick<Window, 'fetch'> & { readonly EventSource: typeof EventSource };

/** The contract over the loopback host's HTTP interface, on the page's own origin. */
export function createLoopbackBridge(network: Network): Bridge<File> {
  const exchange: Exchange = (path, body, signal, onLine) => send(network, path, body, signal, onLine);
  const together = new Together(exchange);
  return {
    request: <K extends OperationName>(
      name: K,
      input: InputOf<K>,
      options: RequestOptions<ItemOf<K>> = {},
    ): Promise<Result<OutputOf<K>>> =>
      options.onItem === undefined
        ? (together.ask(name, input, options.signal) as Promise<Result<OutputOf<K>>>)
        : stream(exchange, name, input, options),
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

/** A request whose items come ahead of its answer. */
async function stream<K extends OperationName>(
  exchange: Exchange,
  name: K,
  input: InputOf<K>,
  { signal, onItem }: RequestOptions<ItemOf<K>>,
): Promise<Result<OutputOf<K>>> {
  const abort = new AbortController();
  const cancel = (): void => abort.abort();
  if (signal?.aborted) return failure('cancelled', 'Cancelled.');
  signal?.addEventListener('abort', cancel, { once: true });
  let result: Result<OutputOf<K>> | null = null;
  const failed = await exchange(`api/${name}`, input, abort.signal, (line) => {
    if (line.result !== undefined) result = line.result as Result<OutputOf<K>>;
    else onItem?.(line.item as ItemOf<K>);
  });
  signal?.removeEventListener('abort', cancel);
  return failed ?? result ?? brokenOff(name);
}

async function send(
  network: Network,
  path: string,
  body: unknown,
  signal: AbortSignal,
  onLine: (line: AnswerLine) => void,
): Promise<Result<never> | null> {
  try {
    const response = await network.fetch(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal,
    });
    if (response.body === null || isRefused(response)) return refusal(response);
    await readLines(response.body, onLine);
    return null;
  } catch (thrown) {
    return signal.aborted ? failure('cancelled', 'Cancelled.') : unreachable(thrown);
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
