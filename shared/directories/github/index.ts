import {
  type DirectoryFormat,
  type DirectoryReadResult,
  type LastUse,
  identityEntry,
} from '#shared/domain/directory.ts';
import { type JsonObject, objectAt, textAt } from '#shared/domain/json.ts';
import { alias, timeOf } from '#shared/util/directory-fields.ts';

/**
 * GitHub organisation: members, credential authorisations (SAML SSO) and fine-grained tokens with access to the
 * organisation. Lists are arrays of 30 to 100 a page. The mail of a profile is what its owner typed; the SAML name id of
 * an external identity is the identity provider's. Source: GitHub REST API, “Organizations”.
 */
export const github: DirectoryFormat = {
  name: 'github',
  title: 'GitHub organisation',
  system: 'github',
  logs: ['github-audit'],
  usable: true,
  authoritative: false,
  lists: ['user'],
  containerKeys: [],
  detect(record) {
    if (isAuthorization(record)) return 1;
    if (isToken(record)) return 1;
    return isMember(record) ? 1 : 0;
  },
  createReader() {
    let members = 0;
    let other = 0;
    return {
      read(record) {
        if (isMember(record)) members++;
        else other++;
        return read(record);
      },
      finish: () => ({
        takenAt: null,
        // A full page may be one of several; lists of credentials say nothing of who is a member.
        complete: members === 0 ? null : [30, 100].includes(members + other) ? null : true,
        lastPage: false,
      }),
    };
  },
};

function isAuthorization(record: JsonObject): boolean {
  return 'credential_id' in record && 'credential_type' in record;
}

function isToken(record: JsonObject): boolean {
  return 'token_id' in record && 'owner' in record && 'repository_selection' in record;
}

function isMember(record: JsonObject): boolean {
  return 'login' in record && 'node_id' in record && 'site_admin' in record;
}

function read(record: JsonObject): DirectoryReadResult {
  if (isAuthorization(record)) return authorization(record);
  if (isToken(record)) return token(record);
  const [login, id] = [textAt(record, 'login'), textAt(record, 'id')];
  if (login === null || id === null)
    return { kind: 'problem', reason: 'Expected a member with a login and an id.' };
  const twoFactor = record['two_factor_authentication'];
  const saml =
    objectAt(objectAt(record, 'samlIdentity'), 'nameId') ??
    textAt(objectAt(record, 'samlIdentity'), 'nameId');
  return {
    kind: 'entries',
    entries: [
      identityEntry({
        id,
        type: 'user',
        authority: organisationOf(record),
        kind: textAt(record, 'type') === 'Bot' ? 'service' : 'human',
        name: textAt(record, 'name') ?? login,
        aliases: [
          ...alias('immutable', id),
          ...alias('immutable', record['node_id']),
          ...alias('name', login),
          ...alias('mail', record['email'], false),
          ...(typeof saml === 'string' ? alias('login', saml) : []),
        ],
        status:
          record['suspended_at'] === undefined || record['suspended_at'] === null ? 'active' : 'disabled',
        created: timeOf(record['created_at']),
        mfa: typeof twoFactor === 'boolean' ? twoFactor : null,
        privileged: record['site_admin'] === true || textAt(record, 'role') === 'admin',
      }),
    ],
  };
}

function authorization(record: JsonObject): DirectoryReadResult {
  const [login, id] = [textAt(record, 'login'), textAt(record, 'credential_id')];
  if (login === null || id === null)
    return { kind: 'problem', reason: 'Expected a credential with its login and id.' };
  return holderOf(login, record, {
    id,
    type: textAt(record, 'credential_type') === 'SSH key' ? 'ssh-key' : 'personal-access-token',
    created: timeOf(record['credential_authorized_at']),
    expires: timeOf(record['authorized_credential_expires_at']),
    used: 'credential_accessed_at',
  });
}

function token(record: JsonObject): DirectoryReadResult {
  const owner = objectAt(record, 'owner');
  const [login, id] = [textAt(owner, 'login'), textAt(record, 'token_id')];
  if (login === null || id === null)
    return { kind: 'problem', reason: 'Expected a token with its owner and id.' };
  return holderOf(login, record, {
    id,
    type: 'fine-grained-token',
    created: timeOf(record['access_granted_at']),
    expires: timeOf(record['token_expires_at']),
    used: 'token_last_used_at',
    holder: textAt(owner, 'id'),
    expired: record['token_expired'] === true,
  });
}

function holderOf(
  login: string,
  record: JsonObject,
  credential: {
    readonly id: string;
    readonly type: string;
    readonly created: string | null;
    readonly expires: string | null;
    readonly used: string;
    readonly holder?: string | null;
    readonly expired?: boolean;
  },
): DirectoryReadResult {
  const { id, type, created, expires, used } = credential;
  const lastUse: LastUse = {
    what: type,
    at: timeOf(record[used]),
    staleHours: 24,
    recordedSince: null,
    source: used,
  };
  return {
    kind: 'entries',
    entries: [
      identityEntry({
        id: credential.holder ?? login,
        type: 'user',
        name: login,
        authority: null,
        aliases: [...alias('immutable', credential.holder ?? ''), ...alias('name', login)],
        lastUses: [lastUse],
        credentials: [
          {
            id,
            type,
            status: credential.expired === true ? 'inactive' : 'active',
            created,
            rotated: created,
            expires,
            lastUse,
          },
        ],
        credentialsOnly: true,
      }),
    ],
  };
}

function organisationOf(record: JsonObject): string | null {
  return textAt(objectAt(record, 'organization'), 'login');
}
