import { spawn } from 'node:child_process';

/** Opens an address in the user's browser. SECURITY: the address is an argument; nothing passes through a shell. */
export function openInBrowser(address: string): void {
  const [command, parameters]: readonly [string, readonly string[]] =
    process.platform === 'darwin'
      ? ['open', [address]]
      : process.platform === 'win32'
        ? ['rundll32', ['url.dll,FileProtocolHandler', address]]
        : ['xdg-open', [address]];
  const child = spawn(command, parameters, { stdio: 'ignore', detached: true });
  // Without a browser the address, which is printed, can be opened by hand.
  child.on('error', () => undefined);
  child.unref();
}
