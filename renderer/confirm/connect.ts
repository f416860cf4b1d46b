import type { ConfirmApi } from '#shared/ipc/confirm-client.ts';
import type { FolderListing } from '#shared/ipc/views.ts';
import { type Result, failure } from '#shared/util/result.ts';
import { createLoopbackBridge } from '../bridge/loopback.ts';

declare global {
  interface Window {
    /** Put there by the preload script of the confirm window; absent in a browser. */
    readonly rescindConfirm?: ConfirmApi;
  }
}

export interface Surface extends ConfirmApi {
  /** What a folder holds, where the host has no dialog of its own. */
  readonly browse: (token: string | null, signal: AbortSignal) => Promise<Result<FolderListing>>;
}

/** The surface's one way to its host: the window's preload object, or the loopback host with the address's ticket. */
export function connectSurface(page: Window & typeof globalThis): Surface {
  const { rescindConfirm } = page;
  if (rescindConfirm !== undefined) {
    const { show, pick, hold, leave } = rescindConfirm;
    const refused = failure('unsupported', 'Files are chosen in the system’s dialog here.');
    return { show, pick, hold, leave, browse: () => Promise.resolve(refused) };
  }
  const bridge = createLoopbackBridge(page);
  const ticket = page.location.hash.slice(1);
  // A tab that is closed lets the console know.
  page.addEventListener('pagehide', () => {
    void page.fetch('api/confirm.leave', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ ticket }),
      keepalive: true,
    });
  });
  return {
    show: () => bridge.request('confirm.show', { ticket }),
    pick: () => bridge.request('confirm.pick', { ticket }),
    hold: (decision) => bridge.request('confirm.hold', { ...decision, ticket }),
    leave: () => bridge.request('confirm.leave', { ticket }),
    browse: (token, signal) => bridge.request('confirm.browse', { ticket, token }, { signal }),
  };
}
