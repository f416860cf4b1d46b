import type { Clock, ProviderIo, ProviderLog } from '../provider.ts';
import { createProviderFetch } from './provider-fetch.ts';
import type { Redactor } from './redactor.ts';

/** Where a provider's secrets come from: the host's vault, over its port. */
export interface SecretSource {
  /** Throws a failure of kind `not-found` where the vault does not have it. */
  secret(field: string): Promise<string>;
  held(fingerprint: string): Promise<string | null>;
  fingerprint(credential: string): Promise<string>;
}

interface IoOptions {
  readonly origins: readonly string[];
  /** PEM of a private CA that this provider's certificate hangs on; null for the public ones. */
  readonly certificateAuthority: string | null;
  readonly secrets: SecretSource;
  readonly redactor: Redactor;
  readonly clock: Clock;
  readonly log: ProviderLog;
}

/** The outside as one provider sees it. */
export function createProviderIo(options: IoOptions): ProviderIo {
  const { redactor, clock, secrets, log, certificateAuthority } = options;
  const tls = {
    ...(certificateAuthority === null ? {} : { ca: certificateAuthority }),
    minVersion: 'TLSv1.2',
    rejectUnauthorized: true,
  } as const;
  return {
    clock,
    async secret(field) {
      const secret = await secrets.secret(field);
      redactor.add(secret);
      return secret;
    },
    async held(fingerprint) {
      const credential = await secrets.held(fingerprint);
      if (credential !== null) redactor.add(credential);
      return credential;
    },
    fingerprint: (credential) => {
      redactor.add(credential);
      return secrets.fingerprint(credential);
    },
    fetch: createProviderFetch({ origins: options.origins, tls }),
    tls,
    log: {
      write: (message, attributes = {}) => log.write(redactor.text(message), redactor.data(attributes)),
    },
  };
}
