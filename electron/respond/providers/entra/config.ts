import { z } from 'zod';
import { endpointUrl } from '../../endpoint.ts';

/** One tenant, and the app registration that acts in it. */
export const entraConfig = z.strictObject({
  tenantId: z.guid(),
  /** Application (client) id of the app that acts. */
  clientId: z.guid(),
  /** Addresses of a national cloud, where the tenant is in one. */
  authority: endpointUrl('https').default('https://login.microsoftonline.com'),
  graph: endpointUrl('https').default('https://graph.microsoft.com'),
});
export type EntraConfig = z.output<typeof entraConfig>;
