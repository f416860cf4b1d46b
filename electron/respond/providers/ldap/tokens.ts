import type { Entry } from 'ldapts';

/** A security identifier as text (MS-DTYP 2.4.2.1): revision, number of parts, authority, parts. */
export function sidText(bytes: Buffer): string {
  const parts = bytes[1] ?? 0;
  if (bytes.length < 8 + parts * 4) return '';
  const authority = bytes.readUIntBE(2, 6);
  const rest = Array.from({ length: parts }, (_, index) => bytes.readUInt32LE(8 + index * 4));
  return ['S', bytes[0], authority, ...rest].join('-');
}

/** Values of an attribute that holds security identifiers; it has to be asked for as bytes. */
export function sidsOf(
  entry: Entry | null,
  name: 'objectSid' | 'tokenGroups' | 'mS-DS-CreatorSID',
): string[] {
  const value = entry?.[name];
  const values = value === undefined ? [] : Array.isArray(value) ? value : [value];
  return values.flatMap((item) => (Buffer.isBuffer(item) ? [sidText(item)] : [])).filter((sid) => sid !== '');
}

/** Well-known groups (MS-DTYP 2.4.2.4) whose members rule the domain. */
const ruling: Readonly<Record<number, string>> = {
  512: 'Domain Admins',
  516: 'Domain Controllers',
  518: 'Schema Admins',
  519: 'Enterprise Admins',
};
const builtIn: Readonly<Record<string, string>> = {
  'S-1-5-32-544': 'Administrators',
  'S-1-5-32-548': 'Account Operators',
  'S-1-5-32-549': 'Server Operators',
  'S-1-5-32-551': 'Backup Operators',
};
const protectedUsers = 525;

/** What `tokenGroups` says of an account: every group that it is in, also through other groups and its primary one. */
export interface Token {
  readonly groups: ReadonlySet<string>;
  /** Groups that rule the domain. */
  readonly ruling: readonly string[];
  /** Member of Protected Users: tickets of four hours, no NTLM, nothing cached. */
  readonly isProtected: boolean;
}

export function tokenOf(entry: Entry | null): Token | null {
  const sids = sidsOf(entry, 'tokenGroups');
  if (sids.length === 0) return null;
  const domain = sids.filter((sid) => sid.startsWith('S-1-5-21-'));
  const relative = domain.map((sid) => Number(sid.slice(sid.lastIndexOf('-') + 1)));
  return {
    groups: new Set(sids),
    ruling: [...relative.flatMap((id) => ruling[id] ?? []), ...sids.flatMap((sid) => builtIn[sid] ?? [])],
    isProtected: relative.includes(protectedUsers),
  };
}
