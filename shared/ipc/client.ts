import type { Result } from '../util/result.ts';
import type { InputOf, ItemOf, OperationName, OutputOf } from './contract.ts';
import type { FileToken } from './views.ts';

/** The part of `AbortSignal` that is used here; written out because `shared` knows neither DOM nor Node. */
export interface CancelSignal {
  readonly aborted: boolean;
  addEventListener(type: 'abort', listener: () => void, options?: { once?: boolean }): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}

export interface RequestOptions<Item> {
  readonly signal?: CancelSignal;
  readonly onItem?: (item: Item) => void;
}

/** The contract as its callers see it: the page (over the preload object or loopback) and the command line. */
export interface Client {
  request<K extends OperationName>(
    name: K,
    input: InputOf<K>,
    options?: RequestOptions<ItemOf<K>>,
  ): Promise<Result<OutputOf<K>>>;
}

/** What the host tells the page unasked. */
export type HostEvent =
  | { readonly type: 'case-changed' }
  /** A run was looked at again at one of its times; for the page and for the system's notifications. */
  | {
      readonly type: 'run-verified';
      readonly run: string;
      readonly round: string;
      readonly contained: boolean | null;
      readonly drifted: number;
      readonly survivors: number;
    }
  /** A menu or shortcut of the host asks for a command of the console's palette. */
  | { readonly type: 'command'; readonly command: string };

/** What the page has of its host: the contract, dropped files, and events. The preload object has this shape. */
export interface Bridge<PickedFile = unknown> extends Client {
  /** Gives tokens for files that were dropped on the page or chosen in an input (uploaded where there is no path). */
  registerFiles(
    files: readonly PickedFile[],
    onProgress?: (bytesDone: number, bytesTotal: number) => void,
  ): Promise<Result<readonly FileToken[]>>;
  onEvent(listener: (event: HostEvent) => void): () => void;
}

/**
 * What the preload script puts on the page as `window.rescind`: fixed functions and plain data, since neither an
 * `AbortSignal` nor a class instance crosses Electron's context bridge. `renderer/bridge` makes a `Bridge` of it.
 */
export interface PreloadApi<PickedFile = unknown> {
  start(
    name: string,
    input: unknown,
    onItem: (item: unknown) => void,
  ): { readonly result: Promise<Result<unknown>>; readonly cancel: () => void };
  registerFiles(files: readonly PickedFile[]): Promise<Result<readonly FileToken[]>>;
  onEvent(listener: (event: HostEvent) => void): () => void;
}
