import { contextBridge, ipcRenderer, webUtils } from 'electron';
import { channels } from '#shared/ipc/channels.ts';
import type { HostEvent, PreloadApi } from '#shared/ipc/client.ts';
import type { FileToken } from '#shared/ipc/views.ts';
import type { Result } from '#shared/util/result.ts';

// SECURITY: the whole of what the page gets. Fixed functions on a frozen object; no channel name, no ipcRenderer
// and no event object crosses over. Operation and input are checked again by the router, which trusts nobody.
const listeners = new Map<number, (item: unknown) => void>();
let nextId = 1;

ipcRenderer.on(channels.item, (_event, id: number, item: unknown) => listeners.get(id)?.(item));

const api: PreloadApi<File> = Object.freeze({
  start(name: string, input: unknown, onItem: (item: unknown) => void) {
    const id = nextId++;
    listeners.set(id, onItem);
    const answer: Promise<Result<unknown>> = ipcRenderer.invoke(channels.request, id, name, input);
    return {
      result: answer.finally(() => listeners.delete(id)),
      cancel: () => ipcRenderer.send(channels.cancel, id),
    };
  },
  /** Only files that the analyst dropped or chose have a path; anything that a script made up has none. */
  registerFiles(files: readonly File[]): Promise<Result<readonly FileToken[]>> {
    const paths = files.map((file) => webUtils.getPathForFile(file)).filter((path) => path !== '');
    return ipcRenderer.invoke(channels.register, paths);
  },
  onEvent(listener: (event: HostEvent) => void) {
    const forward = (_event: unknown, event: HostEvent): void => listener(event);
    ipcRenderer.on(channels.event, forward);
    return () => {
      ipcRenderer.removeListener(channels.event, forward);
    };
  },
});

contextBridge.exposeInMainWorld('rescind', api);
