import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { World } from './world.ts';

interface WorldServer {
  readonly url: string;
  /** Resolves once every client has gone: what they had sent has been dealt with then. */
  readonly quiet: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/** Serves a world on loopback, with its resets as real resets. */
export async function serveWorld(world: World): Promise<WorldServer> {
  const sockets = new Set<Socket>();
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      if (world.isDown) {
        request.socket.destroy();
        return;
      }
      const url = new URL(request.url ?? '/', 'http://fake');
      const text = Buffer.concat(chunks).toString('utf8');
      const answer = world.handle({
        method: request.method ?? 'GET',
        path: url.pathname,
        query: Object.fromEntries(url.searchParams),
        body: text === '' ? {} : (JSON.parse(text) as Record<string, unknown>),
        ifMatch: request.headers['if-match'] ?? null,
      });
      if (answer.reset === true) {
        request.socket.resetAndDestroy();
        return;
      }
      setTimeout(() => {
        response.writeHead(answer.status, { 'content-type': 'application/json', ...answer.headers });
        response.end(JSON.stringify(answer.body));
      }, answer.delay ?? 0);
    });
  }).listen(0, '127.0.0.1');
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    quiet: async () => {
      server.closeIdleConnections();
      for (const socket of sockets) await once(socket, 'close');
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
