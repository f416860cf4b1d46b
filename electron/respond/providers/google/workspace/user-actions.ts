import type { ActionSpec, Remainder } from '#shared/domain/response.ts';
import { outcome } from '../../../outcomes.ts';
import type { Action, ProviderIo } from '../../../provider.ts';
import { stateAction } from '../../../state-action.ts';
import type { WorkspaceDirectory } from './directory.ts';

const tokens: Remainder = {
  artefact: 'access_token',
  residualSeconds: 3_600,
  coveredBy: [],
  note: 'Access tokens that applications hold are accepted until they expire: up to an hour.',
};
const appSessions: Remainder = {
  artefact: 'app_session',
  residualSeconds: null,
  coveredBy: ['session.terminate'],
  note: 'Applications that signed the user in through Google go on with sessions of their own.',
};
const common = {
  nativeDryRun: false,
  rateLimit: '2,400 a minute for the customer',
  beyondReach: null,
} as const;

const suspendSpec: ActionSpec = {
  ...common,
  id: 'user.suspend',
  title: 'Suspend the user',
  verb: 'identity.disable',
  reversibility: 'R0',
  stops: ['login'],
  doesNotStop: [
    {
      artefact: 'web_session',
      residualSeconds: null,
      coveredBy: ['session.invalidate'],
      note: 'Web and device sessions are ended by signing the user out.',
    },
    {
      artefact: 'refresh_token',
      residualSeconds: null,
      coveredBy: ['token.revoke'],
      note: 'Applications that the user let in are taken out one by one.',
    },
    tokens,
    appSessions,
  ],
  idempotency: 'state_convergent',
  precondition: 'compare_snapshot',
  requiredPermissions: ['admin.directory.user'],
  settle: { typicalMs: 2_000, maxMs: 120_000 },
  undo: { possible: true, waitSeconds: 0, note: '' },
};

export function suspendAction(directory: WorkspaceDirectory, io: ProviderIo): Action {
  const set = (suspended: boolean) => (id: string) => ({
    method: 'PATCH',
    address: directory.address(`/users/${id}`),
    body: JSON.stringify({ suspended }),
  });
  return stateAction({
    spec: suspendSpec,
    io,
    async read({ id, name }, call) {
      const user = await directory.user(id, call);
      if (user === null) return null;
      const isSuspended = user['suspended'] === true;
      return {
        state: { suspended: isSuspended },
        isDone: isSuspended,
        detail: `${name} is ${isSuspended ? 'suspended' : 'active'}.`,
        facts: { reason: user['suspensionReason'] ?? null },
      };
    },
    calls: ({ id }) => [set(true)(id)],
    undoCalls: ({ id }) => [set(false)(id)],
    apply: ({ id }, _, call) =>
      directory.calls.write('PATCH user', call, suspendSpec.requiredPermissions, ({ users }) =>
        users.patch({ userKey: id, requestBody: { suspended: true } }),
      ),
    undo: ({ id }, _before, _now, call) =>
      directory.calls.write('PATCH user', call, suspendSpec.requiredPermissions, ({ users }) =>
        users.patch({ userKey: id, requestBody: { suspended: false } }),
      ),
  });
}

const demoteSpec: ActionSpec = {
  ...common,
  id: 'user.remove-super-admin',
  title: 'Take super administrator away',
  verb: 'grant.remove',
  reversibility: 'R0',
  stops: ['grant'],
  doesNotStop: [
    {
      artefact: 'membership',
      residualSeconds: null,
      coveredBy: ['identity.disable'],
      note: 'Delegated administrator roles and groups stay.',
    },
  ],
  idempotency: 'state_convergent',
  precondition: 'compare_snapshot',
  requiredPermissions: ['admin.directory.user'],
  settle: { typicalMs: 2_000, maxMs: 120_000 },
  undo: { possible: true, waitSeconds: 0, note: '' },
};

