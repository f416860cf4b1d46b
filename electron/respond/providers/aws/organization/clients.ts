import { IdentitystoreClient } from '@aws-sdk/client-identitystore';
import { OrganizationsClient } from '@aws-sdk/client-organizations';
import { SSOAdminClient } from '@aws-sdk/client-sso-admin';
import { STSClient } from '@aws-sdk/client-sts';
import { type CallContext, ProviderError, type ProviderIo } from '../../../provider.ts';
import { type Alone, oneAtATime } from '../../../one-at-a-time.ts';
import { clientOptions, isAbsent, readError } from '../clients.ts';
import type { OrganizationConfig } from './config.ts';

export interface OrganizationClients {
  readonly organizations: OrganizationsClient;
  readonly sso: SSOAdminClient;
  readonly identityStore: IdentitystoreClient;
  readonly sts: STSClient;
  readonly config: OrganizationConfig;
  /** AWS's own clock; ours before its first answer. */
  now(): Date;
  /** Around every change of a policy, which is read and written whole. */
  readonly alone: Alone;
  close(): void;
}

export function organizationClients(config: OrganizationConfig, io: ProviderIo): OrganizationClients {
  let date: Date | null = null;
  const common = clientOptions(config, io, (now) => {
    date = now;
  });
  const clients = {
    // Organizations is one service for all regions, in us-east-1.
    organizations: new OrganizationsClient({
      ...common,
      region: 'us-east-1',
      endpoint: config.organizationsEndpoint,
    }),
    sso: new SSOAdminClient({ ...common, endpoint: config.ssoEndpoint }),
    identityStore: new IdentitystoreClient({ ...common, endpoint: config.identityStoreEndpoint }),
    sts: new STSClient({ ...common, endpoint: config.stsEndpoint }),
  };
  return {
    ...clients,
    config,
    now: () => date ?? new Date(io.clock.now()),
    alone: oneAtATime(),
    close() {
      for (const client of Object.values(clients)) client.destroy();
    },
  };
}

/** A read; throws as providers do. */
export async function ask<T>(
  { signal }: CallContext,
  send: (options: { abortSignal: AbortSignal }) => Promise<T>,
): Promise<T> {
  try {
    return await send({ abortSignal: signal });
  } catch (thrown) {
    throw readError(thrown);
  }
}

/** A read of what may not be there: null then. */
export async function askFor<T>(
  { signal }: CallContext,
  send: (options: { abortSignal: AbortSignal }) => Promise<T>,
): Promise<T | null> {
  try {
    return await send({ abortSignal: signal });
  } catch (thrown) {
    if (isAbsent(thrown)) return null;
    throw readError(thrown);
  }
}

const mostPages = 100;

/** Every page of a list; a list that has no end is kind `protocol`, and not cut off in silence. */
export async function pages<T>(
  page: (token: string | undefined) => Promise<{ items: readonly T[]; next: string | undefined }>,
): Promise<T[]> {
  const all: T[] = [];
  let token: string | undefined;
  for (let count = 0; count < mostPages; count++) {
    const { items, next } = await page(token);
    all.push(...items);
    if (next === undefined || next === '') return all;
    token = next;
  }
  throw new ProviderError('protocol', 'AWS answered more pages than are read.');
}
