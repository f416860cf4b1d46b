import { type Call, type HttpStandIn, type Reply, startHttpStandIn } from './http-stand-in.ts';

export const instanceArn = 'arn:aws:sso:::instance/ssoins-1234567890abcdef';
export const identityStoreId = 'd-1234567890';
export const managementAccount = '111111111111';
export const memberAccount = '222222222222';
export const malloryId = '90673abcde-11111111-2222-3333-4444-555555555555';
export const permissionSet = 'arn:aws:sso:::permissionSet/ssoins-1234567890abcdef/ps-1111111111111111';

interface Assignment {
  readonly AccountId: string;
  readonly PermissionSetArn: string;
  readonly PrincipalType: 'USER' | 'GROUP';
  readonly PrincipalId: string;
}

export interface FakeOrganization extends HttpStandIn {
  readonly policies: Map<string, { content: string; readonly targets: Set<string> }>;
  readonly assignments: Assignment[];
  readonly memberships: Map<string, { readonly GroupId: string; readonly UserId: string }>;
  /** Inline policies of permission sets. */
  readonly inline: Map<string, string>;
  /** Permission sets in the order in which they were provisioned. */
  readonly provisioned: string[];
  /** Permission sets whose accounts do not have them as they are now. */
  readonly behind: Set<string>;
  /** The next so many lists of assignments still show what was deleted. */
  lag: { reads: number };
}

/**
 * A stateful stand-in for Organizations, IAM Identity Center and its identity store: the JSON protocol and the errors
 * of their API References, for the calls that the provider makes.
 */
