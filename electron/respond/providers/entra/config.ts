import { z } from 'zod';
import { endpointUrl } from '../../endpoint.ts';

/** One tenant, and the app registration that acts in it. */
export const entraConfig = z.strictObject({
  tenantId: z.guid().describe('directory (tenant) id'),
  clientId: z.guid().describe('application (client) id of the app that acts'),
  authority: endpointUrl('https')
    .default('https://login.microsoftonline.com')
    .describe('where tokens come from, in a national cloud'),
  graph: endpointUrl('https')
    .default('https://graph.microsoft.com')
    .describe('Microsoft Graph, in a national cloud'),
});
export type EntraConfig = z.output<typeof entraConfig>;
