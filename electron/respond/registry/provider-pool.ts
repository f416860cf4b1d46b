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
  readonly #open = new Map<string, OpenProvider>();

  constructor(options: PoolOptions) {
    this.#options = options;
  }

  get(name: string): OpenProvider {
    const known = this.#open.get(name);
    if (known !== undefined) return known;
    const { registry, secretsOf, redactor, clock, log } = this.#options;
    const entry = registry.get(name);
    const type = registry.typeOf(entry.type);
    const config = configOf(type, entry.settings);
    const io = createProviderIo({
      origins: type.origins(config),
      certificateAuthority: entry.certificateAuthority,
      secrets: secretsOf(name),
      redactor,
      clock,
      log: { write: (message, attributes) => log.write(message, { provider: name, ...attributes }) },
    });
    const opened = { entry, provider: type.open(config, io) };
    this.#open.set(name, opened);
    return opened;
  }

  async close(): Promise<void> {
    const open = [...this.#open.values()];
    this.#open.clear();
    await Promise.allSettled(open.map(({ provider }) => provider.close()));
  }
}
