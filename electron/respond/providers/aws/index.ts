import { SimulatePrincipalPolicyCommand } from '@aws-sdk/client-iam';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import type { MissingControl, Target } from '#shared/domain/response.ts';
import type {
  CallContext,
  FoundTarget,
  Permission,
  Provider,
  ProviderIo,
  ProviderType,
} from '../../provider.ts';
import { sweepParts } from '../../sweep-parts.ts';
import { awsClients, readError } from './clients.ts';
import { type AwsConfig, awsConfig } from './config.ts';
import { keyAction, loginProfileAction } from './credentials.ts';
import { denyUserAction, revokeSessionsAction } from './deny-policy.ts';
import {
  deactivateCredentialAction,
  otherCredentialPermissions,
  otherCredentials,
  unlistedCredentials,
} from './other-credentials.ts';
import {
  accessKeys,
  getRole,
  getUser,
  isName,
  keyTarget,
  namesOf,
  roleTarget,
  rolesCreatedSince,
  userTarget,
  usersCreatedSince,
} from './principals.ts';
import { trustCreatedSince, trustPermissions } from './trust.ts';

const permissions: readonly Permission[] = [
  { name: 'iam:GetUser', neededFor: 'read', why: 'to find users and their immutable ids' },
  { name: 'iam:GetRole', neededFor: 'read', why: 'to find roles and their immutable ids' },
  { name: 'iam:ListAccessKeys', neededFor: 'read', why: 'to find every key of a user' },
  { name: 'iam:ListUsers', neededFor: 'read', why: 'to find users that were made meanwhile' },
  { name: 'iam:ListRoles', neededFor: 'read', why: 'to find roles that were made meanwhile' },
  { name: 'iam:GetUserPolicy', neededFor: 'read', why: 'to read the deny back' },
  { name: 'iam:GetRolePolicy', neededFor: 'read', why: 'to read the revocation of sessions back' },
  { name: 'iam:GetLoginProfile', neededFor: 'read', why: 'to see whether there is a console password' },
  { name: 'iam:PutUserPolicy', neededFor: 'user.deny', why: 'to deny the user' },
  { name: 'iam:DeleteUserPolicy', neededFor: 'user.deny', why: 'to take the deny away again' },
  { name: 'iam:PutRolePolicy', neededFor: 'role.revoke-sessions', why: 'to deny older sessions' },
  { name: 'iam:DeleteRolePolicy', neededFor: 'role.revoke-sessions', why: 'to take that away again' },
  {
    name: 'iam:UpdateAccessKey',
    neededFor: 'access-key.deactivate',
    why: 'to make keys inactive and active',
  },
  {
    name: 'iam:DeleteLoginProfile',
    neededFor: 'user.delete-login-profile',
    why: 'to take the password away',
  },
  ...otherCredentialPermissions,
  ...trustPermissions,
];

const noQuarantine: MissingControl = {
  control: 'Quarantine by a service control policy',
  consequence:
    'Until the deny has spread, somebody with rights over IAM in the account can take it away and make new keys.',
  advice:
    'Prepare a service control policy in the management account that denies everything to the principals it names, and add the suspect there first.',
};

/** AWS IAM users, keys and roles of one account. */
export const aws: ProviderType<AwsConfig> = {
  type: 'aws',
  title: 'AWS IAM',
  config: awsConfig,
  secrets: [{ name: 'secretAccessKey', title: 'Secret access key of the responder', required: true }],
  permissions,
  provedOn: 'contract-fake',
  origins: ({ iamEndpoint, stsEndpoint }) => [new URL(iamEndpoint).origin, new URL(stsEndpoint).origin],
  open: (config, io) => openAws(config, io),
};

