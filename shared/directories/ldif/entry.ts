import type {
  DirectoryIdentity,
  DirectoryReadResult,
  DirectoryStatus,
  IdentityKind,
  LastUse,
  identityEntry,
} from '#shared/domain/directory.ts';
import type { PrincipalType } from '#shared/domain/event.ts';
import { type JsonObject, arrayAt } from '#shared/domain/json.ts';
import { alias, loginAlias, textsOf } from '#shared/util/directory-fields.ts';
import { bounded } from '#shared/util/record-fields.ts';
import { fileTime, generalizedTime, guidText, sidText, shadowDay } from './values.ts';

/** Bits of `userAccountControl` (MS-ADTS 2.2.16). */
const disabled = 0x2;
const trustedMachine = 0x1000 | 0x2000;
const smartcard = 0x4_0000;

/** `lastLogonTimestamp` is written only when the one before is 9 to 14 days old (MS-ADTS, ms-DS-Logon-Time-Sync-Interval). */
const logonSyncHours = 14 * 24;

/** What one LDAP entry is: an account, a group, or neither. */
export function readEntry(record: JsonObject, dn: string, make: typeof identityEntry): DirectoryReadResult {
  const classes = new Set(textsOf(record['objectclass']).map((name) => name.toLowerCase()));
  const authority = domainOf(dn);
  if (
    ['group', 'groupofnames', 'groupofuniquenames', 'posixgroup', 'ipausergroup'].some((name) =>
      classes.has(name),
    )
  ) {
    const members = ['member', 'uniquemember', 'memberuid'].flatMap((name) => textsOf(record[name]));
    const name = first(record, 'cn');
    return { kind: 'entries', entries: [{ entry: 'group', authority, id: dn, name, members }] };
  }
  const type = typeOf(classes);
  if (type === null) return { kind: 'skip', reason: 'No account and no group.' };
  return { kind: 'entries', entries: [account(record, dn, type, classes, authority, make)] };
}

function account(
  record: JsonObject,
  dn: string,
  type: PrincipalType,
  classes: ReadonlySet<string>,
  authority: string | null,
  make: typeof identityEntry,
): DirectoryIdentity {
  const control = Number(first(record, 'useraccountcontrol') ?? Number.NaN);
  const isMachine = type === 'device' || (control & trustedMachine) !== 0;
  const groups = textsOf(record['memberof']).map(
    (group) => /^cn=((?:[^,\\]|\\.)+)/i.exec(group)?.[1] ?? group,
  );
  const uses = lastUses(record);
  const immutable = [
    guidText(value(record, 'objectguid')),
    first(record, 'entryuuid'),
    first(record, 'ipauniqueid'),
  ];
  const identifiers = immutable.filter((id) => id !== null);
  return make({
    id: identifiers[0] ?? dn,
    type: isMachine ? 'device' : type,
    kind: kindOf(record, type, isMachine, classes),
    authority,
    name: first(record, 'displayname') ?? first(record, 'cn') ?? first(record, 'uid') ?? dn,
    aliases: [
      ...identifiers.flatMap((id) => alias('immutable', id)),
      ...alias('immutable', sidText(value(record, 'objectsid')) ?? ''),
      ...alias('name', dn),
      ...alias('name', first(record, 'samaccountname') ?? ''),
      ...alias('name', first(record, 'uid') ?? ''),
      ...loginAlias(first(record, 'userprincipalname') ?? ''),
      ...loginAlias(first(record, 'krbprincipalname') ?? ''),
      ...textsOf(record['mail']).flatMap((mail) => alias('mail', mail)),
      ...alias('external', first(record, 'employeeid') ?? first(record, 'employeenumber') ?? ''),
    ],
    status: statusOf(record, control),
    created: generalizedTime(first(record, 'whencreated') ?? first(record, 'createtimestamp')),
    ends: fileTime(first(record, 'accountexpires')) ?? shadowDay(first(record, 'shadowexpire')),
    lastUses: uses,
    usesComplete: uses.some(({ source }) => source !== 'lastLogon'),
    mfa: Number.isNaN(control) || (control & smartcard) === 0 ? null : true,
    password: null,
    credentials: passwordOf(record, dn),
    owner: first(record, 'managedby') ?? first(record, 'owner'),
    manager: first(record, 'manager'),
    groups,
    privileged:
      first(record, 'admincount') === '1' ||
      groups.some((group) => /^(?:Domain|Enterprise|Schema) Admins$|^Administrators$/i.test(group)),
  });
}

