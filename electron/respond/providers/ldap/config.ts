import { z } from 'zod';
import { endpointUrl } from '../../endpoint.ts';

/** How a directory is reached, and what its entries are called. */
export const ldapConfig = z.strictObject({
  /** `ldaps://host[:port]`; `ldap://` on this machine alone. */
  url: endpointUrl('ldaps'),
  /** Everything that may be acted on lies below. */
  baseDn: z.string().min(3).max(1_000),
  bindDn: z.string().min(3).max(1_000),
  /** Which rules hold: the password policy of OpenLDAP, or Active Directory. */
  flavor: z.enum(['openldap', 'active-directory']).default('openldap'),
  /** Members of this group may administer the directory: the last of them is never locked out. */
  adminGroupDn: z.string().max(1_000).default(''),
});
export type LdapConfig = z.output<typeof ldapConfig>;
