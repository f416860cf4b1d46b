import { z } from 'zod';
import { endpointUrl } from '../../endpoint.ts';

const number = z.string().regex(/^\d{1,20}$/, 'is no number');

/** One organization, and the GitHub App that acts in it. */
export const githubConfig = z.strictObject({
  organization: z.string().regex(/^[A-Za-z0-9-]{1,39}$/, 'is no name of an organization'),
  appId: number,
  installationId: number,
  /** `https://HOST/api/v3` for GitHub Enterprise Server. */
  url: endpointUrl('https').default('https://api.github.com'),
  /** A further app of the organization’s own that may have to be suspended; its key is a secret of its own. */
  managedAppId: number.optional(),
});
export type GithubConfig = z.output<typeof githubConfig>;
