import * as fc from 'fast-check';
import type { Json } from '#shared/domain/json.ts';

/** An account whose identities change by calls, each of which is logged as CloudTrail does. */

export const account = '111122223333';

export interface Logged {
  readonly name: string;
  readonly parameters: Record<string, Json>;
  readonly response: Json;
  readonly failed: boolean;
}

interface Holder {
  path: string;
  inline: Map<string, Json>;
  attached: Set<string>;
  boundary: string | null;
  groups: Set<string>;
  trust: Json;
  id: string;
}

export const actions = ['s3:GetObject', 'sqs:SendMessage', 'ec2:DescribeInstances'];
const kinds = ['User', 'Role', 'Group'] as const;
type Kind = (typeof kinds)[number];
const names: Record<Kind, string[]> = { User: ['ann', 'bob'], Role: ['app'], Group: ['dev', 'ops'] };
const managed = ['reader', 'writer'];
export const policyArn = (name: string) => `arn:aws:iam::${account}:policy/${name}`;

const statement = fc.record({
  Effect: fc.constantFrom('Allow', 'Allow', 'Deny'),
  Action: fc.constantFrom(...actions, '*'),
  Resource: fc.constant('*'),
});
const document = fc.record({
  Version: fc.constant('2012-10-17'),
  Statement: fc.array(statement, { minLength: 1, maxLength: 2 }),
});
const trust = fc.constantFrom('ann', 'bob', null).map((name) => ({
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow',
      Principal: { AWS: name === null ? account : `arn:aws:iam::${account}:user/${name}` },
      Action: 'sts:AssumeRole',
    },
  ],
}));

export const operation = fc.record({
  what: fc.constantFrom(
    'Put',
    'Delete',
    'Attach',
    'Detach',
    'Boundary',
    'NoBoundary',
    'Create',
    'Remove',
    'Join',
    'Leave',
    'Trust',
    'NewPolicy',
    'NewVersion',
    'Default',
    'DeletePolicy',
    'Rename',
  ),
  kind: fc.constantFrom(...kinds),
  pick: fc.nat(7),
  document,
  trust,
  encoded: fc.boolean(),
  failed: fc.constantFrom(false, false, false, true),
});
export type Operation = typeof operation extends fc.Arbitrary<infer T> ? T : never;

export class World {
  readonly holders = new Map<string, Holder>();
  readonly policies = new Map<string, { versions: Map<string, Json>; chosen: string; next: number }>();
  #ids = 0;

