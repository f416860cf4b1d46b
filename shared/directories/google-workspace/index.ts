import {
  type DirectoryFormat,
  type DirectoryReadResult,
  type LastUse,
  identityEntry,
} from '#shared/domain/directory.ts';
import { type JsonObject, objectAt, textAt } from '#shared/domain/json.ts';
import { alias, booleanOf, loginAlias, objectsOf, textsOf, timeOf } from '#shared/util/directory-fields.ts';

/**
 * Google Workspace users: Directory API (`users.list`) or the console's CSV. `lastLoginTime` is 1970 for “never”; the
 * console writes local times without a zone, so that its last sign-in may be most of a day later. Sources: Admin SDK
 * Directory API reference; Workspace Admin Help, “Download a list of users”.
 */
export const googleWorkspace: DirectoryFormat = {
  name: 'google-workspace',
  title: 'Google Workspace users',
  system: 'google',
  logs: ['google-workspace-login', 'google-workspace-admin', 'gcp-audit'],
  usable: true,
  authoritative: true,
  lists: ['user'],
  containerKeys: ['users'],
  detect(record, shape) {
    if (shape === 'row') return emailColumn(record) === null || !hasColumn(record, 'Last Sign In') ? 0 : 1;
    if (record['kind'] === 'admin#directory#user') return 1;
    return 'primaryEmail' in record && ('isAdmin' in record || 'suspended' in record) ? 0.9 : 0;
  },
  createReader: () => ({
    read: (record, shape) => (shape === 'row' ? row(record) : user(record)),
    finish: (envelope) => ({ takenAt: null, complete: !('nextPageToken' in envelope), lastPage: false }),
  }),
};

function user(record: JsonObject): DirectoryReadResult {
  const [id, mail] = [textAt(record, 'id'), textAt(record, 'primaryEmail')];
  if (id === null || mail === null) {
    return { kind: 'problem', reason: 'Expected a Workspace user with an id and a primary address.' };
  }
  const relation = objectsOf(record['relations']).find((each) => textAt(each, 'type') === 'manager');
  const lastLogin: LastUse = {
    what: 'sign-in',
    at: timeOf(record['lastLoginTime']),
    staleHours: 0,
    recordedSince: null,
    source: 'lastLoginTime',
  };
  const isDeleted = textAt(record, 'deletionTime') !== null;
  return {
    kind: 'entries',
    entries: [
      identityEntry({
        id,
        type: 'user',
        authority: textAt(record, 'customerId'),
        kind: 'human',
        name: textAt(objectAt(record, 'name'), 'fullName') ?? mail,
        aliases: [
          ...alias('immutable', id),
          ...loginAlias(mail),
          ...textsOf(record['aliases']).flatMap((each) => alias('mail', each)),
          ...objectsOf(record['externalIds']).flatMap((each) => alias('external', each['value'])),
        ],
        status: isDeleted
          ? 'deleted'
          : record['suspended'] === true || record['archived'] === true
            ? 'disabled'
            : 'active',
        created: timeOf(record['creationTime']),
        lastUses: [lastLogin],
        usesComplete: 'lastLoginTime' in record,
        mfa: booleanOf(record['isEnrolledIn2Sv']),
        password: null,
        manager: relation === undefined ? null : textAt(relation, 'value'),
        privileged: record['isAdmin'] === true,
      }),
    ],
  };
}

/** Columns are `Name [Required]`, `Name [READ ONLY]` or `Name`. */
function column(record: JsonObject, name: string): string | null {
  const key = Object.keys(record).find(
    (each) => each.replace(/\s*\[[^\]]*\]$/, '').toLowerCase() === name.toLowerCase(),
  );
  return key === undefined ? null : textAt(record, key);
}

function hasColumn(record: JsonObject, name: string): boolean {
  return Object.keys(record).some((each) => each.toLowerCase().startsWith(name.toLowerCase()));
}

function emailColumn(record: JsonObject): string | null {
  return hasColumn(record, 'Email Address') ? 'Email Address' : null;
}

function row(record: JsonObject): DirectoryReadResult {
  const mail = column(record, 'Email Address');
  if (mail === null) return { kind: 'problem', reason: 'Expected an address in the column “Email Address”.' };
  const status = (column(record, 'Status') ?? '').toLowerCase();
  const names = [column(record, 'First Name'), column(record, 'Last Name')].filter((name) => name !== null);
  return {
    kind: 'entries',
    entries: [
      identityEntry({
        id: mail,
        type: 'user',
        kind: 'human',
        name: names.length > 0 ? names.join(' ') : mail,
        aliases: [...loginAlias(mail), ...alias('external', column(record, 'Employee ID') ?? '')],
        status: status === '' ? null : status === 'active' ? 'active' : 'disabled',
        created: timeOf(column(record, 'Creation Time') ?? ''),
        lastUses: [
          {
            what: 'sign-in',
            at: consoleTime(column(record, 'Last Sign In')),
            staleHours: 26,
            recordedSince: null,
            source: 'Last Sign In',
          },
        ],
        usesComplete: true,
        mfa: booleanOf(column(record, '2sv Enrolled') ?? ''),
        manager: column(record, 'Manager Email'),
        privileged: /super admin/i.test(column(record, 'Admin Role') ?? ''),
      }),
    ],
  };
}

/** `2024/05/01 10:11:12` without a zone; `Never logged in`. */
function consoleTime(text: string | null): string | null {
  const match = /^(\d{4})[/-](\d\d)[/-](\d\d)[ T](\d\d:\d\d:\d\d)/.exec(text ?? '');
  return match === null ? timeOf(text ?? '') : timeOf(`${match[1]}-${match[2]}-${match[3]}T${match[4]}Z`);
}
