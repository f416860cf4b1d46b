import type { cloudresourcemanager_v3 } from '@googleapis/cloudresourcemanager';
import type { iam_v1, iam_v2 } from '@googleapis/iam';
import { z } from 'zod';
import { type JsonObject, arrayAt, isObject, textAt } from '#shared/domain/json.ts';
import { endpointUrl } from '../../../endpoint.ts';
import { type CallContext, ProviderError, type ProviderIo } from '../../../provider.ts';
import { oneAtATime } from '../../../one-at-a-time.ts';
import { SdkCalls } from '../../../sdk/sdk-calls.ts';
import { asObject, clientOptions, googleTokens, plain, said } from '../access.ts';

export const cloudConfig = z.strictObject({
  clientEmail: z.email().describe('the service account that acts'),
  project: z
    .string()
    .regex(/^[a-z][a-z0-9-]{4,28}[a-z0-9]$/, 'is no id of a project')
    .describe('the project whose service accounts are looked after'),
  resources: z
    .string()
    .regex(/^(?:(?:organizations|folders|projects)\/[a-z0-9-]+(?:,|$))+$/, 'is no list of resources')
    .optional()
    .describe(
      'further places whose policies may name the suspect, e.g. organizations/123,folders/45,projects/other',
    ),
  denyPolicy: z
    .string()
    .regex(
      /^policies\/cloudresourcemanager\.googleapis\.com%2F(?:organizations|folders|projects)%2F[a-z0-9-]+\/denypolicies\/[a-z0-9.-]+$/,
    )
    .optional()
    .describe(
      'a deny policy that was prepared, whose first rule suspects are added to, e.g. policies/cloudresourcemanager.googleapis.com%2Forganizations%2F123/denypolicies/quarantine',
    ),
  iamUrl: endpointUrl('https').default('https://iam.googleapis.com').describe('the IAM API'),
  resourceManagerUrl: endpointUrl('https')
    .default('https://cloudresourcemanager.googleapis.com')
    .describe('the Resource Manager API'),
  tokenUrl: endpointUrl('https')
    .default('https://oauth2.googleapis.com/token')
    .describe('where tokens come from'),
});
export type CloudConfig = z.output<typeof cloudConfig>;

export interface CloudClients {
  readonly accounts: iam_v1.Iam;
  readonly deny: iam_v2.Iam;
  readonly resources: cloudresourcemanager_v3.Cloudresourcemanager;
}

const mostPages = 100;

/** A project's service accounts and the policies around it, through Google's clients. */
export class CloudProject {
  readonly calls: SdkCalls<CloudClients>;
  /** Around every change of a policy, which is read and written whole with its etag. */
  readonly alone = oneAtATime();
  readonly #config: CloudConfig;

  constructor(config: CloudConfig, io: ProviderIo) {
    this.#config = config;
    const tokens = googleTokens(io, {
      clientEmail: config.clientEmail,
      tokenEndpoint: config.tokenUrl,
      subject: null,
      scopes: ['https://www.googleapis.com/auth/cloud-platform'],
    });
    this.calls = new SdkCalls<CloudClients>({
      io,
      who: 'Google Cloud',
      async open(fetch, call) {
        const [{ iam }, { cloudresourcemanager }, token] = await Promise.all([
          import('@googleapis/iam'),
          import('@googleapis/cloudresourcemanager'),
          tokens.get(call),
        ]);
        const options = clientOptions(fetch, token);
        return {
          accounts: iam({ version: 'v1', rootUrl: `${config.iamUrl}/`, ...options }),
          deny: iam({ version: 'v2', rootUrl: `${config.iamUrl}/`, ...options }),
          resources: cloudresourcemanager({
            version: 'v3',
            rootUrl: `${config.resourceManagerUrl}/`,
            ...options,
          }),
        };
      },
      said,
      plain,
      expired: () => tokens.forget(),
    });
  }

  iamAddress(path: string): string {
    return `${this.#config.iamUrl}/v1/${path}`;
  }

  resourceAddress(path: string): string {
    return `${this.#config.resourceManagerUrl}/v3/${path}`;
  }

  /** By address or unique id; null where there is none. The wildcard `projects/-` would answer 403 instead. */
  account(key: string, call: CallContext, project = this.#config.project): Promise<JsonObject | null> {
    const name = `projects/${project}/serviceAccounts/${key}`;
    return this.calls.find('GET serviceAccounts', call, async ({ accounts }) =>
      asObject((await accounts.projects.serviceAccounts.get({ name })).data),
    );
  }

  async accounts(call: CallContext): Promise<JsonObject[]> {
    const name = `projects/${this.#config.project}`;
    const found: JsonObject[] = [];
    let pageToken: string | null = null;
    for (let page = 0; page < mostPages; page++) {
      const more = pageToken === null ? {} : { pageToken };
      const answer: JsonObject = await this.calls.read('GET serviceAccounts', call, async ({ accounts }) =>
        asObject((await accounts.projects.serviceAccounts.list({ name, pageSize: 100, ...more })).data),
      );
      found.push(...arrayAt(answer, 'accounts').filter(isObject));
      pageToken = textAt(answer, 'nextPageToken');
      if (pageToken === null) return found;
    }
    throw new ProviderError('protocol', 'The project has more service accounts than are read.');
  }

  /** Keys that people made; those that Google manages cannot be had by anybody. */
  async keys(uniqueId: string, call: CallContext): Promise<JsonObject[]> {
    const name = `projects/${this.#config.project}/serviceAccounts/${uniqueId}`;
    const answer = await this.calls.find('GET keys', call, async ({ accounts }) =>
      asObject(
        (await accounts.projects.serviceAccounts.keys.list({ name, keyTypes: ['USER_MANAGED'] })).data,
      ),
    );
    return arrayAt(answer ?? undefined, 'keys').filter(isObject);
  }

  /** An allow policy with its conditions, which only version 3 shows. */
  policy(resource: string, call: CallContext): Promise<JsonObject> {
    const request = { resource, requestBody: { options: { requestedPolicyVersion: 3 } } };
    return this.calls.read(`POST ${resource}:getIamPolicy`, call, async ({ resources }) =>
      asObject((await kindOf(resources, resource).getIamPolicy(request)).data),
    );
  }

  /** Which of these permissions the operator has on a resource. */
  async held(
    resource: string,
    permissions: readonly string[],
    call: CallContext,
  ): Promise<readonly string[]> {
    const answer = await this.calls.read(`POST ${resource}:testIamPermissions`, call, async ({ resources }) =>
      asObject(
        (
          await kindOf(resources, resource).testIamPermissions({
            resource,
            requestBody: { permissions: [...permissions] },
          })
        ).data,
      ),
    );
    return arrayAt(answer, 'permissions').map(String);
  }

  resources(): string[] {
    const further = this.#config.resources?.split(',').filter((resource) => resource !== '') ?? [];
    return [...new Set([`projects/${this.#config.project}`, ...further])];
  }
}

/** Policies of the three kinds of resource are called alike. */
export function kindOf(
  { organizations, folders, projects }: cloudresourcemanager_v3.Cloudresourcemanager,
  resource: string,
): Pick<cloudresourcemanager_v3.Resource$Projects, 'getIamPolicy' | 'setIamPolicy' | 'testIamPermissions'> {
  if (resource.startsWith('organizations/')) return organizations;
  return resource.startsWith('folders/') ? folders : projects;
}
