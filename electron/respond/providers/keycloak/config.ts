import { z } from 'zod';
import { endpointUrl } from '../../endpoint.ts';

const realm = z.string().regex(/^[\w.-]{1,100}$/, 'is no name of a realm');

/** One realm, and the client that acts in it. */
export const keycloakConfig = z.strictObject({
  /** Where `/admin` and `/realms` lie. */
  url: endpointUrl('https'),
  realm,
  clientId: z.string().min(1).max(255),
  /** Realm that the client is registered in, where it is another one. */
  loginRealm: realm.optional(),
});
export type KeycloakConfig = z.output<typeof keycloakConfig>;
