import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ConfirmPlace } from '#electron/router/host.ts';
import type { ConfirmServices } from '#electron/router/page-services.ts';
import { FailureError } from '#shared/util/result.ts';
import { refuse } from './headers.ts';
import { answerOperation } from './operations.ts';
import { sendPageFile } from './page-files.ts';

const page = '/confirm.html';

/**
 * SECURITY: the confirm surface of a browser: the other name of this machine (`localhost` where the console is at
 * 127.0.0.1, and the other way round), which makes it another site to the browser: other cookies, another process, no
 * access from one to the other. It needs no cookie; each request carries the ticket, which its address brings behind
 * the `#`, and has the site's own origin. It answers only while a plan waits to be confirmed.
 */
export class ConfirmSite {
  readonly #port: number;
  readonly #services: ConfirmServices;
  readonly #pageFolder: string;
  readonly #open = new Set<string>();

  constructor(port: number, services: ConfirmServices, pageFolder: string) {
    this.#port = port;
    this.#services = services;
    this.#pageFolder = pageFolder;
  }

  /** Opens the site for a ticket. `consoleHost` is where the console is; null while nobody was let in. */
  open(ticket: string, consoleHost: string | null): ConfirmPlace {
    if (consoleHost === null) throw new FailureError('unsupported', 'Nobody has opened the console yet.');
    this.#open.add(ticket);
    const { promise, resolve } = Promise.withResolvers<void>();
    return {
      address: `http://${this.#hostBeside(consoleHost)}${page}#${ticket}`,
      closed: promise,
      pickKey: () => Promise.resolve([]),
      close: () => {
        this.#open.delete(ticket);
        resolve();
      },
    };
  }

  /** Whether a request is for this site and not for the console. */
  isFor({ headers }: IncomingMessage, consoleHost: string | null): boolean {
    return consoleHost !== null && headers.host?.toLowerCase() === this.#hostBeside(consoleHost);
  }

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const host = request.headers.host?.toLowerCase() ?? '';
    const url = URL.parse(request.url ?? '/', `http://${host}`);
    const { origin, 'sec-fetch-site': from, 'sec-fetch-mode': mode } = request.headers;
    // The console leads here, which is a navigation from another site; everything else is the surface's own.
    const isArrival =
      request.method === 'GET' && url?.pathname === page && (mode ?? 'navigate') === 'navigate';
    const isOwn = from === undefined || from === 'same-origin' || from === 'none';
    if (url === null || !(isOwn || isArrival) || (origin !== undefined && origin !== `http://${host}`)) {
      return refuse(response, 403, 'This request did not come from the confirm surface.');
    }
    if (this.#open.size === 0) return refuse(response, 404, 'Nothing waits to be confirmed here.');
    if (request.method === 'POST' && url.pathname.startsWith('/api/confirm.')) {
      if (origin === undefined)
        return refuse(response, 403, 'This request did not come from the confirm surface.');
      return answerOperation(this.#services, url.pathname.slice('/api/'.length), request, response);
    }
    if (request.method !== 'GET') return refuse(response, 405, 'Not allowed.');
    // The console's own page is not for this name.
    if (url.pathname === '/' || url.pathname === '/index.html') return refuse(response, 404, 'Not found.');
    return sendPageFile(response, this.#pageFolder, url.pathname, true);
  }

  #hostBeside(consoleHost: string): string {
    return `${consoleHost.startsWith('localhost') ? '127.0.0.1' : 'localhost'}:${this.#port}`;
  }
}
