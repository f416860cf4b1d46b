import {
  DeleteInlinePolicyFromPermissionSetCommand,
  GetInlinePolicyForPermissionSetCommand,
  ListAccountsForProvisionedPermissionSetCommand,
  ProvisionPermissionSetCommand,
  PutInlinePolicyToPermissionSetCommand,
} from '@aws-sdk/client-sso-admin';
import { type JsonObject, objectAt, textAt } from '#shared/domain/json.ts';
import type { ActionSpec, Outcome, Target } from '#shared/domain/response.ts';
import { furtherCall, outcome, partial } from '../../../outcomes.ts';
import type { Action, CallContext, ProviderIo } from '../../../provider.ts';
import { written } from '../clients.ts';
import { type OrganizationClients, ask, pages } from './clients.ts';
import { parsed, statementsOf } from './policies.ts';

const specOf = (seconds: number | null): ActionSpec => ({
  id: 'permission-set.revoke-sessions',
  title: 'Deny the user’s sessions of this permission set that began before now',
  verb: 'session.invalidate',
  reversibility: 'R0',
  stops: ['role_session'],
  doesNotStop: [
    {
      artefact: 'role_session',
      residualSeconds: seconds,
      coveredBy: ['grant.remove', 'deny.attach'],
      note: 'While the assignment is there the portal gives a new session; until the accounts are provisioned the old one goes on.',
    },
  ],
  // Each time it is made it reaches up to another moment.
  idempotency: 'precondition',
  precondition: 'compare_snapshot',
  nativeDryRun: false,
  requiredPermissions: [
    'sso:PutInlinePolicyToPermissionSet',
    'sso:DeleteInlinePolicyFromPermissionSet',
    'sso:ProvisionPermissionSet',
  ],
  rateLimit: 'Identity Center throttles the instance as a whole',
  settle: { typicalMs: 10_000, maxMs: 120_000 },
  beyondReach: true,
  undo: {
    possible: true,
    waitSeconds: 0,
    note: 'Sessions from before, not yet expired, come to life again.',
  },
});

const longestInline = 10_240;

/** Id of a target: the permission set and the user whose sessions are meant. */
export function sessionsId(permissionSet: string, user: string): string {
  return `${permissionSet}#${user}`;
}

function partsOf({ id }: Target): { permissionSet: string; user: string } {
  const [permissionSet = '', user = ''] = id.split('#');
  return { permissionSet, user };
}

/**
 * A statement in the permission set's own inline policy, which becomes a policy of its role in every account: roles
 * of Identity Center cannot be changed in IAM. The condition on the user spares the others who have the set.
 */