export async function startOrganization(): Promise<FakeOrganization> {
  const state = {
    policies: new Map([
      [
        'p-users0001',
        {
          content: JSON.stringify({
            Version: '2012-10-17',
            Statement: [
              { Effect: 'Deny', Action: 'organizations:LeaveOrganization', Resource: '*' },
              {
                Sid: 'Quarantine',
                Effect: 'Deny',
                Action: '*',
                Resource: '*',
                Condition: { StringEquals: { 'identitystore:userId': ['earlier-suspect'] } },
              },
            ],
          }),
          targets: new Set(['r-root']),
        },
      ],
      [
        'p-account01',
        {
          content: JSON.stringify({
            Version: '2012-10-17',
            Statement: {
              Effect: 'Deny',
              Action: '*',
              Resource: '*',
              Condition: { ArnNotLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/responder' } },
            },
          }),
          targets: new Set<string>(),
        },
      ],
      ['p-FullAWSAccess', { content: '{}', targets: new Set([memberAccount, 'r-root']) }],
    ]),
    assignments: [
      assignment('USER', malloryId),
      assignment('GROUP', 'group-admins'),
      assignment('USER', 'user-alice'),
    ],
    memberships: new Map([['membership-1', { GroupId: 'group-admins', UserId: malloryId }]]),
    inline: new Map<string, string>(),
    provisioned: [] as string[],
    behind: new Set<string>(),
    lag: { reads: 0 },
  };
  const server = await startHttpStandIn({
    nameOf: (headers) => String(headers['x-amz-target'] ?? '').replace(/^.*\./, ''),
    perform: (call) => perform(call, state),
    throttled: () => fail(400, 'TooManyRequestsException'),
    refused: () => fail(400, 'AccessDeniedException'),
  });
  return { ...server, ...state };
}

function assignment(PrincipalType: 'USER' | 'GROUP', PrincipalId: string): Assignment {
  return { AccountId: memberAccount, PermissionSetArn: permissionSet, PrincipalType, PrincipalId };
}

type State = Pick<
  FakeOrganization,
  'policies' | 'assignments' | 'memberships' | 'inline' | 'provisioned' | 'behind' | 'lag'
>;
type Input = Readonly<Record<string, string>>;

function perform(call: Call, state: State): Reply {
  const action = String(call.headers['x-amz-target'] ?? '').replace(/^.*\./, '');
  const input = JSON.parse(call.body === '' ? '{}' : call.body) as Input;
  return (
    inOrganizations(action, input, state) ??
    inIdentityCenter(action, input, state) ??
    inIdentityStore(action, JSON.parse(call.body) as Record<string, unknown>, state) ??
    fail(400, 'UnknownOperationException')
  );
}

function inOrganizations(action: string, input: Input, { policies }: State): Reply | null {
  const { PolicyId = '', TargetId = '' } = input;
  const policy = policies.get(PolicyId);
  const attached = [...policies].filter(([, { targets }]) => targets.has(TargetId)).map(([id]) => id);
  switch (action) {
    case 'DescribeOrganization':
      return ok({ Organization: { Id: 'o-example123', MasterAccountId: managementAccount } });
    case 'DescribeAccount':
      return [managementAccount, memberAccount].includes(input['AccountId'] ?? '')
        ? ok({ Account: { Id: input['AccountId'], Name: 'payments', Email: 'payments@example.org' } })
        : fail(400, 'AccountNotFoundException');
    case 'DescribePolicy':
      return policy === undefined
        ? fail(400, 'PolicyNotFoundException')
        : ok({ Policy: { PolicySummary: { Id: PolicyId }, Content: policy.content } });
    case 'UpdatePolicy':
      if (policy === undefined) return fail(400, 'PolicyNotFoundException');
      policy.content = input['Content'] ?? '';
      return ok({ Policy: { PolicySummary: { Id: PolicyId }, Content: policy.content } });
    case 'ListTargetsForPolicy':
      return ok({ Targets: [...(policy?.targets ?? [])].map((id) => ({ TargetId: id, Type: 'ROOT' })) });
    case 'ListPoliciesForTarget':
      return ok({ Policies: attached.map((Id) => ({ Id, Type: 'SERVICE_CONTROL_POLICY' })) });
    case 'AttachPolicy':
      if (policy === undefined) return fail(400, 'PolicyNotFoundException');
      if (policy.targets.has(TargetId)) return fail(400, 'DuplicatePolicyAttachmentException');
      if (attached.length >= 5) return fail(400, 'ConstraintViolationException');
      policy.targets.add(TargetId);
      return ok({});
    case 'DetachPolicy':
      return policy?.targets.delete(TargetId) === true ? ok({}) : fail(400, 'PolicyNotAttachedException');
    default:
      return null;
  }
}

function inIdentityCenter(action: string, input: Input, state: State): Reply | null {
  const { assignments, inline, provisioned, behind, lag } = state;
  const set = input['PermissionSetArn'] ?? '';
  const same = (each: Assignment): boolean =>
    each.AccountId === input['TargetId'] &&
    each.PermissionSetArn === set &&
    each.PrincipalType === input['PrincipalType'] &&
    each.PrincipalId === input['PrincipalId'];
  switch (action) {
    case 'DescribeInstance':
      return ok({ InstanceArn: instanceArn, IdentityStoreId: identityStoreId, Status: 'ACTIVE' });
    case 'ListAccountAssignmentsForPrincipal': {
      const groups = [...state.memberships.values()]
        .filter(({ UserId }) => UserId === input['PrincipalId'])
        .map(({ GroupId }) => GroupId);
      const found = assignments.filter(
        ({ PrincipalId: id }) => id === input['PrincipalId'] || groups.includes(id),
      );
      return ok({ AccountAssignments: found });
    }
    case 'ListAccountAssignments':
      if (lag.reads > 0) {
        lag.reads -= 1;
        return ok({ AccountAssignments: [assignment('USER', malloryId)] });
      }
      return ok({
        AccountAssignments: assignments.filter(
          (each) => each.AccountId === input['AccountId'] && each.PermissionSetArn === set,
        ),
      });
    case 'DeleteAccountAssignment': {
      const at = assignments.findIndex(same);
      if (at >= 0) assignments.splice(at, 1);
      return ok({ AccountAssignmentDeletionStatus: { Status: 'IN_PROGRESS', RequestId: 'r-1' } });
    }
    case 'CreateAccountAssignment':
      if (!assignments.some(same)) assignments.push(assignment('USER', input['PrincipalId'] ?? ''));
      return ok({ AccountAssignmentCreationStatus: { Status: 'IN_PROGRESS', RequestId: 'r-2' } });
    case 'DescribePermissionSet':
      return ok({ PermissionSet: { Name: 'Admins', PermissionSetArn: set, SessionDuration: 'PT8H' } });
    case 'GetInlinePolicyForPermissionSet':
      return ok({ InlinePolicy: inline.get(set) ?? '' });
    case 'PutInlinePolicyToPermissionSet':
      inline.set(set, input['InlinePolicy'] ?? '');
      behind.add(set);
      return ok({});
    case 'DeleteInlinePolicyFromPermissionSet':
      inline.delete(set);
      behind.add(set);
      return ok({});
    case 'ListAccountsForProvisionedPermissionSet': {
      const isAsked =
        (input['ProvisioningStatus'] === 'LATEST_PERMISSION_SET_NOT_PROVISIONED') === behind.has(set);
      return ok({ AccountIds: isAsked ? [memberAccount] : [] });
    }
    case 'ProvisionPermissionSet':
      provisioned.push(set);
      behind.delete(set);
      return ok({ PermissionSetProvisioningStatus: { Status: 'IN_PROGRESS', RequestId: 'r-3' } });
    default:
      return null;
  }
}

function inIdentityStore(
  action: string,
  input: Record<string, unknown>,
  { memberships }: State,
): Reply | null {
  const mallory = {
    IdentityStoreId: identityStoreId,
    UserId: malloryId,
    UserName: 'mallory',
    DisplayName: 'Mallory',
    UserStatus: 'ENABLED',
    ExternalIds: [{ Issuer: 'https://idp.example.org', Id: 'ext-1' }],
  };
  const shown = (id: string) => {
    const membership = memberships.get(id);
    return membership === undefined
      ? fail(400, 'ResourceNotFoundException')
      : ok({ MembershipId: id, GroupId: membership.GroupId, MemberId: { UserId: membership.UserId } });
  };
  const id = (input['MembershipId'] as string | undefined) ?? '';
  const user = (input['MemberId'] as { UserId?: string } | undefined)?.UserId ?? '';
  switch (action) {
    case 'ListUsers': {
      const [filter] = input['Filters'] as { AttributeValue: string }[];
      return ok({ Users: filter?.AttributeValue === 'mallory' ? [mallory] : [] });
    }
    case 'DescribeUser':
      return input['UserId'] === malloryId ? ok(mallory) : fail(400, 'ResourceNotFoundException');
    case 'DescribeGroup':
      return ok({ GroupId: input['GroupId'], DisplayName: 'Administrators' });
    case 'ListGroupMembershipsForMember':
      return ok({
        GroupMemberships: [...memberships]
          .filter(([, { UserId }]) => UserId === user)
          .map(([MembershipId, { GroupId, UserId }]) => ({ MembershipId, GroupId, MemberId: { UserId } })),
      });
    case 'DescribeGroupMembership':
      return shown(id);
    case 'DeleteGroupMembership':
      return memberships.delete(id) ? ok({}) : fail(400, 'ResourceNotFoundException');
    case 'CreateGroupMembership': {
      const made = `membership-${memberships.size + 2}`;
      memberships.set(made, { GroupId: input['GroupId'] as string, UserId: user });
      return ok({ MembershipId: made, IdentityStoreId: identityStoreId });
    }
    default:
      return null;
  }
}

function ok(body: unknown): Reply {
  return {
    status: 200,
    headers: { 'content-type': 'application/x-amz-json-1.1' },
    body: structuredClone(body),
  };
}

function fail(status: number, type: string): Reply {
  return {
    status,
    headers: { 'content-type': 'application/x-amz-json-1.1' },
    body: { __type: type, Message: type, message: type },
  };
}
