import { identityCenterProvider, signInAudience } from '../names.ts';
import { workloadRole } from './caller.ts';
import { changing, reading } from './management-operations.ts';
import type { Operation } from './record.ts';

const administrators = 'arn:aws:iam::aws:policy/AdministratorAccess';
const roleNames = ['shipping-api', 'tracking', 'billing', 'portal', 'customs', 'quotes'] as const;

function globally(operation: Operation): Operation {
  return { ...operation, global: true };
}

function pickedRole(name: string): string {
  return workloadRole({ name });
}

/** Operations on identities and credentials, of everyday work and of the incident. */
export const identityOperations = {
  getCallerIdentity: reading('sts', 'GetCallerIdentity', 'ThrottlingException', () => ({
    parameters: 'null',
    target: '*',
  })),
  listRoles: globally(
    reading('iam', 'ListRoles', 'ThrottlingException', (_, caller) => ({
      parameters: '{"maxItems":1000}',
      target: `arn:aws:iam::${caller.account.id}:role/`,
    })),
  ),
  listUsers: globally(
    reading('iam', 'ListUsers', 'ThrottlingException', (_, caller) => ({
      parameters: '{"maxItems":1000}',
      target: `arn:aws:iam::${caller.account.id}:user/`,
    })),
  ),
  getRole: globally(
    reading('iam', 'GetRole', 'NoSuchEntityException', (random, caller) => {
      const role = pickedRole(random.pick(roleNames));
      return {
        parameters: `{"roleName":"${role}"}`,
        target: `arn:aws:iam::${caller.account.id}:role/${role}`,
      };
    }),
  ),
  listAttachedRolePolicies: globally(
    reading('iam', 'ListAttachedRolePolicies', 'NoSuchEntityException', (random, caller) => {
      const role = pickedRole(random.pick(roleNames));
      return {
        parameters: `{"roleName":"${role}"}`,
        target: `arn:aws:iam::${caller.account.id}:role/${role}`,
      };
    }),
  ),
  getAccountAuthorizationDetails: globally(
    reading('iam', 'GetAccountAuthorizationDetails', 'ThrottlingException', () => ({
      parameters: '{"maxItems":1000}',
      target: '*',
    })),
  ),
  listSecrets: reading('secretsmanager', 'ListSecrets', 'InvalidNextTokenException', () => ({
    parameters: '{"maxResults":100}',
    target: '*',
  })),
  listClusters: reading('eks', 'ListClusters', 'ServerException', (_, caller) => ({
    parameters: '{"maxResults":100}',
    target: `arn:aws:eks:${caller.region}:${caller.account.id}:cluster/*`,
  })),
  stopLogging: changing('cloudtrail', 'StopLogging', 'TrailNotFoundException', (_, caller) => {
    const arn = `arn:aws:cloudtrail:${caller.region}:${caller.account.id}:trail/organization-trail`;
    return { parameters: `{"name":"${arn}"}`, target: arn };
  }),
} satisfies Record<string, Operation>;

export interface AssumedRole {
  readonly name?: 'AssumeRole' | 'AssumeRoleWithSAML';
  readonly roleArn: string;
  readonly roleName: string;
  readonly roleId: string;
  readonly account: string;
  readonly sessionName: string;
  readonly accessKeyId: string;
  readonly expires: string;
  readonly token: string;
}

/** An AssumeRole call; the response names the new credentials, which is how later events are tied to it. */
export function assumeRole(role: AssumedRole): Operation {
  const name = role.name ?? 'AssumeRole';
  const isFederated = name === 'AssumeRoleWithSAML';
  const provider = isFederated ? `"principalArn":"${identityCenterProvider(role.account)}",` : '';
  const assertion = isFederated
    ? `,"subject":"${role.sessionName}","subjectType":"persistent","issuer":"https://portal.sso.eu-west-1.amazonaws.com/saml/assertion/d-93670a5c1e","audience":"${signInAudience}"`
    : '';
  return changing('sts', name, 'ThrottlingException', () => ({
    parameters: `{${provider}"roleArn":"${role.roleArn}","roleSessionName":"${role.sessionName}","durationSeconds":3600}`,
    response: `{"credentials":{"accessKeyId":"${role.accessKeyId}","sessionToken":"${role.token}","expiration":"${role.expires}"},"assumedRoleUser":{"assumedRoleId":"${role.roleId}:${role.sessionName}","arn":"arn:aws:sts::${role.account}:assumed-role/${role.roleName}/${role.sessionName}"}${assertion}}`,
    resources: `{"accountId":"${role.account}","type":"AWS::IAM::Role","ARN":"${role.roleArn}"}`,
    target: role.roleArn,
  }));
}

export function createUser(user: string, userId: string, created: string): Operation {
  return globally(
    changing('iam', 'CreateUser', 'EntityAlreadyExistsException', (_, caller) => {
      const arn = `arn:aws:iam::${caller.account.id}:user/${user}`;
      return {
        parameters: `{"userName":"${user}"}`,
        response: `{"user":{"path":"/","userName":"${user}","userId":"${userId}","arn":"${arn}","createDate":"${created}"}}`,
        target: arn,
      };
    }),
  );
}

export function createAccessKey(user: string, accessKeyId: string, created: string): Operation {
  return globally(
    changing('iam', 'CreateAccessKey', 'LimitExceededException', (_, caller) => ({
      parameters: `{"userName":"${user}"}`,
      response: `{"accessKey":{"userName":"${user}","accessKeyId":"${accessKeyId}","status":"Active","createDate":"${created}"}}`,
      target: `arn:aws:iam::${caller.account.id}:user/${user}`,
    })),
  );
}

export function createLoginProfile(user: string, created: string): Operation {
  return globally(
    changing('iam', 'CreateLoginProfile', 'EntityAlreadyExistsException', (_, caller) => ({
      parameters: `{"userName":"${user}","passwordResetRequired":false}`,
      response: `{"loginProfile":{"userName":"${user}","createDate":"${created}","passwordResetRequired":false}}`,
      target: `arn:aws:iam::${caller.account.id}:user/${user}`,
    })),
  );
}

export function attachAdministrator(user: string): Operation {
  return globally(
    changing('iam', 'AttachUserPolicy', 'NoSuchEntityException', (_, caller) => ({
      parameters: `{"userName":"${user}","policyArn":"${administrators}"}`,
      target: `arn:aws:iam::${caller.account.id}:user/${user}`,
    })),
  );
}
