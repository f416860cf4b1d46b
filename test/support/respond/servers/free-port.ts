import { createServer, connect } from 'node:net';
import type { AddressInfo } from 'node:net';

/** A port of this machine that nobody listens on. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise<void>((resolve) => void server.close(() => resolve()));
  return port;
}

/** Resolves when something accepts connections at the port; rejects when `ended` says that it never will. */
export async function listening(port: number, ended: Promise<string>): Promise<void> {
  const stopped = ended.then((reason) => {
    throw new Error(`The server ended: ${reason}`);
  });
  const tries = (async () => {
    for (;;) if (await accepts(port)) return;
  })();
  await Promise.race([tries, stopped]);
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' });
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => setImmediate(() => resolve(false)));
  });
}
