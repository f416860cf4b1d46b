import {
  CreateGroupMembershipCommand,
  DeleteGroupMembershipCommand,
  DescribeGroupMembershipCommand,
  ListGroupMembershipsForMemberCommand,
} from '@aws-sdk/client-identitystore';
import {
  CreateAccountAssignmentCommand,
  DeleteAccountAssignmentCommand,
  ListAccountAssignmentsCommand,
} from '@aws-sdk/client-sso-admin';
import { textAt } from '#shared/domain/json.ts';
import type { ActionSpec, Remainder, Target } from '#shared/domain/response.ts';
import { outcome } from '../../../outcomes.ts';
import type { Action, CallContext, ProviderIo } from '../../../provider.ts';
import { written } from '../clients.ts';
import { type OrganizationClients, ask, askFor, pages } from './clients.ts';

/** What goes on when a grant is gone: credentials that were given by it, for as long as the permission set says. */
function sessionsGoOn(seconds: number | null): Remainder {
  return {
    artefact: 'role_session',
    residualSeconds: seconds,
    coveredBy: ['deny.attach', 'session.invalidate'],
    note: 'Sessions that were begun go on for as long as the permission set gives them.',
  };
}

function specOf(
  id: 'assignment.delete' | 'membership.delete',
  title: string,
  permissions: readonly string[],
  seconds: number | null,
  note: string,
): ActionSpec {
  return {
    id,
    title,
    verb: 'grant.remove',
    reversibility: 'R1',
    stops: ['grant'],
    doesNotStop: [sessionsGoOn(seconds)],
    idempotency: 'state_convergent',
    precondition: 'compare_snapshot',
    nativeDryRun: false,
    requiredPermissions: permissions,
    rateLimit: 'Identity Center throttles the instance as a whole',
    // The deletion of an assignment goes on after its call was answered.
    settle: { typicalMs: 3_000, maxMs: 120_000 },
    beyondReach: true,
    undo: { possible: true, waitSeconds: 0, note },
  };
}

/** Id of a target: account, permission set and user. */
export function assignmentId(account: string, permissionSet: string, user: string): string {
  return `${account}#${permissionSet}#${user}`;
}

/** `DeleteAccountAssignment`, which is answered before it is done: the list of assignments tells when it is. */
export function deleteAssignmentAction(
  clients: OrganizationClients,
  io: ProviderIo,
  seconds: number | null,
): Action {
  const permissions = ['sso:DeleteAccountAssignment', 'sso:CreateAccountAssignment'];
  const spec = specOf(
    'assignment.delete',
    'Delete the assignment of the permission set in the account',
    permissions,
    seconds,
    '',
  );
  const { instanceArn } = clients.config;
  const inputOf = ({ id }: Target) => {
    const [account = '', permissionSet = '', user = ''] = id.split('#');
    return {
      InstanceArn: instanceArn,
      TargetId: account,
      TargetType: 'AWS_ACCOUNT',
      PermissionSetArn: permissionSet,
      PrincipalType: 'USER',
      PrincipalId: user,
    } as const;
  };
  const isThere = async (target: Target, call: CallContext): Promise<boolean> => {
    const input = inputOf(target);
    const assignments = await pages(async (NextToken) => {
      const answer = await ask(call, (options) =>
        clients.sso.send(
          new ListAccountAssignmentsCommand({
            InstanceArn: instanceArn,
            AccountId: input.TargetId,
            PermissionSetArn: input.PermissionSetArn,
            NextToken,
          }),
          options,
        ),
      );
      return { items: answer.AccountAssignments ?? [], next: answer.NextToken };
    });
    return assignments.some(
      ({ PrincipalId: principal, PrincipalType: type }) => type === 'USER' && principal === input.PrincipalId,
    );
  };
  return {
    spec,
    async snapshot(target, call) {
      const present = await isThere(target, call);
      const { TargetId: account, PermissionSetArn: permissionSet, PrincipalId: user } = inputOf(target);
      return {
        takenAt: new Date(io.clock.now()).toISOString(),
        inState: !present,
        version: null,
        state: { account, permissionSet, user, present },
      };
    },
    preview: async (target) => [
      { method: 'POST', address: 'sso:DeleteAccountAssignment', body: JSON.stringify(inputOf(target)) },
    ],
    previewUndo: async (target) => [
      { method: 'POST', address: 'sso:CreateAccountAssignment', body: JSON.stringify(inputOf(target)) },
    ],
    async apply(target, _, call) {
      if (!(await isThere(target, call)))
        return outcome('already_in_state', `${target.name} is gone already.`);
      return written(
        () =>
          clients.sso.send(new DeleteAccountAssignmentCommand(inputOf(target)), { abortSignal: call.signal }),
        `${target.name} is being deleted.`,
        permissions.slice(0, 1),
      );
    },
    async observe(target, _, call) {
      const present = await isThere(target, call);
      return {
        state: present ? 'not_in_effect' : 'in_effect',
        detail: `${target.name} is ${present ? '' : 'not '}there.`,
        facts: { present },
      };
    },
    probe: null,
    async undo(target, { state }, call) {
      if (state['present'] !== true)
        return outcome('precondition_failed', `${target.name} was not there before.`);
      if (await isThere(target, call)) return outcome('already_in_state', `${target.name} is there already.`);
      return written(
        () =>
          clients.sso.send(new CreateAccountAssignmentCommand(inputOf(target)), { abortSignal: call.signal }),
        `${target.name} is being created again.`,
        permissions.slice(1),
      );
    },
    dryRun: null,
  };
}