/** With objectSid and without objectclass nothing is an account: contacts and organisational units are left out. */
function typeOf(classes: ReadonlySet<string>): PrincipalType | null {
  if ([...classes].some((name) => /^msds-(?:group|delegated)?managedserviceaccount$/.test(name)))
    return 'service';
  if (classes.has('computer') || classes.has('ipahost')) return 'device';
  if (classes.has('contact')) return null;
  const isPerson = ['user', 'inetorgperson', 'posixaccount', 'account', 'ipauser', 'simplesecurityobject'];
  return isPerson.some((name) => classes.has(name)) ? 'user' : null;
}

/** An account with a service principal name is there for a service: somebody asks Kerberos for tickets to it. */
function kindOf(
  record: JsonObject,
  type: PrincipalType,
  isMachine: boolean,
  classes: ReadonlySet<string>,
): IdentityKind | null {
  if (isMachine) return 'device';
  if (type === 'service') return 'service';
  if (arrayAt(record, 'serviceprincipalname').length > 0) return 'service';
  const isPerson =
    classes.has('inetorgperson') ||
    first(record, 'employeeid') !== null ||
    first(record, 'employeenumber') !== null;
  return isPerson ? 'human' : null;
}

function statusOf(record: JsonObject, control: number): DirectoryStatus | null {
  if (first(record, 'isdeleted')?.toUpperCase() === 'TRUE') return 'deleted';
  if (!Number.isNaN(control)) return (control & disabled) === 0 ? 'active' : 'disabled';
  const lock = first(record, 'nsaccountlock')?.toUpperCase();
  if (lock === 'TRUE' || first(record, 'pwdaccountlockedtime') === '000001010000Z') return 'disabled';
  return lock === 'FALSE' ? 'active' : null;
}

function lastUses(record: JsonObject): LastUse[] {
  const uses: LastUse[] = [];
  const add = (field: string, attribute: string, at: string | null, staleHours: number): void => {
    if (attribute in record)
      uses.push({ what: 'sign-in', at, staleHours, recordedSince: null, source: field });
  };
  const replicated = first(record, 'lastlogontimestamp');
  add('lastLogonTimestamp', 'lastlogontimestamp', fileTime(replicated), logonSyncHours);
  // Each domain controller keeps its own: it proves use, and its age proves nothing.
  add('lastLogon', 'lastlogon', fileTime(first(record, 'lastlogon')), logonSyncHours);
  add(
    'krbLastSuccessfulAuth',
    'krblastsuccessfulauth',
    generalizedTime(first(record, 'krblastsuccessfulauth')),
    0,
  );
  add('authTimestamp', 'authtimestamp', generalizedTime(first(record, 'authtimestamp')), 0);
  add('pwdLastSuccess', 'pwdlastsuccess', generalizedTime(first(record, 'pwdlastsuccess')), 0);
  return uses;
}

/** The password with its age; `pwdLastSet` 0 means that it has to be changed at the next sign-in. */
function passwordOf(record: JsonObject, dn: string): DirectoryIdentity['credentials'] {
  const set = fileTime(first(record, 'pwdlastset')) ?? generalizedTime(first(record, 'pwdchangedtime'));
  if (set === null) return [];
  return [
    {
      id: `${dn}#password`,
      type: 'password',
      status: 'active',
      created: set,
      rotated: set,
      expires: null,
      lastUse: null,
    },
  ];
}

function value(record: JsonObject, name: string): unknown {
  return arrayAt(record, name)[0];
}

function first(record: JsonObject, name: string): string | null {
  return bounded(arrayAt(record, name)[0]);
}

/** `DC=corp,DC=example` as `corp.example`; the suffix of the name in its own words where it has no such parts. */
export function domainOf(dn: string): string | null {
  const parts = [...dn.matchAll(/(?:^|,)\s*dc=((?:[^,\\]|\\.)+)/gi)].map((match) => match[1] ?? '');
  if (parts.length > 0) return parts.join('.').toLowerCase();
  return /(?:^|,)\s*(o=(?:[^,\\]|\\.)+)$/i.exec(dn)?.[1]?.toLowerCase() ?? null;
}
