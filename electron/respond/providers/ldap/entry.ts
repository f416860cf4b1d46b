import { type Entry, EqualityFilter, type Filter } from 'ldapts';
import type { FoundTarget } from '../../provider.ts';
import type { LdapConfig } from './config.ts';

/** Attributes that name an entry for good: a DN may be given to another one. */
const idAttributes = { openldap: 'entryUUID', 'active-directory': 'objectGUID' } as const;

/** Operational attributes have to be asked for by name. */
export const userAttributes = [
  'entryUUID',
  'objectGUID',
  'objectClass',
  'uid',
  'cn',
  'mail',
  'sAMAccountName',
  'userPrincipalName',
  'userAccountControl',
  'pwdAccountLockedTime',
  'createTimestamp',
  'whenCreated',
  'objectSid',
  'replPropertyMetaData',
];
/** Attributes that are bytes. */
export const byteAttributes = [
  'objectGUID',
  'objectSid',
  'tokenGroups',
  'mS-DS-CreatorSID',
  'replPropertyMetaData',
];

export function idAttribute({ flavor }: LdapConfig): string {
  return idAttributes[flavor];
}

/** The first value of an attribute as text; GUIDs in their usual form; null where there is none. */
export function textOf(entry: Entry | null, name: string): string | null {
  const value = valuesOf(entry, name)[0];
  return value ?? null;
}

export function valuesOf(entry: Entry | null, name: string): string[] {
  const value = entry?.[name];
  if (value === undefined) return [];
  const values = Array.isArray(value) ? value : [value];
  return values.map((item) => (Buffer.isBuffer(item) ? guidText(item) : item)).filter((item) => item !== '');
}

/** MS-DTYP section 2.3.4: the first three fields are little-endian. */
function guidText(bytes: Buffer): string {
  if (bytes.length !== 16) return bytes.toString('hex');
  const hex = [3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15]
    .map((index) => (bytes[index] ?? 0).toString(16).padStart(2, '0'))
    .join('');
  return [0, 8, 12, 16, 20].map((from, index) => hex.slice(from, [8, 12, 16, 20, 32][index])).join('-');
}

/** A value within a filter (RFC 4515 section 3). */
export function escapeFilter(value: string): string {
  return value.replaceAll(
    /[\\*()\0]/g,
    (character) => `\\${character.charCodeAt(0).toString(16).padStart(2, '0')}`,
  );
}

/** The same as text, within the filter of an assertion: for directories whose ids are text. */
export function idText(id: string): string {
  return `(entryUUID=${escapeFilter(id)})`;
}

/** A filter for an immutable id. Active Directory's GUIDs are bytes, which a filter in text would make characters of. */
export function idFilter(config: LdapConfig, id: string): Filter {
  if (config.flavor === 'openldap') return new EqualityFilter({ attribute: 'entryUUID', value: id });
  const bytes = Buffer.from(id.replaceAll('-', ''), 'hex');
  const value = Buffer.from(
    [3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15].map((at) => bytes[at] ?? 0),
  );
  return new EqualityFilter({ attribute: 'objectGUID', value });
}

export function userTarget(entry: Entry, config: LdapConfig): FoundTarget | null {
  const id = textOf(entry, idAttribute(config));
  if (id === null) return null;
  return {
    kind: 'user',
    id,
    name: entry.dn,
    parent: null,
    createdAt: timeOf(textOf(entry, 'createTimestamp') ?? textOf(entry, 'whenCreated')),
    managedBy: null,
    attributes: {
      login: textOf(entry, 'uid') ?? textOf(entry, 'sAMAccountName'),
      mail: textOf(entry, 'mail'),
      locked: isLocked(entry, config),
    },
  };
}

export const lockedForGood = '000001010000Z';
const disabledBit = 2;

export function isLocked(entry: Entry | null, { flavor }: LdapConfig): boolean {
  if (flavor === 'openldap') return textOf(entry, 'pwdAccountLockedTime') === lockedForGood;
  return (Number(textOf(entry, 'userAccountControl') ?? 0) & disabledBit) !== 0;
}

/** Generalized time (RFC 4517 section 3.3.13) as RFC 3339; null for anything else. */
function timeOf(text: string | null): string | null {
  const match = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(?:\.\d+)?Z$/.exec(text ?? '');
  if (match === null) return null;
  const [, year, month, day, hour, minute, second] = match;
  return `${year}-${month}-${day}T${hour}:${minute}:${second}Z`;
}
