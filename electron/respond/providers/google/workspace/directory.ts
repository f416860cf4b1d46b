import type { admin_directory_v1 } from '@googleapis/admin';
import { z } from 'zod';
import { type JsonObject, arrayAt, isObject, textAt } from '#shared/domain/json.ts';
import { endpointUrl } from '../../../endpoint.ts';
import { type CallContext, ProviderError, type ProviderIo } from '../../../provider.ts';
import type { AccessTokens } from '../../../sdk/access-tokens.ts';
import { SdkCalls } from '../../../sdk/sdk-calls.ts';
import { asObject, clientOptions, googleTokens, plain, said } from '../access.ts';

export const workspaceConfig = z.strictObject({
  clientEmail: z.email().describe('the service account that acts, with domain-wide delegation'),
  adminEmail: z.email().describe('the administrator whom it acts for'),
  url: endpointUrl('https').default('https://admin.googleapis.com').describe('the Admin SDK'),
  tokenUrl: endpointUrl('https')
    .default('https://oauth2.googleapis.com/token')
    .describe('where tokens come from'),
});
export type WorkspaceConfig = z.output<typeof workspaceConfig>;

export const scopeStart = 'https://www.googleapis.com/auth/';
export const scopes = {
  user: 'admin.directory.user',
  security: 'admin.directory.user.security',
  customer: 'admin.directory.customer.readonly',
} as const;

type Directory = admin_directory_v1.Admin;
const mostPages = 200;

/** A customer's directory by the Admin SDK. */
export class WorkspaceDirectory {
  readonly calls: SdkCalls<Directory>;
  readonly #url: string;

  constructor(config: WorkspaceConfig, io: ProviderIo) {
    this.#url = config.url;
    const tokens: AccessTokens = googleTokens(io, accountOf(config, Object.values(scopes)));
    this.calls = new SdkCalls<Directory>({
      io,
      who: 'Google',
      async open(fetch, call) {
        const [{ admin }, token] = await Promise.all([import('@googleapis/admin'), tokens.get(call)]);
        return admin({ version: 'directory_v1', rootUrl: `${config.url}/`, ...clientOptions(fetch, token) });
      },
      said,
      plain,
      expired: () => tokens.forget(),
    });
  }

  address(path: string): string {
    return `${this.#url}/admin/directory/v1${path}`;
  }

  /** By id, address or alias; null where there is none. */
  user(userKey: string, call: CallContext): Promise<JsonObject | null> {
    return this.calls.find('GET users', call, async ({ users }) =>
      asObject((await users.get({ userKey, projection: 'basic' })).data),
    );
  }

  async users(query: string | null, call: CallContext): Promise<JsonObject[]> {
    const found: JsonObject[] = [];
    let pageToken: string | null = null;
    for (let page = 0; page < mostPages; page++) {
      const answer: JsonObject = await this.calls.read('GET users', call, async ({ users }) =>
        asObject(
          (
            await users.list({
              customer: 'my_customer',
              maxResults: 500,
              ...(query === null ? {} : { query }),
              ...(pageToken === null ? {} : { pageToken }),
            })
          ).data,
        ),
      );
      found.push(...arrayAt(answer, 'users').filter(isObject));
      pageToken = textAt(answer, 'nextPageToken');
      if (pageToken === null) return found;
    }
    throw new ProviderError('protocol', 'The directory has more users than are read.');
  }

  /** Applications that the user has let in. */
  tokens(userKey: string, call: CallContext): Promise<JsonObject[]> {
    return this.#items('tokens', call, ({ tokens }) => tokens.list({ userKey }));
  }

  appPasswords(userKey: string, call: CallContext): Promise<JsonObject[]> {
    return this.#items('asps', call, ({ asps }) => asps.list({ userKey }));
  }

  /** How many backup codes there are. The codes themselves are secrets and go no further. */
  async backupCodes(userKey: string, call: CallContext): Promise<number> {
    const codes = await this.#items('verificationCodes', call, ({ verificationCodes }) =>
      verificationCodes.list({ userKey }),
    );
    return codes.length;
  }

  async #items(
    what: string,
    call: CallContext,
    work: (client: Directory) => Promise<{ data: unknown }>,
  ): Promise<JsonObject[]> {
    const answer = await this.calls.find(`GET ${what}`, call, async (client) =>
      asObject((await work(client)).data),
    );
    return arrayAt(answer ?? undefined, 'items').filter(isObject);
  }
}

export function accountOf({ clientEmail, adminEmail, tokenUrl }: WorkspaceConfig, names: readonly string[]) {
  return {
    clientEmail,
    tokenEndpoint: tokenUrl,
    subject: adminEmail,
    scopes: names.map((name) => scopeStart + name),
  };
}
