import type { Target } from '#shared/domain/response.ts';
import type { CallContext, Permission, Provider, ProviderIo, ProviderType } from '../../provider.ts';
import { type LdapConfig, ldapConfig } from './config.ts';
import { LdapConnection } from './connection.ts';
import { LdapDirectory } from './directory.ts';
import { disableAction } from './disable.ts';
import { idAttribute, textOf, userAttributes, valuesOf } from './entry.ts';
import { lockAction } from './lock.ts';
import { membershipAction } from './membership.ts';

const permissions: readonly Permission[] = [
  {
    name: 'read entries and operational attributes',
    neededFor: 'read',
    why: 'to find the account and read it back',
  },
  { name: 'write pwdAccountLockedTime', neededFor: 'user.lock', why: 'to lock and unlock (OpenLDAP)' },
  {
    name: 'write userAccountControl',
    neededFor: 'user.disable',
    why: 'to disable and enable (Active Directory)',
  },
  {
    name: 'write member',
    neededFor: 'membership.remove',
    why: 'to take the account out of groups and put it back',
  },
];

/** LDAP directories: OpenLDAP with the password policy overlay, and Active Directory. Proved on OpenLDAP. */
export const ldap: ProviderType<LdapConfig> = {
  type: 'ldap',
  title: 'LDAP directory',
  config: ldapConfig,
  secrets: [{ name: 'bindPassword', title: 'Password of the bind DN', required: true }],
  permissions,
  provedOn: 'real-server',
  origins: ({ url }) => [url],
  open: (config, io) => openLdap(config, io),
};

function openLdap(config: LdapConfig, io: ProviderIo): Provider {
  const connection = new LdapConnection(config, io);
  const directory = new LdapDirectory(config, connection);
  const disable =
    config.flavor === 'openldap' ? lockAction(config, directory, io) : disableAction(config, directory, io);
  const leave = membershipAction(config, directory, io);
  const whoami = async (call: CallContext): ReturnType<Provider['whoami']> => {
    const [base, operator] = [
      await connection.read(config.baseDn, userAttributes, call),
      await connection.read(config.bindDn, userAttributes, call),
    ];
    const id = idAttribute(config);
    const operatorId = textOf(operator, id);
    return {
      tenant: textOf(base, id) ?? config.baseDn,
      tenantName: config.baseDn,
      operator: operatorId === null ? [config.bindDn] : [operatorId],
      operatorName: config.bindDn,
    };
  };
  return {
    whoami,
    async test(call) {
      return {
        identity: await whoami(call),
        missing: [],
        // Access control lists are told by trying alone: the dry run of a plan tries them without a change.
        unchecked: permissions.filter(({ neededFor }) => neededFor !== 'read').map(({ name }) => name),
        notes:
          config.flavor === 'openldap'
            ? [
                'Locking needs the ppolicy overlay; respond execute --dry-run tries every change without making it.',
              ]
            : [
                'Changes reach other domain controllers on the schedule of the sites: configure each of them.',
              ],
      };
    },
    resolve: (reference, call) => directory.resolve(reference, call),
    descendants: (target, call) =>
      target.kind === 'user' ? directory.memberships(target, call) : Promise.resolve([]),
    actions: async (target: Target) => ({
      actions: target.kind === 'user' ? [disable] : [leave],
      missing:
        target.kind === 'user'
          ? [
              {
                control: 'End of open connections',
                consequence: 'A connection that is already bound keeps its rights.',
                advice:
                  'Close the connections at the applications or restart the directory server, and set idle time-outs.',
              },
            ]
          : [],
    }),
    async administrators(call) {
      if (config.adminGroupDn === '') return null;
      const group = await connection.read(config.adminGroupDn, ['member', 'uniqueMember'], call);
      const ids: string[] = [];
      for (const dn of [...valuesOf(group, 'member'), ...valuesOf(group, 'uniqueMember')]) {
        const id = textOf(await connection.read(dn, userAttributes, call), idAttribute(config));
        if (id !== null) ids.push(id);
      }
      return ids;
    },
    sweep: (since, targets, call) => directory.createdBy(since, targets, call),
    close: () => connection.close(),
  };
}
