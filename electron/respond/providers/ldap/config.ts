import { z } from 'zod';
import { endpointUrl } from '../../endpoint.ts';

/** How a directory is reached, and what its entries are called. */
export const ldapConfig = z.strictObject({
  url: endpointUrl('ldaps').describe('ldaps://host[:port]; ldap:// on this machine alone'),
  baseDn: z.string().min(3).max(1_000).describe('everything that may be acted on lies below'),
  bindDn: z.string().min(3).max(1_000).describe('who acts'),
  flavor: z
    .enum(['openldap', 'active-directory'])
    .default('openldap')
    .describe('which rules hold: openldap (password policy) or active-directory'),
  adminGroupDn: z
    .string()
    .max(1_000)
    .default('')
    .describe('members of this group administer the directory: the last of them is never locked out'),
  ticketHours: z.coerce
    .number()
    .min(0.1)
    .max(240)
    .default(10)
    .describe('Active Directory: longest life of a Kerberos service ticket by the domain’s policy, in hours'),
});
export type LdapConfig = z.output<typeof ldapConfig>;
