import type { IncomingMessage, ServerResponse } from 'node:http';
import type { HostEvent } from '#shared/ipc/client.ts';

const beat = 25_000;

/** What the host tells its pages, as server-sent events. */
export class EventFeed {
  readonly #pages = new Set<ServerResponse>();

  send(event: HostEvent): void {
    for (const page of this.#pages) page.write(`data: ${JSON.stringify(event)}\n\n`);
  }

  /** `GET /api/events`. */
  add(request: IncomingMessage, response: ServerResponse): void {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(': connected\n\n');
    this.#pages.add(response);
    // A page that is gone without a word is found out by writing to it.
    const timer = setInterval(() => response.write(':\n\n'), beat).unref();
    request.on('close', () => {
      clearInterval(timer);
      this.#pages.delete(response);
    });
  }

  close(): void {
    for (const page of this.#pages) page.end();
  }
}