export function revokeSetSessionsAction(
  clients: OrganizationClients,
  io: ProviderIo,
  seconds: number | null,
): Action {
  const spec = specOf(seconds);
  const { instanceArn } = clients.config;
  const read = async (permissionSet: string, call: CallContext): Promise<JsonObject | null> => {
    const { InlinePolicy: text = '' } = await ask(call, (options) =>
      clients.sso.send(
        new GetInlinePolicyForPermissionSetCommand({
          InstanceArn: instanceArn,
          PermissionSetArn: permissionSet,
        }),
        options,
      ),
    );
    return text === '' ? null : parsed(text);
  };
  const write = async (
    permissionSet: string,
    statements: readonly JsonObject[],
    call: CallContext,
  ): Promise<Outcome> => {
    const place = { InstanceArn: instanceArn, PermissionSetArn: permissionSet };
    const text = JSON.stringify({ Version: '2012-10-17', Statement: statements });
    if (text.length > longestInline) {
      return outcome('unsupported', 'The inline policy of the permission set would be too long.');
    }
    const options = { abortSignal: call.signal };
    const put = await written(
      () =>
        statements.length === 0
          ? clients.sso.send(new DeleteInlinePolicyFromPermissionSetCommand(place), options)
          : clients.sso.send(
              new PutInlinePolicyToPermissionSetCommand({ ...place, InlinePolicy: text }),
              options,
            ),
      'The inline policy of the permission set was written.',
      spec.requiredPermissions,
    );
    if (put.kind !== 'applied') return put;
    const provisioned = await furtherCall(() =>
      written(
        () =>
          clients.sso.send(
            new ProvisionPermissionSetCommand({ ...place, TargetType: 'ALL_PROVISIONED_ACCOUNTS' }),
            options,
          ),
        'The inline policy was written and is being provisioned to the accounts.',
        spec.requiredPermissions,
      ),
    );
    if (provisioned.kind === 'applied' || provisioned.kind === 'throttled') return provisioned;
    const detail = `The inline policy was written, but not brought to the accounts. ${provisioned.detail}`;
    return partial(['inline policy'], ['provisioning'], detail);
  };
  /** Accounts whose roles do not have the permission set as it is now: what it denies is not denied there yet. */
  const behind = (permissionSet: string, call: CallContext): Promise<string[]> =>
    pages(async (NextToken) => {
      const answer = await ask(call, (options) =>
        clients.sso.send(
          new ListAccountsForProvisionedPermissionSetCommand({
            InstanceArn: instanceArn,
            PermissionSetArn: permissionSet,
            ProvisioningStatus: 'LATEST_PERMISSION_SET_NOT_PROVISIONED',
            NextToken,
          }),
          options,
        ),
      );
      return { items: answer.AccountIds ?? [], next: answer.NextToken };
    });
  return {
    spec,
    async snapshot(target, call) {
      const { permissionSet, user } = partsOf(target);
      const own = ownOf(await read(permissionSet, call), user);
      return {
        takenAt: new Date(io.clock.now()).toISOString(),
        // Sessions that begin later are not covered by an older revocation: it is never there already.
        inState: false,
        version: null,
        state: { permissionSet, user, statement: own ?? null },
      };
    },
    preview: async (target) => {
      const { permissionSet, user } = partsOf(target);
      return [
        {
          method: 'POST',
          address: 'sso:PutInlinePolicyToPermissionSet',
          body: JSON.stringify({ PermissionSetArn: permissionSet, with: statementOf(user, clients.now()) }),
        },
        {
          method: 'POST',
          address: 'sso:ProvisionPermissionSet',
          body: JSON.stringify({ PermissionSetArn: permissionSet, TargetType: 'ALL_PROVISIONED_ACCOUNTS' }),
        },
      ];
    },
    apply: (target, _, call) =>
      clients.alone(async () => {
        const { permissionSet, user } = partsOf(target);
        const others = othersOf(await read(permissionSet, call), user);
        return write(permissionSet, [...others, statementOf(user, clients.now())], call);
      }),
    async observe(target, _, call) {
      const { permissionSet, user } = partsOf(target);
      const own = ownOf(await read(permissionSet, call), user);
      const before = Date.parse(
        textAt(objectAt(objectAt(own, 'Condition'), 'DateLessThan'), 'aws:TokenIssueTime') ?? '',
      );
      // A second of tolerance: AWS's clock is read in whole seconds.
      const isThere = before + 1_000 >= call.since;
      const accounts = await behind(permissionSet, call);
      const isBehind = accounts.length > 0;
      return {
        // A statement that was taken out is denied by where the older policy still is.
        state: isThere && !isBehind ? 'in_effect' : isBehind && !isThere ? 'unknown' : 'not_in_effect',
        detail: `The permission set ${isThere ? 'denies' : 'does not deny'} the user’s sessions from before.${isBehind ? ` It is not provisioned yet to ${accounts.join(', ')}.` : ''}`,
        facts: {
          issuedBefore: Number.isNaN(before) ? null : new Date(before).toISOString(),
          behind: accounts,
        },
      };
    },
    probe: null,
    undo: (target, { state }, call) =>
      clients.alone(async () => {
        const { permissionSet, user } = partsOf(target);
        const now = await read(permissionSet, call);
        if (ownOf(now, user) === undefined) return outcome('already_in_state', 'The statement is not there.');
        const before = objectAt(state, 'statement');
        const others = othersOf(now, user);
        return write(permissionSet, before === undefined ? others : [...others, before], call);
      }),
    dryRun: null,
  };
}

function statementOf(user: string, time: Date): JsonObject {
  return {
    Sid: sidOf(user),
    Effect: 'Deny',
    Action: '*',
    Resource: '*',
    Condition: {
      DateLessThan: { 'aws:TokenIssueTime': time.toISOString() },
      StringEquals: { 'identitystore:userId': user },
    },
  };
}

/** Statement ids have letters and digits alone. */
function sidOf(user: string): string {
  return `RescindRevoke${user.replaceAll(/[^\da-z]/gi, '')}`;
}

function ownOf(document: JsonObject | null, user: string): JsonObject | undefined {
  return statementsOf(document ?? {}).find((statement) => textAt(statement, 'Sid') === sidOf(user));
}

function othersOf(document: JsonObject | null, user: string): JsonObject[] {
  return statementsOf(document ?? {}).filter((statement) => textAt(statement, 'Sid') !== sidOf(user));
}

/** `PT1H`, `PT12H`, `PT90M` as seconds (ISO 8601); null where it is something else. */
export function secondsOf(duration: string | undefined): number | null {
  const match = /^PT(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?$/.exec(duration ?? '');
  if (match === null || duration === 'PT') return null;
  return Number(match[1] ?? 0) * 3_600 + Number(match[2] ?? 0) * 60 + Number(match[3] ?? 0);
}
