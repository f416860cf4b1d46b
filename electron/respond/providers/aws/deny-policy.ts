import {
  DeleteRolePolicyCommand,
  DeleteUserPolicyCommand,
  GetRolePolicyCommand,
  GetUserPolicyCommand,
  PutRolePolicyCommand,
  PutUserPolicyCommand,
} from '@aws-sdk/client-iam';
import { isObject, type JsonObject, textAt } from '#shared/domain/json.ts';
import type { ActionSpec, Remainder, Target } from '#shared/domain/response.ts';
import { outcome } from '../../outcomes.ts';
import type { Action, CallContext, ProviderIo } from '../../provider.ts';
import { type AwsClients, isAbsent, readError, written } from './clients.ts';
import { isSame } from './principals.ts';

/** The inline policy that is ours. Nobody else's is overwritten: one of this name with other content stops the action. */
const denyName = 'RescindQuarantine';
const sessionsName = 'RescindRevokeOlderSessions';

const propagation = { typicalMs: 4_000, maxMs: 60_000 };
const ownReach: Remainder = {
  artefact: 'api_key',
  residualSeconds: 60,
  coveredBy: ['deny.attach'],
  note: 'Until the policy has spread (seconds), somebody with rights over IAM can take it away again; only a service control policy is out of their reach.',
};

const userDeny: ActionSpec = {
  id: 'user.deny',
  title: 'Deny the user everything by an inline policy',
  verb: 'deny.attach',
  reversibility: 'R0',
  stops: ['api_key', 'login', 'web_session'],
  doesNotStop: [
    {
      artefact: 'role_session',
      residualSeconds: 43_200,
      coveredBy: ['session.invalidate'],
      note: 'Sessions of roles that the user assumed are governed by the roles: revoke each of them.',
    },
    ownReach,
  ],
  idempotency: 'state_convergent',
  precondition: 'compare_snapshot',
  nativeDryRun: false,
  requiredPermissions: ['iam:PutUserPolicy', 'iam:DeleteUserPolicy'],
  rateLimit: 'IAM throttles the account as a whole',
  settle: propagation,
  beyondReach: false,
  undo: { possible: true, waitSeconds: 0, note: '' },
};

const roleSessions: ActionSpec = {
  id: 'role.revoke-sessions',
  title: 'Deny every session of the role that began before now',
  verb: 'session.invalidate',
  reversibility: 'R0',
  stops: ['role_session'],
  doesNotStop: [
    {
      artefact: 'role_session',
      residualSeconds: null,
      coveredBy: ['deny.attach', 'grant.remove'],
      note: 'Whoever may assume the role starts a new session: change its trust policy, or stop who assumes it.',
    },
    ownReach,
  ],
  // Each time it is made it reaches up to another moment.
  idempotency: 'precondition',
  precondition: 'compare_snapshot',
  nativeDryRun: false,
  requiredPermissions: ['iam:PutRolePolicy', 'iam:DeleteRolePolicy'],
  rateLimit: 'IAM throttles the account as a whole',
  settle: propagation,
  beyondReach: false,
  undo: {
    possible: true,
    waitSeconds: 0,
    note: 'Sessions from before, not yet expired, come to life again.',
  },
};

/** Where an inline policy lies, and how it is read, written and taken away. */
interface Shelf {
  readonly name: string;
  readonly spec: ActionSpec;
  get(holder: string): GetUserPolicyCommand | GetRolePolicyCommand;
  put(holder: string, document: string): PutUserPolicyCommand | PutRolePolicyCommand;
  remove(holder: string): DeleteUserPolicyCommand | DeleteRolePolicyCommand;
  document(time: Date): JsonObject;
}

const users: Shelf = {
  name: denyName,
  spec: userDeny,
  get: (UserName) => new GetUserPolicyCommand({ UserName, PolicyName: denyName }),
  put: (UserName, PolicyDocument) =>
    new PutUserPolicyCommand({ UserName, PolicyName: denyName, PolicyDocument }),
  remove: (UserName) => new DeleteUserPolicyCommand({ UserName, PolicyName: denyName }),
  document: () => policyOf({}),
};

const roles: Shelf = {
  name: sessionsName,
  spec: roleSessions,
  get: (RoleName) => new GetRolePolicyCommand({ RoleName, PolicyName: sessionsName }),
  put: (RoleName, PolicyDocument) =>
    new PutRolePolicyCommand({ RoleName, PolicyName: sessionsName, PolicyDocument }),
  remove: (RoleName) => new DeleteRolePolicyCommand({ RoleName, PolicyName: sessionsName }),
  // What the console's “Revoke active sessions” writes (IAM User Guide, id_roles_use_revoke-sessions).
  document: (time) => policyOf({ Condition: { DateLessThan: { 'aws:TokenIssueTime': time.toISOString() } } }),
};

function policyOf(more: JsonObject): JsonObject {
  return { Version: '2012-10-17', Statement: [{ Effect: 'Deny', Action: '*', Resource: '*', ...more }] };
}

