import { createProviderIo, type SecretSource } from '../io/provider-io.ts';
import type { Redactor } from '../io/redactor.ts';
import type { Clock, Provider, ProviderLog } from '../provider.ts';
import { type ProviderEntry, configOf } from './entry.ts';
import type { ProviderRegistry } from './registry.ts';

export interface PoolOptions {
  readonly registry: ProviderRegistry;
  /** Where the secrets of the provider of this name come from. */
  readonly secretsOf: (name: string) => SecretSource;
  readonly redactor: Redactor;
  readonly clock: Clock;
  readonly log: ProviderLog;
}

/** A provider that is open. */
export interface OpenProvider {
  readonly entry: ProviderEntry;
  readonly provider: Provider;
}

/** Opens configured providers when they are first needed, each once. */
export class ProviderPool {
  readonly #options: PoolOptions;
  readonly #open = new Map<string, Promise<OpenProvider>>();

  constructor(options: PoolOptions) {
    this.#options = options;
  }

  get(name: string): Promise<OpenProvider> {
    const known = this.#open.get(name) ?? this.#load(name);
    this.#open.set(name, known);
    return known;
  }

  async close(): Promise<void> {
    const open = [...this.#open.values()];
    this.#open.clear();
    await Promise.allSettled(open.map(async (opened) => (await opened).provider.close()));
  }

  async #load(name: string): Promise<OpenProvider> {
    const { registry, secretsOf, redactor, clock, log } = this.#options;
    const entry = registry.get(name);
    const type = await registry.typeOf(entry.type);
    const config = configOf(type, entry.settings);
    const io = createProviderIo({
      origins: type.origins(config),
      certificateAuthority: entry.certificateAuthority,
      secrets: secretsOf(name),
      redactor,
      clock,
      log: { write: (message, attributes) => log.write(message, { provider: name, ...attributes }) },
    });
    return { entry, provider: type.open(config, io) };
  }
}