export function membershipsOf(
  { identityStore, config }: OrganizationClients,
  user: string,
  call: CallContext,
) {
  return pages(async (NextToken) => {
    const answer = await ask(call, (options) =>
      identityStore.send(
        new ListGroupMembershipsForMemberCommand({
          IdentityStoreId: config.identityStoreId,
          MemberId: { UserId: user },
          NextToken,
        }),
        options,
      ),
    );
    return { items: answer.GroupMemberships ?? [], next: answer.NextToken };
  });
}

export function deleteMembershipAction(clients: OrganizationClients, io: ProviderIo): Action {
  const permissions = ['identitystore:DeleteGroupMembership', 'identitystore:CreateGroupMembership'];
  const note =
    'The membership comes back with a new id. A directory that is synchronised may bring it back by itself.';
  const spec = specOf('membership.delete', 'Take the user out of the group', permissions, 43_200, note);
  const { identityStoreId } = clients.config;
  const find = ({ id }: Target, call: CallContext) =>
    askFor(call, (options) =>
      clients.identityStore.send(
        new DescribeGroupMembershipCommand({ IdentityStoreId: identityStoreId, MembershipId: id }),
        options,
      ),
    );
  return {
    spec,
    async snapshot(target, call) {
      const membership = await find(target, call);
      return {
        takenAt: new Date(io.clock.now()).toISOString(),
        inState: membership === null,
        version: null,
        state: {
          membership: target.id,
          group: membership?.GroupId ?? null,
          user: membership?.MemberId?.UserId ?? null,
        },
      };
    },
    preview: async ({ id }) => [
      {
        method: 'POST',
        address: 'identitystore:DeleteGroupMembership',
        body: JSON.stringify({ IdentityStoreId: identityStoreId, MembershipId: id }),
      },
    ],
    async apply(target, _, call) {
      const { id, name } = target;
      if ((await find(target, call)) === null) return outcome('already_in_state', `${name} is gone already.`);
      return written(
        () =>
          clients.identityStore.send(
            new DeleteGroupMembershipCommand({ IdentityStoreId: identityStoreId, MembershipId: id }),
            { abortSignal: call.signal },
          ),
        `${name} is deleted.`,
        permissions.slice(0, 1),
      );
    },
    async observe(target, { state }, call) {
      // By group and user: after a restore the membership has another id.
      const memberships = await membershipsOf(clients, textAt(state, 'user') ?? '', call);
      const present = memberships.some(({ GroupId: group }) => group === textAt(state, 'group'));
      return {
        state: present ? 'not_in_effect' : 'in_effect',
        detail: `${target.name} is ${present ? '' : 'not '}there.`,
        facts: { present },
      };
    },
    probe: null,
    async undo(target, { state }, call) {
      const [group, user] = [textAt(state, 'group'), textAt(state, 'user')];
      if (group === null || user === null) {
        return outcome('precondition_failed', `${target.name} was not there before.`);
      }
      let newId: string | undefined;
      const came = await written(
        async () => {
          const answer = await clients.identityStore.send(
            new CreateGroupMembershipCommand({
              IdentityStoreId: identityStoreId,
              GroupId: group,
              MemberId: { UserId: user },
            }),
            { abortSignal: call.signal },
          );
          newId = answer.MembershipId;
          return answer;
        },
        `${target.name} is created again.`,
        permissions.slice(1),
      );
      return newId === undefined ? came : { ...came, newId };
    },
    dryRun: null,
  };
}
