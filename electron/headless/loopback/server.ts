import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Log, logIds } from '#electron/platform/log.ts';
import type { FileTokens } from '#electron/router/file-tokens.ts';
import type { ConfirmPlace } from '#electron/router/host.ts';
import { createConfirmServices, createPageServices } from '#electron/router/page-services.ts';
import type { Router } from '#electron/router/router.ts';
import type { HostEvent } from '#shared/ipc/client.ts';
import { FailureError } from '#shared/util/result.ts';
import { ConfirmSite } from './confirm-site.ts';
import { EventFeed } from './event-feed.ts';
import { checkOrigin } from './guard.ts';
import { refuse, setSecurityHeaders } from './headers.ts';
import { IdleWatch } from './idle.ts';
import { answerOperation, answerTogether } from './operations.ts';
import { sendPageFile } from './page-files.ts';
import { PageSession } from './page-session.ts';
import { Uploads } from './uploads.ts';

// A named import of this module would make Node load its whole HTTP client, which we never use.
const { createServer } = process.getBuiltinModule('node:http');

export interface LoopbackOptions {
  readonly router: Router;
  readonly tokens: FileTokens;
  /** Folder of the built page. */
  readonly page: string;
  /** Where uploads wait for their import. */
  readonly uploadFolder: string;
  /** 0 for a random one. */
  readonly port: number;
  /** 0 for never. */
  readonly idleMinutes: number;
  readonly log: Log;
}

export interface LoopbackServer {
  /** With the one-time token. */
  readonly address: string;
  readonly port: number;
  readonly idle: Promise<void>;
  notify(event: HostEvent): void;
  openConfirm(ticket: string): ConfirmPlace;
  close(): Promise<void>;
}

/** Serves the console to browsers of this machine. Throws kind `unusable` where the port is taken. */
export async function startLoopback(options: LoopbackOptions): Promise<LoopbackServer> {
  const feed = new EventFeed();
  const watch = new IdleWatch(options.idleMinutes);
  /** One address is open before the other, and a page of an earlier host on this port may ask at once. */
  const ready = Promise.withResolvers<void>();
  const listener = (request: IncomingMessage, response: ServerResponse): void => {
    watch.begin();
    response.on('close', () => watch.end());
    const answer = ready.promise.then(() => serveRequest(request, response));
    answer.catch((thrown: unknown) => {
      const message = thrown instanceof Error ? thrown.message : String(thrown);
      options.log.write('error', logIds.requestFailed, message);
      refuse(response, 500, 'This request failed.');
    });
  };
  const { port, servers } = await listenOnBoth(() => createServer(serverOptions, listener), options.port);
  const session = new PageSession(port);
  const page = createPageServices(options.router, options.tokens);
  const site = new ConfirmSite(port, createConfirmServices(options.router), options.page);
  const uploads = new Uploads(options.uploadFolder, options.tokens);

  const serveRequest = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    setSecurityHeaders(response);
    if (site.isFor(request, session.host)) return site.answer(request, response);
    const refusal = checkOrigin(request, port);
    if (refusal !== null) {
      options.log.write('warning', logIds.requestRefused, refusal.text);
      refuse(response, refusal.status, refusal.text);
      return;
    }
    const url = URL.parse(request.url ?? '/', `http://127.0.0.1:${port}`);
    if (url === null) return refuse(response, 400, 'Not an address.');
    const token = url.pathname === '/' && request.method === 'GET' ? url.searchParams.get('token') : null;
    if (token !== null) return admit(session, token, request, response);
    if (!session.isKnown(request)) {
      return refuse(response, 401, 'Open the address that “rescind serve” has printed; it works once.');
    }
    return route(request, response, url);
  };

  const route = async (request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> => {
    const { method } = request;
    const { pathname } = url;
    if (method === 'GET' && pathname === '/api/events') return feed.add(request, response);
    if (method === 'PUT' && pathname === '/api/upload')
      return uploads.take(request, url.searchParams, response);
    if (method === 'POST' && pathname === '/api/together') return answerTogether(page, request, response);
    if (method === 'POST' && pathname.startsWith('/api/')) {
      return answerOperation(page, pathname.slice('/api/'.length), request, response);
    }
    if (method === 'GET' || method === 'HEAD') {
      return sendPageFile(response, options.page, pathname, method === 'GET');
    }
    return refuse(response, 405, 'Not allowed.');
  };

  ready.resolve();
  return {
    address: `http://127.0.0.1:${port}/?token=${session.token}`,
    port,
    idle: watch.idle,
    notify: (event) => feed.send(event),
    openConfirm: (ticket) => site.open(ticket, session.host),
    async close() {
      watch.stop();
      feed.close();
      await Promise.all(servers.map(closeServer));
      uploads.close();
    },
  };
}

const serverOptions = {
  headersTimeout: 10_000,
  // An upload may take as long as it takes.
  requestTimeout: 0,
  maxHeaderSize: 16_384,
} as const;

/**
 * The port of both loopback addresses, where the machine has both. SECURITY: nobody else may have it on the other one,
 * since the console and its confirm surface are told apart by their host's name, and `localhost` may mean either.
 */
async function listenOnBoth(
  make: () => Server,
  wanted: number,
  tries = 20,
): Promise<{ readonly port: number; readonly servers: readonly Server[] }> {
  const first = make();
  const port = await listen(first, '127.0.0.1', wanted);
  const second = make();
  try {
    await listen(second, '::1', port);
    return { port, servers: [first, second] };
  } catch (thrown) {
    if (!(thrown instanceof FailureError)) return { port, servers: [first] };
    await closeServer(first);
    if (wanted !== 0 || tries === 0) throw thrown;
    return listenOnBoth(make, wanted, tries - 1);
  }
}

/**
 * SECURITY: binds to one loopback address, never to all. Resolves to the port; rejects with kind `unusable` where it
 * cannot be opened, with the system's own error where there is no such address.
 */
function listen(server: Server, address: '127.0.0.1' | '::1', port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRNOTAVAIL' || error.code === 'EAFNOSUPPORT') return reject(error);
      const why = error.code === 'EADDRINUSE' ? 'it is in use' : error.message;
      return reject(
        new FailureError('unusable', `Port ${port} cannot be opened: ${why}. Choose another with --port.`),
      );
    });
    server.listen({ host: address, port, exclusive: true }, () =>
      resolve((server.address() as AddressInfo).port),
    );
  });
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

/** Exchanges the token for the cookie; a browser that has the cookie already just goes on. */
function admit(
  session: PageSession,
  token: string,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const cookie = session.exchange(token, (request.headers.host ?? '').toLowerCase());
  if (cookie === null && !session.isKnown(request)) {
    refuse(response, 403, 'This address has been used. Run “rescind serve” again for a new one.');
    return;
  }
  response.writeHead(303, { location: '/', ...(cookie === null ? {} : { 'set-cookie': cookie }) });
  response.end();
}
