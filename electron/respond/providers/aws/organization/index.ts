import { DescribeOrganizationCommand, type Organization } from '@aws-sdk/client-organizations';
import { DescribeInstanceCommand } from '@aws-sdk/client-sso-admin';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import type { MissingControl, Target } from '#shared/domain/response.ts';
import {
  type ActionList,
  type CallContext,
  type Permission,
  type Provider,
  ProviderError,
  type ProviderIo,
  type ProviderType,
} from '../../../provider.ts';
import { type OrganizationClients, ask, organizationClients } from './clients.ts';
import { type OrganizationConfig, organizationConfig } from './config.ts';
import { descendantsOf, findTargets, isManagement } from './find.ts';
import { deleteAssignmentAction, deleteMembershipAction } from './grants.ts';
import { exemptOf, means, mostAttached, policiesOn, policyText, targetsOf } from './policies.ts';
import { quarantineAccountAction } from './quarantine-account.ts';
import { quarantineUserAction } from './quarantine-user.ts';
import { revokeSetSessionsAction } from './sessions.ts';

const permissions: readonly Permission[] = [
  {
    name: 'organizations:DescribeOrganization',
    neededFor: 'read',
    why: 'to know the organization and its management account',
  },
  { name: 'organizations:DescribePolicy', neededFor: 'read', why: 'to read the prepared policies' },
  {
    name: 'organizations:ListTargetsForPolicy',
    neededFor: 'read',
    why: 'to see that the policy is attached',
  },
  { name: 'organizations:ListPoliciesForTarget', neededFor: 'read', why: 'to read an attachment back' },
  { name: 'organizations:DescribeAccount', neededFor: 'read', why: 'to find accounts' },
  { name: 'organizations:DescribeOrganizationalUnit', neededFor: 'read', why: 'to find units' },
  { name: 'identitystore:ListUsers', neededFor: 'read', why: 'to find users by name' },
  { name: 'identitystore:DescribeUser', neededFor: 'read', why: 'to find users by id' },
  {
    name: 'identitystore:ListGroupMembershipsForMember',
    neededFor: 'read',
    why: 'to find the groups of a user',
  },
  {
    name: 'identitystore:DescribeGroupMembership',
    neededFor: 'read',
    why: 'to read a membership before it is deleted',
  },
  { name: 'identitystore:DescribeGroup', neededFor: 'read', why: 'to name groups' },
  { name: 'sso:ListAccountAssignmentsForPrincipal', neededFor: 'read', why: 'to find assignments' },
  { name: 'sso:ListAccountAssignments', neededFor: 'read', why: 'to read an assignment back' },
  {
    name: 'sso:DescribeInstance',
    neededFor: 'read',
    why: 'to see that the identity store is the instance’s',
  },
  {
    name: 'sso:GetInlinePolicyForPermissionSet',
    neededFor: 'read',
    why: 'to keep what the inline policy of a permission set says besides',
  },
  {
    name: 'sso:ListAccountsForProvisionedPermissionSet',
    neededFor: 'read',
    why: 'to see which accounts have the permission set as it is',
  },
  { name: 'sso:DescribePermissionSet', neededFor: 'read', why: 'to know how long sessions last' },
  {
    name: 'organizations:UpdatePolicy',
    neededFor: 'user.quarantine',
    why: 'to name a user in the prepared policy, and that policy alone',
  },
  { name: 'organizations:AttachPolicy', neededFor: 'account.quarantine', why: 'to quarantine an account' },
  { name: 'organizations:DetachPolicy', neededFor: 'account.quarantine', why: 'to take that back' },
  { name: 'sso:DeleteAccountAssignment', neededFor: 'assignment.delete', why: 'to delete assignments' },
  { name: 'sso:CreateAccountAssignment', neededFor: 'assignment.delete', why: 'to create them again' },
  {
    name: 'identitystore:DeleteGroupMembership',
    neededFor: 'membership.delete',
    why: 'to take users out of groups',
  },
  { name: 'identitystore:CreateGroupMembership', neededFor: 'membership.delete', why: 'to put them back' },
  {
    name: 'sso:PutInlinePolicyToPermissionSet',
    neededFor: 'permission-set.revoke-sessions',
    why: 'to deny older sessions',
  },
  {
    name: 'sso:DeleteInlinePolicyFromPermissionSet',
    neededFor: 'permission-set.revoke-sessions',
    why: 'to take that back',
  },
  {
    name: 'sso:ProvisionPermissionSet',
    neededFor: 'permission-set.revoke-sessions',
    why: 'to bring it to the accounts',
  },
];

