import { join } from 'node:path';
import type { ConfirmPlace, Host } from '#electron/router/host.ts';
import type { HostEvent } from '#shared/ipc/client.ts';
import { memoryVault, passphraseVault } from './vault.ts';

/** The host without a desktop: no dialogs (the console brings its own browser of files), secrets under a passphrase. */
export function headlessHost(
  configFolder: string,
  notify: (event: HostEvent) => void,
  confirm: (ticket: string) => ConfirmPlace,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Host {
  const passphrase = environment['RESCIND_PASSPHRASE'] ?? '';
  return {
    kind: 'headless',
    nativeDialogs: false,
    pick: () => Promise.resolve([]),
    pickTarget: () => Promise.resolve(null),
    confirm,
    notify,
    secrets:
      passphrase === '' ? memoryVault() : passphraseVault(join(configFolder, 'vault.json'), passphrase),
  };
}