export function removeAdminAction(directory: WorkspaceDirectory, io: ProviderIo): Action {
  const make = (id: string, status: boolean) => ({
    method: 'POST',
    address: directory.address(`/users/${id}/makeAdmin`),
    body: JSON.stringify({ status }),
  });
  return stateAction({
    spec: demoteSpec,
    io,
    async read({ id, name }, call) {
      const user = await directory.user(id, call);
      if (user === null) return null;
      const isAdmin = user['isAdmin'] === true;
      return {
        state: { isAdmin },
        isDone: !isAdmin,
        detail: `${name} is ${isAdmin ? 'a' : 'no'} super administrator.`,
      };
    },
    calls: ({ id }) => [make(id, false)],
    undoCalls: ({ id }) => [make(id, true)],
    apply: ({ id }, _, call) =>
      directory.calls.write('POST makeAdmin', call, demoteSpec.requiredPermissions, ({ users }) =>
        users.makeAdmin({ userKey: id, requestBody: { status: false } }),
      ),
    undo: ({ id }, _before, _now, call) =>
      directory.calls.write('POST makeAdmin', call, demoteSpec.requiredPermissions, ({ users }) =>
        users.makeAdmin({ userKey: id, requestBody: { status: true } }),
      ),
  });
}

const codesSpec: ActionSpec = {
  ...common,
  id: 'user.invalidate-backup-codes',
  title: 'Make the backup codes of two-step verification void',
  verb: 'credential.delete',
  reversibility: 'R3',
  stops: ['mfa_factor'],
  doesNotStop: [
    {
      artefact: 'password',
      residualSeconds: null,
      coveredBy: ['identity.disable'],
      note: 'Password, keys and prompts go on working.',
    },
  ],
  idempotency: 'state_convergent',
  precondition: null,
  requiredPermissions: ['admin.directory.user.security'],
  settle: { typicalMs: 2_000, maxMs: 60_000 },
  undo: { possible: false, waitSeconds: 0, note: 'The user makes new codes.' },
};

export function invalidateCodesAction(directory: WorkspaceDirectory, io: ProviderIo): Action {
  return stateAction({
    spec: codesSpec,
    io,
    async read({ id, name }, call) {
      if ((await directory.user(id, call)) === null) return null;
      const count = await directory.backupCodes(id, call);
      return {
        state: { codes: count > 0 },
        isDone: count === 0,
        detail: `${name} has ${count === 0 ? 'no' : count} backup codes.`,
      };
    },
    calls: ({ id }) => [
      { method: 'POST', address: directory.address(`/users/${id}/verificationCodes/invalidate`), body: null },
    ],
    apply: ({ id }, _, call) =>
      directory.calls.write(
        'POST verificationCodes/invalidate',
        call,
        codesSpec.requiredPermissions,
        (client) => client.verificationCodes.invalidate({ userKey: id }),
      ),
    undo: null,
  });
}

const signOutSpec: ActionSpec = {
  ...common,
  id: 'user.sign-out',
  title: 'Sign the user out of all web and device sessions',
  verb: 'session.invalidate',
  reversibility: 'R2',
  stops: ['web_session'],
  doesNotStop: [
    {
      artefact: 'login',
      residualSeconds: null,
      coveredBy: ['identity.disable'],
      note: 'The user signs in again at once unless suspended.',
    },
    tokens,
    appSessions,
  ],
  // Harmless to repeat, but Google has no list of sessions to look at.
  idempotency: 'none',
  precondition: null,
  requiredPermissions: ['admin.directory.user.security'],
  settle: { typicalMs: 1_000, maxMs: 60_000 },
  undo: { possible: false, waitSeconds: 0, note: 'The user signs in again.' },
};

export function signOutAction(directory: WorkspaceDirectory, io: ProviderIo): Action {
  return {
    spec: signOutSpec,
    snapshot: ({ id }) =>
      Promise.resolve({
        takenAt: new Date(io.clock.now()).toISOString(),
        inState: false,
        version: null,
        state: { id },
      }),
    preview: async ({ id }) => [
      { method: 'POST', address: directory.address(`/users/${id}/signOut`), body: null },
    ],
    async apply({ id, name }, _, call) {
      if ((await directory.user(id, call)) === null) return outcome('target_absent', `${name} is not there.`);
      return directory.calls.write('POST signOut', call, signOutSpec.requiredPermissions, ({ users }) =>
        users.signOut({ userKey: id }),
      );
    },
    observe: () =>
      Promise.resolve({
        state: 'unknown',
        detail: 'Google does not say which sessions a user has: only its audit log shows the sign-out.',
        facts: {},
      }),
    probe: null,
    undo: null,
    dryRun: null,
  };
}
