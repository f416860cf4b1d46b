import {
  type DirectoryFormat,
  type DirectoryReadResult,
  type DirectoryStatus,
  identityEntry,
} from '#shared/domain/directory.ts';
import { type JsonObject, isObject, objectAt, textAt } from '#shared/domain/json.ts';
import { alias, loginAlias, objectsOf, textsOf, timeOf } from '#shared/util/directory-fields.ts';

/**
 * Users as the Okta API lists them (`GET /api/v1/users`, a JSON array of at most 200 a page), with `_embedded.factors`
 * and `_embedded.groups` where they were merged in. `lastLogin` is written at each sign-in; API tokens and sessions
 * that run on do not show in it. Source: Okta developer documentation, Users API.
 */
export const oktaUsers: DirectoryFormat = {
  name: 'okta-users',
  title: 'Okta users',
  system: 'okta',
  logs: ['okta-system-log'],
  usable: true,
  authoritative: true,
  lists: ['user'],
  containerKeys: [],
  detect(record) {
    const profile = record['profile'];
    if (!isObject(profile) || !('login' in profile)) return 0;
    return typeof record['status'] === 'string' &&
      'id' in record &&
      ('lastLogin' in record || '_links' in record)
      ? 1
      : 0.4;
  },
  createReader() {
    let users = 0;
    return {
      read(record) {
        users++;
        return read(record);
      },
      // A full page may be one of several.
      finish: () => ({
        takenAt: null,
        complete: users > 0 && users % 200 === 0 ? null : true,
        lastPage: false,
      }),
    };
  },
};

const statuses: Readonly<Record<string, DirectoryStatus>> = {
  ACTIVE: 'active',
  PASSWORD_EXPIRED: 'active',
  RECOVERY: 'active',
  LOCKED_OUT: 'active',
  STAGED: 'pending',
  PROVISIONED: 'pending',
  SUSPENDED: 'disabled',
  DEPROVISIONED: 'deleted',
};

function read(record: JsonObject): DirectoryReadResult {
  const profile = objectAt(record, 'profile');
  const [id, login] = [textAt(record, 'id'), textAt(profile, 'login')];
  if (id === null || login === null)
    return { kind: 'problem', reason: 'Expected an Okta user with an id and a login.' };
  const names = [textAt(profile, 'firstName'), textAt(profile, 'lastName')].filter((name) => name !== null);
  const lastLogin = timeOf(record['lastLogin']);
  const factors = factorsOf(record);
  const org = /^https:\/\/([^/]+)/.exec(
    textAt(objectAt(objectAt(record, '_links'), 'self'), 'href') ?? '',
  )?.[1];
  return {
    kind: 'entries',
    entries: [
      identityEntry({
        id,
        type: 'user',
        authority: org ?? null,
        kind: kindOf(textAt(profile, 'userType')),
        name: textAt(profile, 'displayName') ?? (names.length > 0 ? names.join(' ') : login),
        aliases: [
          ...alias('immutable', id),
          ...loginAlias(login),
          ...alias('mail', profile?.['email']),
          ...alias('external', profile?.['employeeNumber']),
        ],
        status: statuses[textAt(record, 'status') ?? ''] ?? null,
        created: timeOf(record['created']),
        lastUses: [
          { what: 'sign-in', at: lastLogin, staleHours: 0, recordedSince: null, source: 'lastLogin' },
        ],
        usesComplete: 'lastLogin' in record,
        mfa: factors === null ? null : factors.some((each) => textAt(each, 'status') === 'ACTIVE'),
        password:
          objectAt(record, 'credentials') === undefined
            ? null
            : 'password' in (objectAt(record, 'credentials') ?? {}),
        manager: textAt(profile, 'managerId') ?? textAt(profile, 'manager'),
        groups: objectsOf(objectAt(record, '_embedded')?.['groups']).flatMap((group) =>
          textsOf(objectAt(group, 'profile')?.['name']),
        ),
      }),
    ],
  };
}

/** Null where the export has none for anybody: that says nothing of the user's. */
function factorsOf(record: JsonObject): JsonObject[] | null {
  const factors = objectAt(record, '_embedded')?.['factors'];
  return factors === undefined ? null : objectsOf(factors);
}

function kindOf(type: string | null): 'service' | 'human' | 'break-glass' | null {
  if (type === null) return null;
  if (/service|bot|system/i.test(type)) return 'service';
  if (/break.?glass|emergency/i.test(type)) return 'break-glass';
  return /employee|contractor|human|person/i.test(type) ? 'human' : null;
}
