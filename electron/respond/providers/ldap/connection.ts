import { isIPv4 } from 'node:net';
import { type Change, Client, type Control, type Entry, ResultCodeError, type SearchOptions } from 'ldapts';
import type { JsonObject } from '#shared/domain/json.ts';
import type { Outcome } from '#shared/domain/response.ts';
import { connectionTrouble } from '../../io/connection-trouble.ts';
import { forbidden, outcome, throttled } from '../../outcomes.ts';
import { type CallContext, ProviderError, type ProviderIo } from '../../provider.ts';
import type { LdapConfig } from './config.ts';
import { resultCodes } from './controls.ts';
import { byteAttributes } from './entry.ts';

/** One authenticated connection at a time, opened again where the server has closed it. */
export class LdapConnection {
  readonly #config: LdapConfig;
  readonly #io: ProviderIo;
  #client: Client | null = null;

  constructor(config: LdapConfig, io: ProviderIo) {
    this.#config = config;
    this.#io = io;
  }

  /** Entries under a base. Throws `ProviderError`; a base that is not there is `absent`. */
  async search(base: string, options: SearchOptions, call: CallContext): Promise<Entry[]> {
    return this.#guarded(call, async (client) => {
      const { searchEntries } = await client.search(base, { ...options, paged: { pageSize: 500 } });
      return searchEntries;
    });
  }

  /** Any one entry that a filter finds; null where there is none. */
  async any(
    base: string,
    filter: string,
    attributes: readonly string[],
    call: CallContext,
  ): Promise<Entry | null> {
    return this.#guarded(call, async (client) => {
      const options = { scope: 'sub' as const, filter, attributes: [...attributes] };
      for await (const { searchEntries } of client.searchPaginated(base, {
        ...options,
        paged: { pageSize: 1 },
      })) {
        if (searchEntries[0] !== undefined) return searchEntries[0];
      }
      return null;
    });
  }

  /** One entry by its name; null where it is not there. */
  async read(dn: string, attributes: readonly string[], call: CallContext): Promise<Entry | null> {
    try {
      const found = await this.search(
        dn,
        {
          scope: 'base',
          attributes: [...attributes],
          explicitBufferAttributes: byteAttributes,
        },
        call,
      );
      return found[0] ?? null;
    } catch (thrown) {
      if (thrown instanceof ProviderError && thrown.kind === 'absent') return null;
      throw thrown;
    }
  }

  /** Sends one modification and says what became of it; never again by itself. */
  async modify(
    dn: string,
    changes: readonly Change[],
    controls: readonly Control[],
    permissions: readonly string[],
    call: CallContext,
  ): Promise<Outcome> {
    try {
      await this.#guarded(call, (client) => client.modify(dn, [...changes], [...controls]), true);
      return outcome('applied', `Modified ${dn}.`, { resultCode: 0 });
    } catch (thrown) {
      if (thrown instanceof ResultCodeError) return outcomeOfCode(thrown, dn, permissions);
      throw thrown;
    }
  }

  /** Binds as somebody on a connection of its own, and closes it: the server's words, or null where it let them in. */
  async tryBind(dn: string, password: string, control: Control, call: CallContext): Promise<string | null> {
    const client = this.#newClient(call);
    try {
      await client.bind(dn, password, control);
      return null;
    } catch (thrown) {
      if (thrown instanceof ResultCodeError) return thrown.message;
      throw errorOf(thrown, false);
    } finally {
      await client.unbind().catch(() => undefined);
    }
  }

  async close(): Promise<void> {
    const client = this.#client;
    this.#client = null;
    await client?.unbind().catch(() => undefined);
  }

  async #guarded<Answer>(
    call: CallContext,
    work: (client: Client) => Promise<Answer>,
    isWrite = false,
  ): Promise<Answer> {
    const client = await this.#connected(call);
    try {
      return await this.#aborting(call, work(client));
    } catch (thrown) {
      if (thrown instanceof ResultCodeError) {
        if (isWrite) throw thrown;
        throw readErrorOf(thrown);
      }
      await this.close();
      throw errorOf(thrown, true);
    }
  }

  async #connected(call: CallContext): Promise<Client> {
    if (this.#client?.isConnected === true) return this.#client;
    const client = this.#newClient(call);
    try {
      await this.#aborting(call, client.bind(this.#config.bindDn, await this.#io.secret('bindPassword')));
    } catch (thrown) {
      await client.unbind().catch(() => undefined);
      if (thrown instanceof ResultCodeError) {
        throw new ProviderError('forbidden', refusalOf(thrown, this.#config.bindDn));
      }
      throw errorOf(thrown, false);
    }
    this.#client = client;
    return client;
  }

  #newClient(call: CallContext): Client {
    const left = Math.max(1, call.deadline - this.#io.clock.now());
    const { hostname, protocol } = new URL(this.#config.url);
    return new Client({
      url: this.#config.url,
      timeout: left,
      connectTimeout: left,
      ...(protocol === 'ldaps:'
        ? { tlsOptions: { ...this.#io.tls, ...(isIPv4(hostname) ? {} : { servername: hostname }) } }
        : {}),
    });
  }

  /** Ends the connection at the global stop: what was sent may have arrived. */
  async #aborting<Answer>({ signal }: CallContext, work: Promise<Answer>): Promise<Answer> {
    if (signal.aborted) throw new ProviderError('unreachable', 'Stopped before anything was sent.');
    const stopped = Promise.withResolvers<never>();
    const stop = (): void =>
      stopped.reject(new ProviderError('interrupted', 'Stopped while the directory was asked.'));
    signal.addEventListener('abort', stop, { once: true });
    try {
      return await Promise.race([work, stopped.promise]);
    } finally {
      signal.removeEventListener('abort', stop);
    }
  }
}

function refusalOf({ code, name }: ResultCodeError, bindDn: string): string {
  return code === resultCodes.invalidCredentials
    ? `The directory refused ${bindDn}: there is no such entry, or the password is wrong (49).`
    : `The directory refused ${bindDn}: ${name} (${code}).`;
}

function errorOf(thrown: unknown, wasSent: boolean): ProviderError {
  if (thrown instanceof ProviderError) return thrown;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  const given = (thrown as { code?: unknown } | null)?.code;
  const trouble = connectionTrouble(typeof given === 'string' ? given : '');
  if (!wasSent || trouble !== null) {
    const why = trouble ?? (message.includes('before secure TLS') ? connectionTrouble('EPROTO') : message);
    return new ProviderError('unreachable', `The directory cannot be reached: ${why}.`);
  }
  return new ProviderError('interrupted', `The connection to the directory broke: ${message}`);
}

function readErrorOf(thrown: ResultCodeError): ProviderError {
  const message = `The directory answered ${thrown.code} (${thrown.name}).`;
  if (thrown.code === resultCodes.noSuchObject) return new ProviderError('absent', message);
  if (thrown.code === resultCodes.insufficientAccess) return new ProviderError('forbidden', message);
  if (thrown.code === resultCodes.busy) return new ProviderError('throttled', message, 1_000);
  return new ProviderError('rejected', message);
}

/** RFC 4511 section 4.1.9 and appendix A; 122 is RFC 4528's. */
function outcomeOfCode({ code, name }: ResultCodeError, dn: string, permissions: readonly string[]): Outcome {
  const facts: JsonObject = { resultCode: code };
  const detail = `${dn}: the directory answered ${code} (${name}).`;
  switch (code) {
    case resultCodes.noOperation:
      return outcome('applied', `${dn}: would be modified.`, facts);
    case resultCodes.noSuchObject:
      return outcome('target_absent', detail, facts);
    case resultCodes.assertionFailed:
      return outcome('precondition_failed', `${dn} is no longer as it was read.`, facts);
    case resultCodes.noSuchAttribute:
    case resultCodes.attributeOrValueExists:
      return outcome('already_in_state', detail, facts);
    case resultCodes.insufficientAccess:
      return forbidden(permissions, detail, facts);
    case resultCodes.busy:
    case resultCodes.unavailable:
      return throttled(1_000, detail, facts);
    default:
      return outcome('unsupported', detail, facts);
  }
}