export function denyUserAction(clients: AwsClients, io: ProviderIo): Action {
  return inlineAction(users, clients, io);
}

export function revokeSessionsAction(clients: AwsClients, io: ProviderIo): Action {
  return inlineAction(roles, clients, io);
}

function inlineAction(shelf: Shelf, clients: AwsClients, io: ProviderIo): Action {
  const current = async ({ name }: Target, { signal }: CallContext): Promise<JsonObject | null> => {
    try {
      const answer = await clients.iam.send(shelf.get(name) as GetUserPolicyCommand, { abortSignal: signal });
      return parse(answer.PolicyDocument ?? '');
    } catch (thrown) {
      if (isAbsent(thrown)) return null;
      throw readError(thrown);
    }
  };
  const time = (): Date => clients.serverTime() ?? new Date(io.clock.now());
  return {
    spec: shelf.spec,
    async snapshot(target, call) {
      const document = await current(target, call);
      return {
        takenAt: new Date(io.clock.now()).toISOString(),
        // Sessions that begin later are not covered by an older revocation: it is never there already.
        inState: shelf === users && document !== null && isDeny(document),
        version: null,
        state: { policy: shelf.name, document },
      };
    },
    preview: async ({ name }) => [
      {
        method: 'POST',
        address: shelf === users ? 'iam:PutUserPolicy' : 'iam:PutRolePolicy',
        body: JSON.stringify({
          holder: name,
          PolicyName: shelf.name,
          PolicyDocument: shelf.document(time()),
        }),
      },
    ],
    async apply(target, { state }, call) {
      if (!(await isSame(clients, target, call)))
        return outcome('target_absent', `${target.name} is not there.`);
      const document = await current(target, call);
      if (shelf === users && document !== null && isDeny(document)) {
        return outcome('already_in_state', `${target.name} is denied already.`);
      }
      if (JSON.stringify(document) !== JSON.stringify(state['document'] ?? null)) {
        return outcome(
          'precondition_failed',
          `The policy ${shelf.name} of ${target.name} has changed since.`,
        );
      }
      const command = shelf.put(target.name, JSON.stringify(shelf.document(time())));
      return written(
        () => clients.iam.send(command as PutUserPolicyCommand, { abortSignal: call.signal }),
        `Put ${shelf.name} on ${target.name}.`,
        shelf.spec.requiredPermissions.slice(0, 1),
      );
    },
    async observe(target, _, call) {
      if (!(await isSame(clients, target, call))) {
        return { state: 'target_absent', detail: `${target.name} is not there.`, facts: {} };
      }
      const document = await current(target, call);
      const since = document === null ? null : issuedBefore(document);
      const isThere =
        document !== null &&
        isDeny(document) &&
        // A second of tolerance: AWS's clock is read in whole seconds.
        (shelf === users || (since !== null && since.getTime() + 1_000 >= call.since));
      return {
        state: isThere ? 'in_effect' : 'not_in_effect',
        detail: `${shelf.name} is ${isThere ? '' : 'not '}on ${target.name}.`,
        facts: { issuedBefore: since?.toISOString() ?? null },
      };
    },
    // Only the leaked credential itself could show that it fails; GetCallerIdentity succeeds under any deny.
    probe: null,
    async undo(target, { state }, call) {
      const before = state['document'];
      const document = await current(target, call);
      if (document === null) return outcome('already_in_state', `${shelf.name} is not there.`);
      if (!isDeny(document))
        return outcome('precondition_failed', `${shelf.name} is no longer what was put there.`);
      const command = isObject(before)
        ? shelf.put(target.name, JSON.stringify(before))
        : shelf.remove(target.name);
      return written(
        () => clients.iam.send(command as DeleteUserPolicyCommand, { abortSignal: call.signal }),
        `Took ${shelf.name} off ${target.name}.`,
        shelf.spec.requiredPermissions.slice(1),
      );
    },
    dryRun: null,
  };
}

/** IAM gives documents URL-encoded (RFC 3986). */
function parse(text: string): JsonObject | null {
  try {
    const value: unknown = JSON.parse(decodeURIComponent(text));
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}

function statementOf(document: JsonObject): JsonObject | undefined {
  const statements = document['Statement'];
  const only: unknown = Array.isArray(statements) ? statements[0] : statements;
  return isObject(only) ? only : undefined;
}

function isDeny(document: JsonObject): boolean {
  const statement = statementOf(document);
  return (
    textAt(statement, 'Effect') === 'Deny' &&
    textAt(statement, 'Action') === '*' &&
    textAt(statement, 'Resource') === '*'
  );
}

function issuedBefore(document: JsonObject): Date | null {
  const condition = statementOf(document)?.['Condition'];
  const block = isObject(condition) ? condition['DateLessThan'] : undefined;
  const text = isObject(block) ? textAt(block, 'aws:TokenIssueTime') : null;
  const date = new Date(text ?? '');
  return Number.isNaN(date.getTime()) ? null : date;
}
