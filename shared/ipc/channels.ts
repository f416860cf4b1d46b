/** Channels between Electron's main process and the preload script. The page never sees a name. */
export const channels = {
  /** invoke(id, operation, input) → Result */
  request: 'rescind:request',
  /** send(id) */
  cancel: 'rescind:cancel',
  /** invoke(paths) → Result<FileToken[]> */
  register: 'rescind:register',
  /** main → page: (id, item) */
  item: 'rescind:item',
  /** main → page: (HostEvent) */
  event: 'rescind:event',
  /** Of the confirm surface: invoke(operation of the surface, input) → Result */
  confirm: 'rescind:confirm',
} as const;
