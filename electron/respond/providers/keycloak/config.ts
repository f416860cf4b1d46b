import { z } from 'zod';
import { endpointUrl } from '../../endpoint.ts';

const realm = z.string().regex(/^[\w.-]{1,100}$/, 'is no name of a realm');

/** One realm, and the client that acts in it. */
export const keycloakConfig = z.strictObject({
  url: endpointUrl('https').describe('where /admin and /realms lie'),
  realm: realm.describe('the realm that is acted in'),
  clientId: z.string().min(1).max(255).describe('the client that acts, with a service account'),
  loginRealm: realm.optional().describe('realm that the client is registered in, where it is another one'),
});
export type KeycloakConfig = z.output<typeof keycloakConfig>;
