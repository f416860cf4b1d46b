import type { ProviderType } from '../provider.ts';
import { ldap } from './ldap/index.ts';
import { postgresql } from './postgresql/index.ts';

/** Every provider type, by its name. A new one is a folder here and a line in this list. */
export const providerTypes: readonly ProviderType[] = [ldap, postgresql];
