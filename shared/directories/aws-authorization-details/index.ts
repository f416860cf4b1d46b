import {
  type DirectoryFormat,
  type DirectoryReadResult,
  type LastUse,
  identityEntry,
} from '#shared/domain/directory.ts';
import { type JsonObject, arrayAt, isObject, objectAt, textAt } from '#shared/domain/json.ts';
import { alias, objectsOf, textsOf, timeOf } from '#shared/util/directory-fields.ts';

/**
 * AWS `GetAccountAuthorizationDetails`: users, groups and roles of an account. It has no access keys and no last use
 * of users; a role's last use goes back 400 days and is minutes to hours late (IAM User Guide, “RoleLastUsed”).
 */
export const awsAuthorizationDetails: DirectoryFormat = {
  name: 'aws-authorization-details',
  title: 'AWS account authorization details',
  system: 'aws',
  logs: ['aws-cloudtrail'],
  usable: true,
  authoritative: false,
  lists: ['user', 'role'],
  containerKeys: ['UserDetailList', 'GroupDetailList', 'RoleDetailList', 'Policies'],
  detect(record) {
    if ('AssumeRolePolicyDocument' in record && 'RoleName' in record && 'Arn' in record) return 1;
    if (('UserName' in record || 'GroupName' in record) && 'AttachedManagedPolicies' in record) return 1;
    if ('UserDetailList' in record && 'RoleDetailList' in record) return 1;
    return 'PolicyVersionList' in record && 'DefaultVersionId' in record ? 0.9 : 0;
  },
  createReader: () => ({
    read,
    finish(envelope) {
      const truncated = envelope['IsTruncated'];
      return { takenAt: null, complete: truncated !== true, lastPage: truncated === false };
    },
  }),
};

const trackedDays = 400;

function read(record: JsonObject): DirectoryReadResult {
  if ('PolicyVersionList' in record) return { kind: 'skip', reason: 'Managed policy: part of a bundle.' };
  const arn = textAt(record, 'Arn');
  const account = /^arn:[^:]*:iam::(\d{12}):/.exec(arn ?? '')?.[1];
  if (arn === null || account === undefined) {
    if ('UserDetailList' in record) return { kind: 'skip', reason: 'An empty page.' };
    return { kind: 'problem', reason: 'Expected the ARN of a user, role or group with its account.' };
  }
  const created = timeOf(record['CreateDate']);
  const owner = ownerTag(record);
  if ('RoleName' in record) {
    return {
      kind: 'entries',
      entries: [
        identityEntry({
          id: arn,
          type: 'role',
          authority: account,
          name: textAt(record, 'RoleName'),
          aliases: [
            ...alias('arn', arn),
            ...alias('immutable', record['RoleId']),
            ...alias('name', `role/${textAt(record, 'RoleName') ?? ''}`),
          ],
          kind: roleKind(record),
          status: 'active',
          created,
          lastUses: roleUse(record),
          usesComplete: 'RoleLastUsed' in record,
          owner,
          privileged: isAdministrator(record),
        }),
      ],
    };
  }
  if ('UserName' in record) {
    return {
      kind: 'entries',
      entries: [
        identityEntry({
          id: arn,
          type: 'user',
          authority: account,
          name: textAt(record, 'UserName'),
          aliases: [
            ...alias('arn', arn),
            ...alias('immutable', record['UserId']),
            ...alias('name', `user/${textAt(record, 'UserName') ?? ''}`),
            // A name in the form of a mail is what somebody typed; nobody has verified it.
            ...mailTag(record),
          ],
          status: 'active',
          created,
          owner,
          groups: textsOf(record['GroupList']),
          privileged: isAdministrator(record),
        }),
      ],
    };
  }
  return {
    kind: 'entries',
    entries: [
      { entry: 'group', authority: account, id: arn, name: textAt(record, 'GroupName'), members: [] },
    ],
  };
}

/** `{}` where the role was not used within the tracking period; absent where the export leaves it out. */
function roleUse(record: JsonObject): LastUse[] {
  const found = objectAt(record, 'RoleLastUsed');
  if (found === undefined) return [];
  const at = timeOf(found['LastUsedDate']);
  return [
    {
      what: 'role',
      at,
      staleHours: 4,
      recordedSince: null,
      trackedDays,
      source: 'RoleLastUsed.LastUsedDate',
    },
  ];
}

function roleKind(record: JsonObject): 'service' | 'human' | 'workload' | null {
  const path = textAt(record, 'Path') ?? '';
  if (path.startsWith('/aws-service-role/')) return 'service';
  if (path.startsWith('/aws-reserved/sso.amazonaws.com/')) return 'human';
  const trust = JSON.stringify(record['AssumeRolePolicyDocument'] ?? '');
  return /(?:ec2|lambda|ecs-tasks|pods\.eks)\.amazonaws\.com/.test(trust) ? 'workload' : null;
}

function isAdministrator(record: JsonObject): boolean {
  return arrayAt(record, 'AttachedManagedPolicies').some(
    (policy) =>
      isObject(policy) &&
      /:policy\/(?:AdministratorAccess|IAMFullAccess)$/.test(textAt(policy, 'PolicyArn') ?? ''),
  );
}

function tag(record: JsonObject, names: RegExp): string | null {
  const found = objectsOf(record['Tags']).find((each) => names.test(textAt(each, 'Key') ?? ''));
  return found === undefined ? null : textAt(found, 'Value');
}

function ownerTag(record: JsonObject): string | null {
  return tag(record, /^(?:owner|owned-?by|contact|responsible)$/i);
}

function mailTag(record: JsonObject): ReturnType<typeof alias> {
  const mail = tag(record, /^(?:e-?mail|user-?mail)$/i);
  return mail === null ? [] : alias('mail', mail, false);
}
