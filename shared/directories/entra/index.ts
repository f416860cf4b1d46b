import {
  type DirectoryCredential,
  type DirectoryFormat,
  type DirectoryReadResult,
  type LastUse,
  identityEntry,
} from '#shared/domain/directory.ts';
import { type JsonObject, isObject, objectAt, textAt } from '#shared/domain/json.ts';
import { alias, loginAlias, objectsOf, textsOf, timeOf } from '#shared/util/directory-fields.ts';

/**
 * Users, service principals, applications and groups as Microsoft Graph lists them. `signInActivity` has the last
 * interactive and the last non-interactive sign-in and may lag by a day. Secrets and certificates of service
 * principals and applications have ids and ends and no last use of their own. Source: Microsoft Graph v1.0 reference.
 */
export const entra: DirectoryFormat = {
  name: 'entra',
  title: 'Microsoft Entra directory',
  system: 'entra',
  logs: ['entra-signin', 'entra-sign-in', 'entra-audit', 'azure-activity'],
  usable: true,
  authoritative: true,
  lists: ['user', 'service'],
  containerKeys: ['value'],
  detect(record) {
    if ('userPrincipalName' in record && 'id' in record) return 1;
    const isApplication = 'appId' in record && 'id' in record;
    if (
      isApplication &&
      ('passwordCredentials' in record || 'keyCredentials' in record || 'servicePrincipalType' in record)
    )
      return 1;
    return isApplication && 'displayName' in record ? 0.7 : 0;
  },
  createReader: () => ({
    read,
    finish: (envelope) => ({
      takenAt: null,
      complete: !('@odata.nextLink' in envelope),
      lastPage: false,
    }),
  }),
};

const lag = 24;

function read(record: JsonObject): DirectoryReadResult {
  const id = textAt(record, 'id');
  if (id === null) return { kind: 'problem', reason: 'Expected a Graph object with an id.' };
  if ('userPrincipalName' in record) return user(record, id);
  if ('appId' in record) return application(record, id);
  return { kind: 'problem', reason: 'Expected a user, a service principal or an application.' };
}

function user(record: JsonObject, id: string): DirectoryReadResult {
  const upn = textAt(record, 'userPrincipalName') ?? '';
  const isGuest = textAt(record, 'userType') === 'Guest' || upn.includes('#EXT#');
  const uses = signIns(objectAt(record, 'signInActivity'));
  const enabled = record['accountEnabled'];
  const isGone = textAt(record, 'deletedDateTime') !== null;
  return {
    kind: 'entries',
    entries: [
      identityEntry({
        id,
        type: 'user',
        kind: 'human',
        name: textAt(record, 'displayName') ?? upn,
        aliases: [
          ...alias('immutable', id),
          ...alias('immutable', record['securityIdentifier']),
          ...alias('immutable', record['onPremisesSecurityIdentifier']),
          ...(isGuest ? [] : loginAlias(upn)),
          ...alias('mail', record['mail'], !isGuest),
          ...alias('external', record['employeeId']),
        ],
        status: isGone ? 'deleted' : enabled === false ? 'disabled' : enabled === true ? 'active' : null,
        created: timeOf(record['createdDateTime']),
        ends: timeOf(record['employeeLeaveDateTime']),
        lastUses: uses ?? [],
        usesComplete: uses !== null,
        mfa: typeof record['isMfaRegistered'] === 'boolean' ? record['isMfaRegistered'] : null,
        manager:
          textAt(objectAt(record, 'manager'), 'userPrincipalName') ??
          textAt(objectAt(record, 'manager'), 'id'),
        groups: memberships(record),
        privileged: memberships(record).some((name) =>
          /^(?:Global|Privileged Role) Administrator$/.test(name),
        ),
      }),
    ],
  };
}

/** Null where the export has no sign-in activity at all: it takes a permission of its own. */
function signIns(activity: JsonObject | undefined): LastUse[] | null {
  if (activity === undefined) return null;
  const of = (field: string, what: string): LastUse => ({
    what,
    at: timeOf(activity[field]),
    staleHours: lag,
    recordedSince: '2019-12-01T00:00:00Z',
    source: `signInActivity.${field}`,
  });
  return [
    of('lastSignInDateTime', 'interactive sign-in'),
    of('lastNonInteractiveSignInDateTime', 'non-interactive sign-in'),
  ];
}

function application(record: JsonObject, id: string): DirectoryReadResult {
  const isPrincipal = 'servicePrincipalType' in record;
  const enabled = record['accountEnabled'];
  const [owner] = objectsOf(record['owners']);
  const uses = signIns(objectAt(record, 'lastSignInActivity') ?? objectAt(record, 'signInActivity'));
  return {
    kind: 'entries',
    entries: [
      identityEntry({
        id,
        type: 'service',
        authority: textAt(record, 'appOwnerOrganizationId'),
        kind: textAt(record, 'servicePrincipalType') === 'ManagedIdentity' ? 'workload' : 'service',
        name: textAt(record, 'displayName'),
        // The application and its principal in the tenant are one identity: they share the application's id.
        aliases: [
          ...alias('immutable', id),
          ...alias('immutable', record['appId']),
          ...textsOf(record['servicePrincipalNames']).flatMap((name) => alias('name', name)),
        ],
        status: enabled === false ? 'disabled' : isPrincipal || enabled === true ? 'active' : null,
        created: timeOf(record['createdDateTime']),
        lastUses: uses ?? [],
        usesComplete: uses !== null,
        credentials: [
          ...objectsOf(record['passwordCredentials']).flatMap((each) => credential(each, 'client-secret')),
          ...objectsOf(record['keyCredentials']).flatMap((each) => credential(each, 'certificate')),
        ],
        owner: owner === undefined ? null : (textAt(owner, 'userPrincipalName') ?? textAt(owner, 'id')),
        groups: memberships(record),
      }),
    ],
  };
}

function credential(record: JsonObject, type: string): DirectoryCredential[] {
  const id = textAt(record, 'keyId');
  if (id === null) return [];
  const created = timeOf(record['startDateTime']);
  return [
    {
      id,
      type,
      status: 'active',
      created,
      rotated: created,
      expires: timeOf(record['endDateTime']),
      lastUse: null,
    },
  ];
}

function memberships(record: JsonObject): string[] {
  const list = record['memberOf'];
  return Array.isArray(list)
    ? list.flatMap((item) => (isObject(item) ? textsOf(item['displayName']) : textsOf(item)))
    : [];
}
