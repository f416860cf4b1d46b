import {
  DeleteLoginProfileCommand,
  GetLoginProfileCommand,
  UpdateAccessKeyCommand,
} from '@aws-sdk/client-iam';
import { textAt } from '#shared/domain/json.ts';
import type { ActionSpec, Target } from '#shared/domain/response.ts';
import { outcome } from '../../outcomes.ts';
import type { Action, CallContext, ProviderIo } from '../../provider.ts';
import { type AwsClients, isAbsent, readError, written } from './clients.ts';
import { accessKeys, isSame } from './principals.ts';

const keySpec: ActionSpec = {
  id: 'access-key.deactivate',
  title: 'Make the access key inactive',
  verb: 'credential.disable',
  reversibility: 'R0',
  stops: ['api_key'],
  doesNotStop: [
    {
      artefact: 'role_session',
      residualSeconds: 129_600,
      coveredBy: ['deny.attach', 'session.invalidate'],
      note: 'Temporary credentials that were taken with the key live on: a deny on the user stops its own, each role’s are the role’s.',
    },
  ],
  idempotency: 'state_convergent',
  precondition: 'compare_snapshot',
  nativeDryRun: false,
  requiredPermissions: ['iam:UpdateAccessKey'],
  rateLimit: 'IAM throttles the account as a whole',
  settle: { typicalMs: 4_000, maxMs: 60_000 },
  beyondReach: false,
  undo: { possible: true, waitSeconds: 0, note: '' },
};

/** `UpdateAccessKey Status=Inactive`. */
export function keyAction(clients: AwsClients, io: ProviderIo): Action {
  const statusOf = async ({ id, attributes }: Target, call: CallContext): Promise<string | null> => {
    const keys = await accessKeys(clients, String(attributes['user']), call);
    return keys.find((key) => key.AccessKeyId === id)?.Status ?? null;
  };
  const set = async (target: Target, wanted: 'Active' | 'Inactive', call: CallContext) => {
    const status = await statusOf(target, call);
    if (status === null) return outcome('target_absent', `${target.id} is not there.`);
    if (status === wanted) return outcome('already_in_state', `${target.id} is ${wanted} already.`);
    const UserName = String(target.attributes['user']);
    return written(
      () =>
        clients.iam.send(new UpdateAccessKeyCommand({ UserName, AccessKeyId: target.id, Status: wanted }), {
          abortSignal: call.signal,
        }),
      `${target.id} is ${wanted}.`,
      ['iam:UpdateAccessKey'],
    );
  };
  return {
    spec: keySpec,
    async snapshot(target, call) {
      const status = await statusOf(target, call);
      return {
        takenAt: new Date(io.clock.now()).toISOString(),
        inState: status === 'Inactive',
        version: null,
        state: { status },
      };
    },
    preview: async ({ id, attributes }) => [
      {
        method: 'POST',
        address: 'iam:UpdateAccessKey',
        body: JSON.stringify({ UserName: attributes['user'], AccessKeyId: id, Status: 'Inactive' }),
      },
    ],
    apply: (target, _, call) => set(target, 'Inactive', call),
    async observe(target, _, call) {
      const status = await statusOf(target, call);
      if (status === null) return { state: 'target_absent', detail: 'The key is not there.', facts: {} };
      return {
        state: status === 'Inactive' ? 'in_effect' : 'not_in_effect',
        detail: `${target.id} is ${status}.`,
        facts: { status },
      };
    },
    probe: null,
    undo: (target, { state }, call) =>
      set(target, textAt(state, 'status') === 'Active' ? 'Active' : 'Inactive', call),
    dryRun: null,
  };
}

const profileSpec: ActionSpec = {
  id: 'user.delete-login-profile',
  title: 'Take the console password away',
  verb: 'credential.delete',
  reversibility: 'R3',
  stops: ['password'],
  doesNotStop: [
    {
      artefact: 'web_session',
      residualSeconds: 43_200,
      coveredBy: ['deny.attach'],
      note: 'A console session that is open goes on until it ends, unless the user is denied.',
    },
  ],
  idempotency: 'state_convergent',
  precondition: null,
  nativeDryRun: false,
  requiredPermissions: ['iam:DeleteLoginProfile'],
  rateLimit: 'IAM throttles the account as a whole',
  settle: { typicalMs: 4_000, maxMs: 60_000 },
  beyondReach: false,
  undo: { possible: false, waitSeconds: 0, note: 'The password is lost: somebody sets a new one.' },
};

export function loginProfileAction(clients: AwsClients, io: ProviderIo): Action {
  const createdAt = async ({ name }: Target, { signal }: CallContext): Promise<string | null> => {
    try {
      const { LoginProfile: profile } = await clients.iam.send(
        new GetLoginProfileCommand({ UserName: name }),
        {
          abortSignal: signal,
        },
      );
      return profile?.CreateDate?.toISOString() ?? '';
    } catch (thrown) {
      if (isAbsent(thrown)) return null;
      throw readError(thrown);
    }
  };
  return {
    spec: profileSpec,
    async snapshot(target, call) {
      const created = await createdAt(target, call);
      return {
        takenAt: new Date(io.clock.now()).toISOString(),
        inState: created === null,
        version: null,
        state: { loginProfile: created },
      };
    },
    preview: async ({ name }) => [
      { method: 'POST', address: 'iam:DeleteLoginProfile', body: JSON.stringify({ UserName: name }) },
    ],
    async apply(target, _, call) {
      if (!(await isSame(clients, target, call)))
        return outcome('target_absent', `${target.name} is not there.`);
      if ((await createdAt(target, call)) === null) {
        return outcome('already_in_state', `${target.name} has no password.`);
      }
      return written(
        () =>
          clients.iam.send(new DeleteLoginProfileCommand({ UserName: target.name }), {
            abortSignal: call.signal,
          }),
        `${target.name} has no password.`,
        ['iam:DeleteLoginProfile'],
      );
    },
    async observe(target, _, call) {
      const created = await createdAt(target, call);
      return {
        state: created === null ? 'in_effect' : 'not_in_effect',
        detail: `${target.name} has ${created === null ? 'no' : 'a'} console password.`,
        facts: { loginProfile: created },
      };
    },
    probe: null,
    undo: null,
    dryRun: null,
  };
}
