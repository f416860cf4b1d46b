import { AndFilter, type Entry, EqualityFilter, type Filter, GreaterThanEqualsFilter } from 'ldapts';
import type { Reference, Target } from '#shared/domain/response.ts';
import type { CallContext, FoundTarget, Resolution, SweepFinding } from '../../provider.ts';
import type { LdapConfig } from './config.ts';
import type { LdapConnection } from './connection.ts';
import {
  byteAttributes,
  escapeFilter,
  idAttribute,
  idFilter,
  textOf,
  userAttributes,
  userTarget,
  valuesOf,
} from './entry.ts';
import { type Token, sidsOf, tokenOf } from './tokens.ts';

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
        explicitBufferAttributes: byteAttributes,
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
        attributes: ['entryUUID', 'objectGUID', 'objectSid', 'cn', ...memberAttributes],
        explicitBufferAttributes: byteAttributes,
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
          attributes: {
            attribute,
            member: entry.dn,
            group: group.dn,
            sid: sidsOf(group, 'objectSid')[0] ?? null,
          },
        },
      ];
    });
  }

  /** Entries that the suspects made since then. */
  async createdBy(since: number, targets: readonly Target[], call: CallContext): Promise<SweepFinding[]> {
    const users = targets.filter(({ kind }) => kind === 'user');
    const isAd = this.#config.flavor === 'active-directory';
    const time = new Date(since).toISOString().replaceAll(/[-:T]|\.\d+/g, '');
    const found: SweepFinding[] = [];
    for (const user of users) {
      const by = isAd
        ? await this.#createdInAd(user, time, call)
        : `(&(createTimestamp>=${time})(creatorsName=${escapeFilter(user.name)}))`;
      if (by === null) continue;
      const made = await this.connection.search(
        this.#config.baseDn,
        {
          scope: 'sub',
          filter: by,
          attributes: userAttributes,
          explicitBufferAttributes: byteAttributes,
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

  /** Every group of an Active Directory account; null where the directory does not show it. */
  async token(user: Target, call: CallContext): Promise<Token | null> {
    const entry = await this.entryOf(user, call);
    // A constructed attribute: it is only there where a single entry is read by its name (MS-ADTS 3.1.1.4.5.19).
    return entry === null ? null : tokenOf(await this.connection.read(entry.dn, ['tokenGroups'], call));
  }

  /** Names of all members of a group; in Active Directory also those through other groups. */
  async members(group: string, call: CallContext): Promise<(Entry | null)[]> {
    if (this.#config.flavor === 'active-directory') {
      const filter = `(&(objectCategory=person)(memberOf:1.2.840.113556.1.4.1941:=${escapeFilter(group)}))`;
      return this.connection.search(
        this.#config.baseDn,
        { scope: 'sub', filter, attributes: userAttributes, explicitBufferAttributes: byteAttributes },
        call,
      );
    }
    const entry = await this.connection.read(group, memberAttributes, call);
    const names = memberAttributes.flatMap((attribute) => valuesOf(entry, attribute));
    const found: (Entry | null)[] = [];
    for (const dn of names) found.push(await this.connection.read(dn, userAttributes, call));
    return found;
  }

  /** Who made an object is kept only where the right to do so was the maker's own quota (MS-ADTS 3.1.1.5.2.1). */
  async #createdInAd(user: Target, time: string, call: CallContext): Promise<Filter | null> {
    const sid = (await this.entryOf(user, call))?.['objectSid'];
    if (!Buffer.isBuffer(sid)) return null;
    const since = new GreaterThanEqualsFilter({
      attribute: 'whenCreated',
      value: time.replace('Z', '.0Z'),
    });
    // As bytes: a filter in text would make characters of them.
    const by = new EqualityFilter({ attribute: 'mS-DS-CreatorSID', value: sid });
    return new AndFilter({ filters: [since, by] });
  }

  async #named(name: string, call: CallContext): Promise<Entry[]> {
    const options = { attributes: userAttributes, explicitBufferAttributes: byteAttributes };
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
