import { contextBridge, ipcRenderer } from 'electron';
import { channels } from '#shared/ipc/channels.ts';
import type { ConfirmApi } from '#shared/ipc/confirm-client.ts';

// SECURITY: the whole of what the confirm surface gets: four fixed functions for the one plan that its window was opened
// for. No channel name, no ipcRenderer, no ticket and no name of an operation crosses over.
const api: ConfirmApi = Object.freeze({
  show: () => ipcRenderer.invoke(channels.confirm, 'show', {}),
  pick: () => ipcRenderer.invoke(channels.confirm, 'pick', {}),
  hold: (decision) => ipcRenderer.invoke(channels.confirm, 'hold', decision),
  leave: () => ipcRenderer.invoke(channels.confirm, 'leave', {}),
} satisfies ConfirmApi);

contextBridge.exposeInMainWorld('rescindConfirm', api);