/** AWS Organizations and IAM Identity Center, from the management or a delegated administrator’s account. */
export const awsOrganization: ProviderType<OrganizationConfig> = {
  type: 'aws-organization',
  title: 'AWS Organizations and IAM Identity Center',
  config: organizationConfig,
  secrets: [{ name: 'secretAccessKey', title: 'Secret access key of the responder', required: true }],
  permissions,
  provedOn: 'contract-fake',
  origins: ({ organizationsEndpoint, ssoEndpoint, identityStoreEndpoint, stsEndpoint }) =>
    [organizationsEndpoint, ssoEndpoint, identityStoreEndpoint, stsEndpoint].map(
      (url) => new URL(url).origin,
    ),
  open: (config, io) => openOrganization(config, io),
};

function openOrganization(config: OrganizationConfig, io: ProviderIo): Provider {
  const clients = organizationClients(config, io);
  const whoami = async (call: CallContext): ReturnType<Provider['whoami']> => {
    const { Arn: arn = '', UserId: id = '' } = await ask(call, (options) =>
      clients.sts.send(new GetCallerIdentityCommand({}), options),
    );
    const { Id: organization = '', MasterAccountId: account } = await organizationOf(clients, call);
    const { IdentityStoreId: store } = await ask(call, (options) =>
      clients.sso.send(new DescribeInstanceCommand({ InstanceArn: config.instanceArn }), options),
    );
    if (store !== config.identityStoreId) {
      throw new ProviderError(
        'rejected',
        `The instance has the identity store ${store}, not ${config.identityStoreId}.`,
      );
    }
    return {
      tenant: `${organization}/${config.instanceArn}`,
      tenantName: `organization ${organization} (management account ${account})`,
      operator: [...new Set([id, id.split(':')[0] ?? id, config.accessKeyId])],
      operatorName: arn,
    };
  };
  return {
    whoami,
    async test(call) {
      const identity = await whoami(call);
      return {
        identity,
        missing: [],
        unchecked: [...new Set(permissions.map(({ name }) => name))],
        notes: await notesOn(clients, identity.operatorName, call),
      };
    },
    async resolve(reference, call) {
      const targets = await findTargets(clients, reference, call);
      return targets.length > 1
        ? { targets: [], ambiguous: targets, notes: [] }
        : { targets, ambiguous: [], notes: [] };
    },
    async descendants(target, call) {
      return target.kind === 'sso-user' ? descendantsOf(clients, target, call) : [];
    },
    async actions(target, call) {
      switch (target.kind) {
        case 'sso-user':
          return onUser(clients, io, target);
        case 'account':
        case 'unit':
          return onPlace(clients, io, target, call);
        case 'account-assignment':
          return { actions: [deleteAssignmentAction(clients, io, secondsAt(target))], missing: [] };
        case 'group-membership':
          return { actions: [deleteMembershipAction(clients, io)], missing: [] };
        case 'permission-set-sessions':
          return { actions: [revokeSetSessionsAction(clients, io, secondsAt(target))], missing: [] };
        default:
          return { actions: [], missing: [] };
      }
    },
    administrators: () => Promise.resolve(null),
    async sweep(_since, targets, call) {
      const users = targets.filter(({ kind }) => kind === 'sso-user');
      const known = new Set(targets.map(({ id }) => id));
      const found = await Promise.all(users.map((user) => descendantsOf(clients, user, call)));
      // Assignments and memberships have no time of creation: what the plan did not know has been made since.
      return found
        .flat()
        .filter(({ id, kind }) => kind !== 'permission-set-sessions' && !known.has(id))
        .map((target) => ({ target, why: 'Not there when the plan was made.' }));
    },
    close() {
      clients.close();
      return Promise.resolve();
    },
  };
}

async function organizationOf(
  { organizations }: OrganizationClients,
  call: CallContext,
): Promise<Organization> {
  const { Organization: found } = await ask(call, (options) =>
    organizations.send(new DescribeOrganizationCommand({}), options),
  );
  if (found !== undefined) return found;
  throw new ProviderError('protocol', 'AWS did not say which organization this is.');
}

