import type { ProviderType } from '../provider.ts';
import { aws } from './aws/index.ts';
import { cerbos } from './cerbos/index.ts';
import { ldap } from './ldap/index.ts';
import { oauth2 } from './oauth/index.ts';
import { postgresql } from './postgresql/index.ts';
import { scim } from './scim/index.ts';

/** Every provider type, by its name. A new one is a folder here and a line in this list. */
export const providerTypes: readonly ProviderType[] = [ldap, postgresql, oauth2, scim, cerbos, aws];
