import {
  Agent as PlainAgent,
  type ClientRequest,
  type IncomingMessage,
  request as plainRequest,
} from 'node:http';
import { Agent, request as encryptedRequest } from 'node:https';
import type { TLSSocket } from 'node:tls';
import { ProviderError, type ProviderIo } from '../provider.ts';
import { connectionTrouble } from './connection-trouble.ts';

interface FetchOptions {
  /** The only origins that are called. */
  readonly origins: readonly string[];
  readonly tls: ProviderIo['tls'];
  /** Longest time of one request where its caller sets no shorter one. */
  readonly timeoutMs?: number;
  readonly largestResponse?: number;
}

const mostRedirects = 3;
const withoutBody = new Set([101, 204, 205, 304]);

/**
 * A fetch for providers. SECURITY: only the configured origins; TLS always verified, against a private CA where one
 * is configured; redirects are followed for reads within the origin and never elsewhere; responses are capped.
 * Writes get a connection of their own, so that a stale one never makes a call that was not sent look sent.
 */
export function createProviderFetch(options: FetchOptions): ProviderIo['fetch'] {
  // Addresses of other protocols have the origin “null”, which must not let anything through.
  const web = options.origins.filter((address) => /^https?:/.test(address));
  const origins = new Set(web.map((address) => new URL(address).origin));
  const agents = { 'https:': new Agent({ ...options.tls, keepAlive: true }), 'http:': plainAgent() };
  return async (input, init) => {
    const asked = await callOf(input, init);
    const isRead = asked.method === 'GET' || asked.method === 'HEAD';
    let { url } = asked;
    for (let hops = 0; ; hops++) {
      if (!origins.has(url.origin)) {
        throw new ProviderError('protocol', `Refused: ${url.origin} is no address of this provider.`);
      }
      const call = { ...asked, url };
      const agent = url.protocol === 'https:' ? agents['https:'] : agents['http:'];
      const response = await send(call, isRead ? agent : false, options);
      const next = response.headers.get('location');
      if (!isRead || next === null || response.status < 301 || response.status === 304) return response;
      if (response.status > 308) return response;
      const target = URL.parse(next, url.href);
      if (target?.origin !== url.origin || hops === mostRedirects) {
        throw new ProviderError('protocol', `Refused: ${url.origin} redirects elsewhere.`);
      }
      url = target;
    }
  };
}

function plainAgent(): PlainAgent {
  return new PlainAgent({ keepAlive: true });
}

interface SentCall {
  readonly url: URL;
  readonly method: string;
  readonly headers: Headers;
  readonly body: Buffer | null;
  readonly signal: AbortSignal | null;
}

/** As the platform reads it; the usual forms without its machinery, which costs more than the call. */
async function callOf(input: string | URL | Request, init: RequestInit = {}): Promise<SentCall> {
  const { body = null, headers, method = 'GET', signal = null } = init;
  const isPlain = body === null || (typeof body === 'string' && new Headers(headers).has('content-type'));
  if (!(input instanceof Request) && isPlain) {
    return {
      url: new URL(input),
      method: method.toUpperCase(),
      headers: new Headers(headers),
      body: body === null ? null : Buffer.from(body),
      signal,
    };
  }
  const asked = new Request(input, init);
  return {
    url: new URL(asked.url),
    method: asked.method,
    headers: asked.headers,
    body: asked.body === null ? null : Buffer.from(await asked.arrayBuffer()),
    signal: asked.signal,
  };
}

async function send(
  call: SentCall,
  agent: Agent | PlainAgent | false,
  options: FetchOptions,
): Promise<Response> {
  const { url, method, body } = call;
  const headers: Record<string, string> = {
    ...Object.fromEntries(call.headers),
    'accept-encoding': 'identity',
  };
  if (body !== null) headers['content-length'] = String(body.length);
  else if (method !== 'GET' && method !== 'HEAD') headers['content-length'] = '0';
  const request = url.protocol === 'https:' ? encryptedRequest : plainRequest;
  const { signal } = call;
  const progress = { sent: false, isLate: false };
  if (isAborted(signal)) throw errorOf(null, url, false, true);
  const started = request(url, {
    method,
    headers,
    agent,
    ...(signal === null ? {} : { signal }),
    ...options.tls,
  });
  const limit = setTimeout(() => {
    progress.isLate = true;
    started.destroy(new Error('late'));
  }, options.timeoutMs ?? 30_000);
  try {
    watch(started, progress);
    const answered = new Promise<IncomingMessage>((resolve, reject) => {
      started.once('response', resolve);
      started.once('error', reject);
    });
    started.end(body ?? undefined);
    const response = await responseOf(await answered, method, options.largestResponse ?? 16 * 1024 * 1024);
    // A response that is constructed has no address; SDKs ask for it.
    return Object.defineProperty(response, 'url', { value: url.href });
  } catch (thrown) {
    if (thrown instanceof ProviderError) throw thrown;
    throw errorOf(thrown, url, progress.sent, progress.isLate || isAborted(signal));
  } finally {
    clearTimeout(limit);
  }
}

function isAborted(signal: AbortSignal | null): boolean {
  return signal?.aborted === true;
}

/** Notes when the first byte may have left: with the connection, or with its encryption where it has one. */
function watch(request: ClientRequest, progress: { sent: boolean }): void {
  const sent = (): void => {
    progress.sent = true;
  };
  request.once('socket', (socket) => {
    const encrypted = (socket as Partial<TLSSocket>).encrypted === true;
    if (request.reusedSocket || (!socket.connecting && !encrypted)) sent();
    else socket.once(encrypted ? 'secureConnect' : 'connect', sent);
  });
}

async function responseOf(message: IncomingMessage, method: string, largest: number): Promise<Response> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of message as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > largest) {
      message.destroy();
      throw new ProviderError('protocol', `The answer is larger than ${largest} bytes.`);
    }
    chunks.push(chunk);
  }
  const headers = new Headers();
  for (const [name, values] of Object.entries(message.headersDistinct)) {
    for (const value of values ?? []) headers.append(name, value);
  }
  const status = message.statusCode ?? 0;
  if (status < 200 || status > 599) throw new ProviderError('protocol', `The answer has status ${status}.`);
  const isBare = method === 'HEAD' || withoutBody.has(status);
  return new Response(isBare ? null : Buffer.concat(chunks), {
    status,
    statusText: message.statusMessage ?? '',
    headers,
  });
}

function errorOf(thrown: unknown, url: URL, sent: boolean, timedOut: boolean): ProviderError {
  const given = (thrown as { code?: unknown } | null)?.code;
  const code = typeof given === 'string' ? given : 'the connection failed';
  const why = timedOut ? 'no answer in time' : (connectionTrouble(code) ?? code);
  return new ProviderError(sent ? 'interrupted' : 'unreachable', `${url.host}: ${why}.`);
}