  constructor() {
    for (const kind of kinds) for (const name of names[kind]) this.#make(kind, name, '/');
    this.policies.set('reader', {
      versions: new Map([
        [
          'v1',
          { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 's3:GetObject', Resource: '*' }] },
        ],
      ]),
      chosen: 'v1',
      next: 2,
    });
  }

  /** Does it where it can be done; what was logged, or null. */
  apply({ what, kind, pick, document: given, trust: trusted, encoded, failed }: Operation): Logged | null {
    const name = names[kind][pick % names[kind].length] ?? '';
    const holder = this.holders.get(`${kind} ${name}`);
    const lower = kind.toLowerCase();
    const about = { [`${lower}Name`]: name };
    const text = encoded ? encodeURIComponent(JSON.stringify(given)) : JSON.stringify(given);
    const policy = managed[pick % managed.length] ?? '';
    const known = this.policies.get(policy);
    const log = (call: string, parameters: Record<string, Json>, act: () => Json | undefined): Logged => {
      const response = failed ? null : (act() ?? null);
      return { name: call, parameters, response, failed };
    };
    switch (what) {
      case 'Put':
        return holder === undefined
          ? null
          : log(
              `Put${kind}Policy`,
              { ...about, policyName: `p${pick % 2}`, policyDocument: text },
              () => void holder.inline.set(`p${pick % 2}`, given),
            );
      case 'Delete':
        return holder?.inline.has(`p${pick % 2}`) === true
          ? log(
              `Delete${kind}Policy`,
              { ...about, policyName: `p${pick % 2}` },
              () => void holder.inline.delete(`p${pick % 2}`),
            )
          : null;
      case 'Attach':
        return holder === undefined || known === undefined || holder.attached.has(policy)
          ? null
          : log(
              `Attach${kind}Policy`,
              { ...about, policyArn: policyArn(policy) },
              () => void holder.attached.add(policy),
            );
      case 'Detach':
        return holder?.attached.has(policy) === true
          ? log(
              `Detach${kind}Policy`,
              { ...about, policyArn: policyArn(policy) },
              () => void holder.attached.delete(policy),
            )
          : null;
      case 'Boundary':
        if (holder === undefined || known === undefined || kind === 'Group') return null;
        return log(
          `Put${kind}PermissionsBoundary`,
          { ...about, permissionsBoundary: policyArn(policy) },
          () => void (holder.boundary = policy),
        );
      case 'NoBoundary':
        if (holder === undefined || holder.boundary === null) return null;
        return log(`Delete${kind}PermissionsBoundary`, about, () => void (holder.boundary = null));
      case 'Create': {
        if (holder !== undefined) return null;
        const path = pick > 4 ? '/team/' : '/';
        const parameters = {
          ...about,
          path,
          ...(kind === 'Role' ? { assumeRolePolicyDocument: JSON.stringify(trusted) } : {}),
        };
        return log(`Create${kind}`, parameters, () => {
          const made = this.#make(kind, name, path);
          if (kind === 'Role') made.trust = trusted;
          return { [lower]: { arn: arnOf(kind, name, path), [`${lower}Id`]: made.id } };
        });
      }
      case 'Remove':
        if (holder === undefined || holder.inline.size + holder.attached.size + holder.groups.size > 0)
          return null;
        if (kind === 'Group' && [...this.holders.values()].some(({ groups }) => groups.has(name)))
          return null;
        return log(`Delete${kind}`, about, () => void this.holders.delete(`${kind} ${name}`));
      case 'Join': {
        const group = names.Group[pick % 2] ?? '';
        const user = this.holders.get(`User ${names.User[pick % 2] ?? ''}`);
        if (user === undefined || !this.holders.has(`Group ${group}`) || user.groups.has(group)) return null;
        return log(
          'AddUserToGroup',
          { userName: names.User[pick % 2] ?? '', groupName: group },
          () => void user.groups.add(group),
        );
      }
      case 'Leave': {
        const group = names.Group[pick % 2] ?? '';
        const user = this.holders.get(`User ${names.User[pick % 2] ?? ''}`);
        if (user?.groups.has(group) !== true) return null;
        return log(
          'RemoveUserFromGroup',
          { userName: names.User[pick % 2] ?? '', groupName: group },
          () => void user.groups.delete(group),
        );
      }
      case 'Trust': {
        const role = this.holders.get('Role app');
        if (role === undefined) return null;
        return log(
          'UpdateAssumeRolePolicy',
          { roleName: 'app', policyDocument: JSON.stringify(trusted) },
          () => void (role.trust = trusted),
        );
      }
      case 'NewPolicy':
        if (known !== undefined) return null;
        return log('CreatePolicy', { policyName: policy, policyDocument: text }, () => {
          this.policies.set(policy, { versions: new Map([['v1', given]]), chosen: 'v1', next: 2 });
          return { policy: { arn: policyArn(policy), defaultVersionId: 'v1' } };
        });
      case 'NewVersion':
        if (known === undefined) return null;
        return log(
          'CreatePolicyVersion',
          { policyArn: policyArn(policy), policyDocument: text, setAsDefault: pick % 2 === 0 },
          () => {
            const version = `v${known.next++}`;
            known.versions.set(version, given);
            if (pick % 2 === 0) known.chosen = version;
            return { policyVersion: { versionId: version, isDefaultVersion: pick % 2 === 0 } };
          },
        );
      case 'Default': {
        const version =
          known === undefined ? undefined : [...known.versions.keys()][pick % known.versions.size];
        if (known === undefined || version === undefined) return null;
        return log(
          'SetDefaultPolicyVersion',
          { policyArn: policyArn(policy), versionId: version },
          () => void (known.chosen = version),
        );
      }
      case 'DeletePolicy': {
        const isUsed = [...this.holders.values()].some(
          ({ attached, boundary }) => attached.has(policy) || boundary === policy,
        );
        if (known === undefined || isUsed) return null;
        return log('DeletePolicy', { policyArn: policyArn(policy) }, () => void this.policies.delete(policy));
      }
      case 'Rename': {
        const ann = this.holders.get('User ann');
        const to = this.holders.get('User bob') === undefined ? 'bob' : null;
        if (ann === undefined || to === null) return null;
        return log('UpdateUser', { userName: 'ann', newUserName: to }, () => {
          this.holders.delete('User ann');
          this.holders.set(`User ${to}`, ann);
        });
      }
      default:
        return null;
    }
  }

  /** As `iam:GetAccountAuthorizationDetails` answers. */
  details(): Record<string, Json> {
    const page: Record<string, Json[]> = {
      UserDetailList: [],
      RoleDetailList: [],
      GroupDetailList: [],
      Policies: [],
    };
    for (const [key, holder] of this.holders) {
      const [kind = '', name = ''] = key.split(' ');
      page[`${kind}DetailList`]?.push({
        [`${kind}Name`]: name,
        [`${kind}Id`]: holder.id,
        Path: holder.path,
        Arn: arnOf(kind, name, holder.path),
        [`${kind}PolicyList`]: [...holder.inline].map(([policy, content]) => ({
          PolicyName: policy,
          PolicyDocument: content,
        })),
        AttachedManagedPolicies: [...holder.attached].map((policy) => ({
          PolicyName: policy,
          PolicyArn: policyArn(policy),
        })),
        ...(kind === 'User' ? { GroupList: [...holder.groups] } : {}),
        ...(kind === 'Role' ? { AssumeRolePolicyDocument: rooted(holder.trust) } : {}),
        ...(holder.boundary === null
          ? {}
          : {
              PermissionsBoundary: {
                PermissionsBoundaryType: 'Policy',
                PermissionsBoundaryArn: policyArn(holder.boundary),
              },
            }),
      });
    }
    for (const [name, { versions, chosen }] of this.policies) {
      page['Policies']?.push({
        PolicyName: name,
        Arn: policyArn(name),
        DefaultVersionId: chosen,
        PolicyVersionList: [...versions].map(([id, content]) => ({
          VersionId: id,
          IsDefaultVersion: id === chosen,
          Document: content,
        })),
      });
    }
    return page;
  }

  #make(kind: Kind, name: string, path: string): Holder {
    const holder: Holder = {
      path,
      inline: new Map(),
      attached: new Set(),
      boundary: null,
      groups: new Set(),
      trust: { Version: '2012-10-17', Statement: [] },
      id: `AID${String(this.#ids++).padStart(17, '0')}`,
    };
    this.holders.set(`${kind} ${name}`, holder);
    return holder;
  }
}

function arnOf(kind: string, name: string, path: string): string {
  return `arn:aws:iam::${account}:${kind.toLowerCase()}${path}${name}`;
}

/** IAM stores an account id as its root's ARN. */
function rooted(document: Json): Json {
  return JSON.parse(
    JSON.stringify(document).replaceAll(`"${account}"`, `"arn:aws:iam::${account}:root"`),
  ) as Json;
}

export function record({ name, parameters, response, failed }: Logged, time: string): Record<string, Json> {
  return {
    eventVersion: '1.09',
    eventTime: time,
    eventSource: 'iam.amazonaws.com',
    eventName: name,
    recipientAccountId: account,
    userIdentity: { type: 'Root', accountId: account, arn: `arn:aws:iam::${account}:root` },
    requestParameters: parameters,
    responseElements: response,
    ...(failed ? { errorCode: 'ServiceFailureException' } : {}),
  };
}
