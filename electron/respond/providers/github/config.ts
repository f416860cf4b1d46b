import { z } from 'zod';
import { endpointUrl } from '../../endpoint.ts';

const number = z.string().regex(/^\d{1,20}$/, 'is no number');

/** One organization, and the GitHub App that acts in it. */
export const githubConfig = z.strictObject({
  organization: z
    .string()
    .regex(/^[A-Za-z0-9-]{1,39}$/, 'is no name of an organization')
    .describe('login of the organization'),
  appId: number.describe('number of the GitHub App that acts'),
  installationId: number.describe('number of its installation in the organization'),
  url: endpointUrl('https')
    .default('https://api.github.com')
    .describe('https://HOST/api/v3 for GitHub Enterprise Server'),
  managedAppId: number
    .optional()
    .describe(
      'a further app of the organization’s own that may have to be suspended; its key is a secret too',
    ),
});
export type GithubConfig = z.output<typeof githubConfig>;
