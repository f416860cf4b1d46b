import type { Entry } from 'ldapts';
import type { Reference, Target } from '#shared/domain/response.ts';
import type { CallContext, FoundTarget, Resolution, SweepFinding } from '../../provider.ts';
import type { LdapConfig } from './config.ts';
import type { LdapConnection } from './connection.ts';
import {
  escapeFilter,
  idAttribute,
  idFilter,
  textOf,
  userAttributes,
  userTarget,
  valuesOf,
} from './entry.ts';

const nameAttributes = ['uid', 'mail', 'sAMAccountName', 'userPrincipalName'];
const memberAttributes = ['member', 'uniqueMember'];

/** Finds entries. */
export class LdapDirectory {
  readonly connection: LdapConnection;
  readonly #config: LdapConfig;

  constructor(config: LdapConfig, connection: LdapConnection) {
    this.#config = config;
    this.connection = connection;
  }

  /** A user's entry by its immutable id: a DN may have been given to another one. */
  entryOf(target: Target, call: CallContext): Promise<Entry | null> {
    return this.entryById(target.id, call);
  }

  async entryById(id: string, call: CallContext): Promise<Entry | null> {
    const found = await this.connection.search(
      this.#config.baseDn,
      {
        scope: 'sub',
        filter: idFilter(this.#config, id),
        attributes: [...userAttributes, ...memberAttributes],
        explicitBufferAttributes: ['objectGUID'],
      },
      call,
    );
    return found[0] ?? null;
  }

  /** Entries that bear one of the names; more than one is ambiguous. */
  async resolve({ kind, id, aliases }: Reference, call: CallContext): Promise<Resolution> {
    if (kind !== 'identity') return { targets: [], ambiguous: [], notes: [] };
    const names = [...new Set([id, ...aliases])].filter((name) => name !== '');
    const found = new Map<string, FoundTarget>();
    for (const name of names) {
      for (const entry of await this.#named(name, call)) {
        const target = userTarget(entry, this.#config);
        if (target !== null) found.set(target.id, target);
      }
    }
    const targets = [...found.values()];
    return targets.length > 1
      ? { targets: [], ambiguous: targets, notes: [] }
      : { targets, ambiguous: [], notes: [] };
  }

  /** The groups that a user is a member of, as targets of their own. */
  async memberships(user: Target, call: CallContext): Promise<FoundTarget[]> {
    const entry = await this.entryOf(user, call);
    if (entry === null) return [];
    const member = escapeFilter(entry.dn);
    const groups = await this.connection.search(
      this.#config.baseDn,
      {
        scope: 'sub',
        filter: `(|${memberAttributes.map((name) => `(${name}=${member})`).join('')})`,
        attributes: ['entryUUID', 'objectGUID', 'cn', ...memberAttributes],
        explicitBufferAttributes: ['objectGUID'],
      },
      call,
    );
    return groups.flatMap((group): FoundTarget[] => {
      const id = textOf(group, idAttribute(this.#config));
      const attribute = memberAttributes.find((name) => valuesOf(group, name).length > 0) ?? 'member';
      if (id === null) return [];
      return [
        {
          kind: 'membership',
          id: `${id}/${user.id}`,
          name: `${entry.dn} in ${group.dn}`,
          parent: user.id,
          createdAt: null,
          managedBy: null,
          attributes: { attribute, member: entry.dn, group: group.dn },
        },
      ];
    });
  }

  /** Entries that the suspects made since then. */
  async createdBy(since: number, targets: readonly Target[], call: CallContext): Promise<SweepFinding[]> {
    if (this.#config.flavor !== 'openldap') return [];
    const time = new Date(since).toISOString().replaceAll(/[-:T]|\.\d+/g, '');
    const users = targets.filter(({ kind }) => kind === 'user');
    const found: SweepFinding[] = [];
    for (const user of users) {
      const made = await this.connection.search(
        this.#config.baseDn,
        {
          scope: 'sub',
          filter: `(&(createTimestamp>=${time})(creatorsName=${escapeFilter(user.name)}))`,
          attributes: userAttributes,
        },
        call,
      );
      for (const entry of made) {
        const target = userTarget(entry, this.#config);
        if (target !== null) found.push({ target, why: `Created by ${user.name} since the incident began.` });
      }
    }
    return found;
  }

  async #named(name: string, call: CallContext): Promise<Entry[]> {
    const options = { attributes: userAttributes, explicitBufferAttributes: ['objectGUID'] };
    const isDn = /^[a-z][\w-]*=[^,]+(?:,[a-z][\w-]*=[^,]+)+$/i.test(name);
    if (isDn) {
      const entry = await this.connection.read(name, userAttributes, call);
      return entry === null ? [] : [entry];
    }
    const isId = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(name);
    const value = escapeFilter(name);
    const filter = isId
      ? idFilter(this.#config, name)
      : `(|${nameAttributes.map((attribute) => `(${attribute}=${value})`).join('')})`;
    return this.connection.search(this.#config.baseDn, { scope: 'sub', filter, ...options }, call);
  }
}
