import { type IncomingHttpHeaders, type RequestListener, type ServerResponse, createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/**
 * What can go wrong on the way, for the next matching calls. `stale` answers a read as it was answered last time;
 * `lost` answers 204 and does nothing; `silent` carries the call out and never answers; `unavailable` is a 503 with
 * Retry-After before any effect.
 */
export type HttpFault =
  | 'throttle'
  | 'refused'
  | 'unavailable'
  | 'error-after-effect'
  | 'reset-after-effect'
  | 'silent'
  | 'lost'
  | 'stale';

export interface Call {
  readonly method: string;
  /** Still encoded, without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly authorization: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface Reply {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface HttpStandIn {
  readonly url: string;
  /** Every call that came, as `METHOD path`, also those that failed. */
  readonly calls: string[];
  /** The next `times` calls that begin with `METHOD path` go wrong so. */
  fault(call: string, fault: HttpFault, times?: number): void;
  /** What answers say instead, e.g. a further page elsewhere: headers and body as JSON; null for nothing. */
  rewrite(change: ((answer: string) => string) | null): void;
  stop(): Promise<void>;
}

interface Vendor {
  /** How a call is named where the path does not say it. */
  readonly nameOf?: (headers: IncomingHttpHeaders) => string;
  /** Carries a call out; where it is told to, its effect stays and its answer is lost. */
  readonly perform: (call: Call) => Reply;
  readonly throttled: () => Reply;
  readonly refused: () => Reply;
}

/** Key and certificate of a stand-in that is to be encrypted. */
export interface StandInTls {
  readonly key: string;
  readonly cert: string;
}

/** An HTTP server on loopback that a stateful stand-in for a vendor's API answers through, with faults on demand. */
export async function startHttpStandIn(
  { nameOf, perform, throttled, refused }: Vendor,
  tls?: StandInTls,
): Promise<HttpStandIn> {
  const calls: string[] = [];
  const faults: { readonly call: string; readonly fault: HttpFault }[] = [];
  const lastAnswers = new Map<string, Reply>();
  let rewritten: ((answer: string) => string) | null = null;
  const listener: RequestListener = (request, response) => {
    void text(request).then((body): void => {
      const url = new URL(request.url ?? '/', 'http://stand-in');
      const name = nameOf?.(request.headers) ?? `${request.method} ${url.pathname}`;
      calls.push(name);
      const at = faults.findIndex(({ call }) => name.startsWith(call));
      const fault = at < 0 ? null : (faults.splice(at, 1)[0]?.fault ?? null);
      if (fault === 'throttle') return answer(response, throttled());
      if (fault === 'refused') return answer(response, refused());
      if (fault === 'unavailable') {
        return answer(response, { status: 503, headers: { 'retry-after': '3' }, body: {} });
      }
      if (fault === 'lost') return answer(response, { status: 204 });
      const known = lastAnswers.get(`${name}${url.search}`);
      if (fault === 'stale' && known !== undefined) return answer(response, known);
      const reply = perform({
        method: request.method ?? '',
        path: url.pathname,
        query: url.searchParams,
        authorization: request.headers.authorization ?? '',
        headers: request.headers,
        body,
      });
      if (request.method === 'GET') lastAnswers.set(`${name}${url.search}`, structuredClone(reply));
      if (fault === 'silent') return;
      if (fault === 'reset-after-effect') return void request.socket.destroy();
      if (fault === 'error-after-effect') return answer(response, { status: 500, body: {} });
      const said = rewritten === null ? reply : (JSON.parse(rewritten(JSON.stringify(reply))) as Reply);
      return answer(response, said);
    });
  };
  const server = tls === undefined ? createServer(listener) : createTlsServer({ ...tls }, listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    fault(call, fault, times = 1) {
      for (let time = 0; time < times; time++) faults.push({ call, fault });
    },
    rewrite(change) {
      rewritten = change;
    },
    stop: () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

function answer(response: ServerResponse, { status, headers, body }: Reply): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(body === undefined ? undefined : JSON.stringify(body));
}
