import type { MissingControl, Target } from '#shared/domain/response.ts';
import {
  type CallContext,
  type Permission,
  type Provider,
  ProviderError,
  type ProviderIo,
  type ProviderType,
} from '../../provider.ts';
import { type LdapConfig, ldapConfig } from './config.ts';
import { LdapConnection } from './connection.ts';
import { LdapDirectory } from './directory.ts';
import { disableAction } from './disable.ts';
import { idAttribute, isLocked, textOf, userAttributes, valuesOf } from './entry.ts';
import { lockAction } from './lock.ts';
import { membershipAction } from './membership.ts';
import {
  disablePermission,
  lockPermission,
  memberPermission,
  readinessOf,
  resetPermission,
} from './readiness.ts';
import { resetPasswordAction } from './reset.ts';
import type { Token } from './tokens.ts';

const permissions: readonly Permission[] = [
  {
    name: 'read entries and operational attributes',
    neededFor: 'read',
    why: 'to find the account and read it back',
  },
  { name: lockPermission, neededFor: 'user.lock', why: 'to lock and unlock (OpenLDAP)' },
  {
    name: disablePermission,
    neededFor: 'user.disable',
    why: 'to disable and enable (Active Directory)',
  },
  {
    name: resetPermission,
    neededFor: 'user.reset-password-twice',
    why: 'to set the password twice (Active Directory, over TLS)',
  },
  {
    name: memberPermission,
    neededFor: 'membership.remove',
    why: 'to take the account out of groups and put it back',
  },
];

/** LDAP directories: OpenLDAP with the password policy overlay, and Active Directory. Proved on OpenLDAP and on Samba. */
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

const openConnections: MissingControl = {
  control: 'End of open connections',
  consequence: 'A connection that is already bound keeps its rights.',
  advice:
    'Close the connections at the applications or restart the directory server, and set idle time-outs.',
};

/** What an Active Directory account's groups mean for the plan. */
function accountControls(name: string, token: Token | null): MissingControl[] {
  if (token === null) {
    return [
      {
        control: `The groups of ${name}, also those through other groups (tokenGroups)`,
        consequence: 'Whether the account rules the domain, or is in Protected Users, is not known.',
        advice: 'Let the operator’s account read tokenGroups.',
      },
    ];
  }
  const found: MissingControl[] = [];
  if (token.ruling.length > 0) {
    found.push({
      control: `${name} rules the domain (${token.ruling.join(', ')}, also through other groups)`,
      consequence:
        'They may have read every password hash, that of krbtgt too, and can then make tickets of their own.',
      advice: 'Disable the account now; then set the password of krbtgt twice, at least ten hours apart.',
    });
  }
  if (!token.isProtected) {
    found.push({
      control: `${name} is not in Protected Users`,
      consequence: 'NTLM and credentials that computers have cached go on offline, and tickets live longer.',
      advice: 'Put accounts with many rights into Protected Users before the next incident.',
    });
  }
  return found;
}

function openLdap(config: LdapConfig, io: ProviderIo): Provider {
  const connection = new LdapConnection(config, io);
  const directory = new LdapDirectory(config, connection);
  const isAd = config.flavor === 'active-directory';
  const lock = lockAction(config, directory, io);
  const reset = resetPasswordAction(directory, io);
  const leave = membershipAction(config, directory, io);
  const whoami = async (call: CallContext): ReturnType<Provider['whoami']> => {
    const [base, operator] = [
      await connection.read(config.baseDn, userAttributes, call),
      await connection.read(config.bindDn, userAttributes, call),
    ];
    if (base === null) {
      const served = valuesOf(await connection.read('', ['namingContexts'], call), 'namingContexts');
      const names = served.length === 0 ? '' : ` The directory serves: ${served.join('; ')}.`;
      throw new ProviderError(
        'absent',
        `There is no baseDn “${config.baseDn}” that ${config.bindDn} may see.${names}`,
      );
    }
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
      const identity = await whoami(call);
      return { identity, ...(await readinessOf(config, connection, io, call)) };
    },
    resolve: (reference, call) => directory.resolve(reference, call),
    descendants: (target, call) =>
      target.kind === 'user' ? directory.memberships(target, call) : Promise.resolve([]),
    actions: async (target: Target, call) => {
      if (target.kind !== 'user') return { actions: [leave], missing: [] };
      if (!isAd) return { actions: [lock], missing: [openConnections] };
      const token = await directory.token(target, call);
      return {
        actions: [disableAction(config, directory, io, token), reset],
        missing: [openConnections, ...accountControls(target.name, token)],
      };
    },
    async administrators(call) {
      if (config.adminGroupDn === '') return null;
      const members = await directory.members(config.adminGroupDn, call);
      return members
        .filter((entry) => !isLocked(entry, config))
        .flatMap((entry) => textOf(entry, idAttribute(config)) ?? []);
    },
    sweep: (since, targets, call) => directory.createdBy(since, targets, call),
    close: () => connection.close(),
  };
}