function openAws(config: AwsConfig, io: ProviderIo): Provider {
  const clients = awsClients(config, io);
  const userActions = [denyUserAction(clients, io), loginProfileAction(clients, io)];
  const roleActions = [revokeSessionsAction(clients, io)];
  const keyActions = [keyAction(clients, io)];
  const caller = async ({ signal }: CallContext) => {
    try {
      return await clients.sts.send(new GetCallerIdentityCommand({}), { abortSignal: signal });
    } catch (thrown) {
      throw readError(thrown);
    }
  };
  const whoami = async (call: CallContext): ReturnType<Provider['whoami']> => {
    const { Account: account = '', Arn: arn = '', UserId: id = '' } = await caller(call);
    // `AROA…:session` of a role session: the role is the operator's too.
    return {
      tenant: account,
      tenantName: `account ${account}`,
      operator: [...new Set([id, id.split(':')[0] ?? id, config.accessKeyId])],
      operatorName: arn,
    };
  };
  return {
    whoami,
    async test(call) {
      const identity = await whoami(call);
      const { missing, unchecked } = await simulate(identity.operatorName, call);
      return {
        identity,
        missing,
        unchecked,
        notes: ['Simulation does not know service control policies with conditions.'],
      };
    },
    async resolve(reference, call) {
      const found = new Map<string, FoundTarget>();
      if (reference.kind === 'credential' && reference.id.startsWith('AKIA')) {
        for (const { name } of namesOf({ ...reference, id: '' })) {
          const user = isName(name) ? await getUser(clients, name, call) : null;
          if (user === null) continue;
          const keys = await accessKeys(clients, name, call);
          const key = keys.find(({ AccessKeyId: id }) => id === reference.id);
          if (key !== undefined) found.set(reference.id, keyTarget(key, { id: user.UserId ?? '' }));
        }
      }
      for (const { kind, name } of reference.kind === 'credential' ? [] : namesOf(reference)) {
        if (!isName(name)) continue;
        const user = kind === 'role' ? null : await getUser(clients, name, call);
        const role = kind === 'user' ? null : await getRole(clients, name, call);
        if (user !== null) found.set(user.UserId ?? '', userTarget(user));
        if (role !== null) found.set(role.RoleId ?? '', roleTarget(role));
      }
      const targets = [...found.values()];
      return targets.length > 1
        ? { targets: [], ambiguous: targets, notes: [] }
        : { targets, ambiguous: [], notes: [] };
    },
    async descendants(target, call) {
      if (target.kind !== 'user') return [];
      const keys = await accessKeys(clients, target.name, call);
      return [
        ...keys.map((key) => keyTarget(key, target)),
        ...(await otherCredentials(clients, target, call)),
      ];
    },
    async actions(target, call) {
      const deactivate = deactivateCredentialAction(clients, io, target.kind);
      if (deactivate !== null) return { actions: [deactivate], missing: [] };
      if (target.kind === 'access-key') return { actions: keyActions, missing: [] };
      if (target.kind === 'user') {
        const unlisted = await unlistedCredentials(clients, target, call);
        return { actions: userActions, missing: [noQuarantine, ...unlisted] };
      }
      if (target.kind !== 'role') return { actions: [], missing: [] };
      return target.managedBy === null
        ? { actions: roleActions, missing: [noQuarantine] }
        : { actions: [], missing: [notEditable(target)] };
    },
    administrators: () => Promise.resolve(null),
    sweep(since, targets, call) {
      const isSince = ({ createdAt }: FoundTarget): boolean =>
        createdAt !== null && Date.parse(createdAt) >= since;
      const users = targets.filter(({ kind }) => kind === 'user');
      return sweepParts(
        ...users.map((user) => async () => {
          const keys = (await accessKeys(clients, user.name, call)).map((key) => keyTarget(key, user));
          const why = `A key of ${user.name} was made since the incident began.`;
          return keys.filter(isSince).map((target) => ({ target, why }));
        }),
        ...users.map((user) => async () => {
          const credentials = await otherCredentials(clients, user, call);
          const why = `A credential of ${user.name} was made since the incident began.`;
          return credentials.filter(isSince).map((target) => ({ target, why }));
        }),
        async () => {
          const found = await usersCreatedSince(clients, since, call);
          const why = 'A user was made since the incident began.';
          return found.map((user) => ({ target: userTarget(user), why }));
        },
        async () => {
          const found = await rolesCreatedSince(clients, since, call);
          const why = 'A role was made since the incident began.';
          return found.map((role) => ({ target: roleTarget(role), why }));
        },
        async () => {
          const found = await trustCreatedSince(clients, since, call);
          const why = 'An identity provider that roles may trust was made since the incident began.';
          return found.map((target) => ({ target, why }));
        },
      );
    },
    close() {
      clients.close();
      return Promise.resolve();
    },
  };

  async function simulate(
    arn: string,
    { signal }: CallContext,
  ): Promise<{ missing: string[]; unchecked: string[] }> {
    const names = permissions.map(({ name }) => name);
    const session = /^arn:([^:]+):sts::(\d+):assumed-role\/([^/]+)\//.exec(arn);
    const source = session === null ? arn : `arn:${session[1]}:iam::${session[2]}:role/${session[3]}`;
    try {
      const { EvaluationResults: results = [] } = await clients.iam.send(
        new SimulatePrincipalPolicyCommand({ PolicySourceArn: source, ActionNames: names }),
        { abortSignal: signal },
      );
      const allowed = new Set(
        results
          .filter(({ EvalDecision: decision }) => decision === 'allowed')
          .map(({ EvalActionName: name }) => name),
      );
      return { missing: names.filter((name) => !allowed.has(name)), unchecked: [] };
    } catch {
      // iam:SimulatePrincipalPolicy itself is not needed to act.
      return { missing: [], unchecked: names };
    }
  }
}

function notEditable({ name, managedBy }: Target): MissingControl {
  return {
    control: `The role ${name} belongs to ${managedBy ?? 'another system'}`,
    consequence: 'IAM does not let its policies be changed: its sessions cannot be revoked here.',
    advice:
      'Remove the account assignments in IAM Identity Center, or quarantine the principal by a service control policy.',
  };
}