function secondsAt({ attributes }: Target): number | null {
  const seconds = attributes['sessionSeconds'];
  return typeof seconds === 'number' ? seconds : null;
}

function onUser(clients: OrganizationClients, io: ProviderIo, { name, managedBy }: Target): ActionList {
  const hasPolicy = clients.config.userPolicy !== '';
  const missing: MissingControl[] = [
    {
      control: `Disabling ${name} and ending the session of the access portal`,
      consequence: 'IAM Identity Center has no API for either: the portal session goes on until it expires.',
      advice:
        managedBy === null
          ? 'In the console of IAM Identity Center: open the user, delete the active sessions, then disable access.'
          : `Disable the user at ${managedBy}, and delete the active sessions in the console of IAM Identity Center.`,
    },
  ];
  if (hasPolicy) return { actions: [quarantineUserAction(clients, io)], missing };
  missing.push({
    control: 'A service control policy that denies everything to the users it names (userPolicy)',
    consequence: 'Sessions that were begun in the accounts go on until they are revoked or expire.',
    advice:
      'Attach to the root a policy that denies * on * under StringEquals identitystore:userId with a list, and set its id as userPolicy.',
  });
  return { actions: [], missing };
}

async function onPlace(
  clients: OrganizationClients,
  io: ProviderIo,
  target: Target,
  call: CallContext,
): Promise<ActionList> {
  const { accountPolicy } = clients.config;
  if (isManagement(target, await organizationOf(clients, call))) {
    return refused({
      control: `Quarantine of the management account ${target.id}`,
      consequence:
        'Service control policies have no effect on the management account: nothing would be denied.',
      advice:
        'Deny its principals one by one in IAM, and keep nothing in the management account that can be lost.',
    });
  }
  if (accountPolicy === '') {
    return refused({
      control: 'A service control policy that denies everything but to the responder’s role (accountPolicy)',
      consequence: 'The account cannot be quarantined as a whole.',
      advice:
        'Prepare the policy with ArnNotLike aws:PrincipalArn for the responder’s role, and set its id as accountPolicy.',
    });
  }
  const attached = await policiesOn(clients, target.id, call);
  if (attached.length >= mostAttached && !attached.includes(accountPolicy)) {
    return refused({
      control: `A free place for a service control policy on ${target.name}`,
      consequence: `${attached.length} are attached, and no more than ${mostAttached} may be: the quarantine cannot be attached.`,
      advice: 'Merge two of them, or quarantine the unit above.',
    });
  }
  return { actions: [quarantineAccountAction(clients, io)], missing: [] };
}

function refused(missing: MissingControl): ActionList {
  return { actions: [], missing: [missing] };
}

/** What is wrong with the prepared policies, before they are needed. */
async function notesOn(clients: OrganizationClients, operator: string, call: CallContext): Promise<string[]> {
  const { userPolicy, accountPolicy } = clients.config;
  const notes = ['AWS has no way to ask for these permissions without acting.'];
  if (userPolicy === '')
    notes.push('No userPolicy: users cannot be quarantined by a service control policy.');
  else if ((await targetsOf(clients, userPolicy, call)).length === 0) {
    notes.push(`${userPolicy} is attached to nothing: it denies nobody.`);
  }
  if (accountPolicy === '') {
    notes.push('No accountPolicy: accounts and units cannot be quarantined.');
    return notes;
  }
  const exempt = exemptOf(await policyText(clients, accountPolicy, call));
  if (exempt === null) notes.push(`${accountPolicy} does not deny everything.`);
  else if (!exempt.some((pattern) => means(pattern, roleOf(operator)))) {
    notes.push(
      `${accountPolicy} does not leave out ${roleOf(operator)}: the responder would be locked out as well.`,
    );
  }
  return notes;
}

/** Sessions are named in policies by their role (AWS: `aws:PrincipalArn`). */
function roleOf(arn: string): string {
  const session = /^arn:([^:]+):sts::(\d+):assumed-role\/([^/]+)\//.exec(arn);
  return session === null ? arn : `arn:${session[1]}:iam::${session[2]}:role/${session[3]}`;
}
