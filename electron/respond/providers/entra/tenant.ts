import type { Client } from '@microsoft/microsoft-graph-client';
import { type JsonObject, arrayAt, isObject, objectAt, textAt } from '#shared/domain/json.ts';
import type { Outcome } from '#shared/domain/response.ts';
import { type CallContext, ProviderError, type ProviderIo } from '../../provider.ts';
import { AccessTokens } from '../../sdk/access-tokens.ts';
import { SdkCalls } from '../../sdk/sdk-calls.ts';
import type { EntraConfig } from './config.ts';

const mostPages = 100;

/** A tenant by Microsoft Graph v1.0, through Microsoft's clients, as an app with a certificate. */
export class EntraTenant {
  readonly #config: EntraConfig;
  readonly #calls: SdkCalls<Client>;

  constructor(config: EntraConfig, io: ProviderIo) {
    this.#config = config;
    const tokens = new AccessTokens({
      io,
      who: 'Microsoft Entra',
      ask: (fetch, call) => askToken(config, io, fetch, call),
    });
    this.#calls = new SdkCalls<Client>({
      io,
      who: 'Microsoft Graph',
      open: async (fetch, call) => openClient(config, fetch, await tokens.get(call)),
      said: (body) => {
        const error = objectAt(body, 'error');
        return { message: textAt(error, 'message'), code: textAt(error, 'code') };
      },
      expired: () => tokens.forget(),
    });
  }

  address(path: string): string {
    return `${this.#config.graph}/v1.0${path}`;
  }

  get(path: string, call: CallContext): Promise<JsonObject> {
    return this.#calls.read(`GET ${plain(path)}`, call, async (client) =>
      asObject(await client.api(path).get()),
    );
  }

  /** Null where it is not there. */
  find(path: string, call: CallContext): Promise<JsonObject | null> {
    return this.#calls.find(`GET ${plain(path)}`, call, async (client) =>
      asObject(await client.api(path).get()),
    );
  }

  async list(path: string, call: CallContext): Promise<JsonObject[]> {
    const found: JsonObject[] = [];
    let next: string | null = path;
    for (let page = 0; next !== null; page++) {
      if (page === mostPages)
        throw new ProviderError('protocol', `${plain(path)} has more pages than are read.`);
      const answer: JsonObject = await this.get(next, call);
      found.push(...arrayAt(answer, 'value').filter(isObject));
      next = this.#within(textAt(answer, '@odata.nextLink'));
    }
    return found;
  }

  /** Those of one type out of a list of several: a cast in the address would be a query that may be behind. */
  async listOf(type: string, path: string, call: CallContext): Promise<JsonObject[]> {
    const all = await this.list(path, call);
    return all.filter((object) => textAt(object, '@odata.type') === `#microsoft.graph.${type}`);
  }

  write(
    method: 'PATCH' | 'POST' | 'DELETE',
    path: string,
    body: JsonObject | null,
    permissions: readonly string[],
    call: CallContext,
  ): Promise<Outcome> {
    return this.#calls.write(`${method} ${path}`, call, permissions, (client) => {
      const request = client.api(path);
      if (method === 'DELETE') return request.delete();
      return method === 'PATCH' ? request.patch(body) : request.post(body ?? {});
    });
  }

  /** The path of a further page. SECURITY: an answer does not choose where the token goes. */
  #within(link: string | null): string | null {
    const start = this.address('/');
    if (link === null) return null;
    if (link.startsWith(start)) return link.slice(start.length - 1);
    throw new ProviderError('protocol', 'Microsoft Graph names a further page at another address.');
  }
}

/** A client of one middleware, which sends: the default ones repeat calls and follow redirects. */
async function openClient(
  { graph }: EntraConfig,
  fetch: ProviderIo['fetch'],
  token: string,
): Promise<Client> {
  const { Client: GraphClient } = await import('@microsoft/microsoft-graph-client');
  return GraphClient.initWithMiddleware({
    baseUrl: `${graph}/`,
    defaultVersion: 'v1.0',
    middleware: {
      async execute(context) {
        const { method, body, headers } = context.options ?? {};
        const sent = new Headers(headers);
        sent.set('authorization', `Bearer ${token}`);
        context.response = await fetch(context.request, {
          method: method ?? 'GET',
          headers: sent,
          ...(body === undefined || body === null ? {} : { body }),
        });
      },
    },
  });
}

/**
 * The app's token, by client certificate. Authorities on this machine may be without encryption; Microsoft's library
 * knows encrypted ones alone, so that the scheme is put right where the request leaves.
 */
async function askToken(
  { tenantId, clientId, authority, graph }: EntraConfig,
  io: ProviderIo,
  fetch: ProviderIo['fetch'],
  { signal }: CallContext,
): Promise<{ value: string; until: number }> {
  const { ClientCertificateCredential } = await import('@azure/identity');
  const encrypted = authority.replace(/^http:/, 'https:');
  const credential = new ClientCertificateCredential(
    tenantId,
    clientId,
    { certificate: await io.secret('certificate') },
    {
      authorityHost: encrypted,
      disableInstanceDiscovery: true,
      retryOptions: { maxRetries: 0 },
      httpClient: {
        async sendRequest(request) {
          const { body } = request;
          const url = request.url.startsWith(encrypted)
            ? authority + request.url.slice(encrypted.length)
            : request.url;
          const response = await fetch(url, {
            method: request.method,
            headers: request.headers.toJSON(),
            ...(typeof body === 'string' ? { body } : {}),
          });
          return {
            request,
            status: response.status,
            headers: readable(response.headers),
            bodyAsText: await response.text(),
          };
        },
      },
    },
  );
  const token = await credential.getToken(`${graph}/.default`, { abortSignal: signal });
  return { value: token.token, until: token.expiresOnTimestamp };
}

/** Headers as Microsoft's library reads them. */
function readable(headers: Headers) {
  return {
    get: (name: string) => headers.get(name) ?? undefined,
    has: (name: string) => headers.has(name),
    set: (name: string, value: string | number | boolean) => headers.set(name, String(value)),
    delete: (name: string) => headers.delete(name),
    toJSON: () => Object.fromEntries(headers),
    [Symbol.iterator]: () => headers.entries(),
  };
}

function asObject(value: unknown): JsonObject {
  if (isObject(value)) return value;
  throw new ProviderError('protocol', 'Microsoft Graph answered something other than a JSON object.');
}

function plain(path: string): string {
  return path.split('?')[0] ?? path;
}
