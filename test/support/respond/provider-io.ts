import { createHmac } from 'node:crypto';
import { systemClock } from '#electron/respond/io/clock.ts';
import { createProviderIo } from '#electron/respond/io/provider-io.ts';
import { Redactor } from '#electron/respond/io/redactor.ts';
import type { CallContext, Clock, Provider, ProviderIo, ProviderType } from '#electron/respond/provider.ts';
import type { Target } from '#shared/domain/response.ts';

interface TestIo {
  readonly origins?: readonly string[];
  readonly secrets?: Readonly<Record<string, string>>;
  /** Credentials that the operator holds; each is found under its fingerprint. */
  readonly held?: readonly string[];
  readonly certificateAuthority?: string;
  readonly clock?: Clock;
}

/** The fingerprint that `testIo` gives a credential. */
export function fingerprintOf(credential: string): string {
  return `fp_${createHmac('sha256', 'test').update(credential).digest('hex').slice(0, 32)}`;
}

/** The real `ProviderIo` over secrets in memory. */
export function testIo({ origins, secrets, held, certificateAuthority, clock }: TestIo = {}): ProviderIo {
  return createProviderIo({
    origins: origins ?? [],
    certificateAuthority: certificateAuthority ?? null,
    clock: clock ?? systemClock,
    redactor: new Redactor(),
    log: { write: () => undefined },
    secrets: {
      secret: (field) => {
        const secret = secrets?.[field];
        return secret === undefined
          ? Promise.reject(new Error(`no secret ${field}`))
          : Promise.resolve(secret);
      },
      held: (fingerprint) =>
        Promise.resolve(held?.find((credential) => fingerprintOf(credential) === fingerprint) ?? null),
      fingerprint: (credential) => Promise.resolve(fingerprintOf(credential)),
    },
  });
}

/** Opens a provider type as the engine does: configuration through its schema, addresses from it. */
export function openProvider<Config>(
  type: ProviderType<Config>,
  settings: Readonly<Record<string, string>>,
  options: Omit<TestIo, 'origins'> = {},
): Provider {
  const config = type.config.parse(settings);
  const provider = type.open(config, testIo({ ...options, origins: type.origins(config) }));
  entrusted.set(provider, [...Object.values(options.secrets ?? {}), ...(options.held ?? [])]);
  return provider;
}

const entrusted = new WeakMap<Provider, readonly string[]>();

/** Everything that a provider was trusted with, in pieces that would be known again: lines of keys, whole passwords. */
export function secretsOf(provider: Provider): string[] {
  return (entrusted.get(provider) ?? [])
    .flatMap((secret) => secret.split('\n'))
    .filter((line) => line.length >= 8 && !line.startsWith('-----'));
}

export function callContext(since = Date.now()): CallContext {
  return { signal: AbortSignal.timeout(20_000), deadline: Date.now() + 20_000, since };
}

/** What a provider found, as the engine hands it back. */
export function asTarget(
  found: Omit<Target, 'provider' | 'tenant'>,
  provider = 'test',
  tenant = 'tenant',
): Target {
  return { ...found, provider, tenant };
}
