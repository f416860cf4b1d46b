import { randomBytes } from 'node:crypto';
import { type JsonObject, textAt } from '#shared/domain/json.ts';
import type { ActionSpec, Remainder, Target } from '#shared/domain/response.ts';
import type { Action, ProviderIo } from '../../provider.ts';
import { stateAction } from '../../state-action.ts';
import { timeAction } from '../../time-action.ts';
import { user } from './principals.ts';
import type { EntraTenant } from './tenant.ts';

/** Continuous access evaluation, Microsoft Entra documentation: what each kind of token lives after the event. */
const userTokens: Remainder = {
  artefact: 'access_token',
  residualSeconds: 100_800,
  coveredBy: [],
  note: 'Resources without continuous access evaluation accept tokens until they expire: about an hour. Those with it end them within 15 minutes of the event; where it does not arrive their tokens live up to 28 hours.',
};
const appSessions: Remainder = {
  artefact: 'app_session',
  residualSeconds: null,
  coveredBy: ['session.terminate'],
  note: 'Applications that have signed the user in go on with cookies of their own.',
};
const quick = { typicalMs: 1_000, maxMs: 60_000 };

const disableUser: ActionSpec = {
  id: 'user.disable',
  title: 'Block sign-in',
  verb: 'identity.disable',
  reversibility: 'R0',
  stops: ['login'],
  doesNotStop: [
    userTokens,
    appSessions,
    {
      artefact: 'web_session',
      residualSeconds: 100_800,
      coveredBy: ['session.invalidate'],
      note: 'Sign-in sessions and refresh tokens are ended by revoking them.',
    },
    {
      artefact: 'device',
      residualSeconds: null,
      coveredBy: ['credential.disable'],
      note: 'Registered devices keep their primary refresh token until they are disabled too.',
    },
  ],
  idempotency: 'state_convergent',
  precondition: 'compare_snapshot',
  nativeDryRun: false,
  requiredPermissions: ['User.EnableDisableAccount.All'],
  rateLimit: 'Microsoft Graph, by tenant and app',
  settle: quick,
  beyondReach: null,
  undo: { possible: true, waitSeconds: 0, note: '' },
};

const disableDevice: ActionSpec = {
  ...disableUser,
  id: 'device.disable',
  title: 'Disable the registered device',
  verb: 'credential.disable',
  stops: ['device'],
  doesNotStop: [userTokens],
  requiredPermissions: ['Device.ReadWrite.All'],
};

const disableApp: ActionSpec = {
  ...disableUser,
  id: 'service-principal.disable',
  title: 'Disable the service principal',
  stops: ['login'],
  doesNotStop: [
    {
      artefact: 'access_token',
      residualSeconds: 3_600,
      coveredBy: [],
      note: 'Tokens that were issued are accepted until they expire: about an hour. Only Microsoft Graph evaluates those of applications continuously.',
    },
  ],
  requiredPermissions: ['Application.ReadWrite.All'],
};

const disableManaged: ActionSpec = {
  ...disableApp,
  id: 'managed-identity.disable',
  title: 'Disable the managed identity',
  doesNotStop: [
    {
      artefact: 'access_token',
      residualSeconds: 86_400,
      coveredBy: [],
      note: 'Tokens of managed identities live up to 24 hours, and are never evaluated continuously.',
    },
  ],
};

export const disableUserAction = (tenant: EntraTenant, io: ProviderIo): Action =>
  enabledAction(tenant, io, disableUser, 'users');
export const disableDeviceAction = (tenant: EntraTenant, io: ProviderIo): Action =>
  enabledAction(tenant, io, disableDevice, 'devices');
export const disableAppAction = (tenant: EntraTenant, io: ProviderIo): Action =>
  enabledAction(tenant, io, disableApp, 'servicePrincipals');
export const disableManagedAction = (tenant: EntraTenant, io: ProviderIo): Action =>
  enabledAction(tenant, io, disableManaged, 'servicePrincipals');

/** `accountEnabled` of a user, device or service principal. */
function enabledAction(
  tenant: EntraTenant,
  io: ProviderIo,
  spec: ActionSpec,
  collection: 'users' | 'devices' | 'servicePrincipals',
): Action {
  const path = ({ id }: Target): string => `/${collection}/${encodeURIComponent(id)}`;
  const set = (target: Target, enabled: boolean) => ({
    method: 'PATCH',
    address: tenant.address(path(target)),
    body: JSON.stringify({ accountEnabled: enabled }),
  });
  return stateAction({
    spec,
    io,
    async read(target, call) {
      const object = await tenant.find(`${path(target)}?$select=id,accountEnabled`, call);
      if (object === null) return null;
      const isEnabled = object['accountEnabled'] !== false;
      return {
        state: { accountEnabled: isEnabled },
        isDone: !isEnabled,
        detail: `${target.name} is ${isEnabled ? 'enabled' : 'disabled'}.`,
      };
    },
    calls: (target) => [set(target, false)],
    undoCalls: (target) => [set(target, true)],
    apply: (target, _, call) =>
      tenant.write('PATCH', path(target), { accountEnabled: false }, spec.requiredPermissions, call),
    undo: (target, _before, _now, call) =>
      tenant.write('PATCH', path(target), { accountEnabled: true }, spec.requiredPermissions, call),
  });
}

const revoke: ActionSpec = {
  id: 'user.revoke-sessions',
  title: 'Revoke sign-in sessions and refresh tokens',
  verb: 'session.invalidate',
  reversibility: 'R2',
  stops: ['web_session', 'refresh_token'],
  doesNotStop: [
    {
      artefact: 'login',
      residualSeconds: null,
      coveredBy: ['identity.disable'],
      note: 'The user signs in again at once unless sign-in is blocked.',
    },
    userTokens,
    appSessions,
  ],
  // Harmless to repeat, but nothing says whether there is anything left to revoke.
  idempotency: 'none',
  precondition: null,
  nativeDryRun: false,
  requiredPermissions: ['User.RevokeSessions.All'],
  rateLimit: 'Microsoft Graph, by tenant and app',
  settle: { typicalMs: 2_000, maxMs: 300_000 },
  beyondReach: null,
  undo: { possible: false, waitSeconds: 0, note: 'The user signs in again.' },
};

/** `revokeSignInSessions`, which moves `signInSessionsValidFromDateTime`; it has no effect on guests. */
export function revokeSessionsAction(tenant: EntraTenant, io: ProviderIo): Action {
  return timeAction({
    spec: revoke,
    io,
    named: 'sessions are valid from',
    async read({ id }, call) {
      const object = await user(tenant, id, call);
      return object === null ? null : { time: textAt(object, 'signInSessionsValidFromDateTime') };
    },
    calls: (target) => [{ method: 'POST', address: tenant.address(revokePath(target)), body: null }],
    apply: (target, call) => tenant.write('POST', revokePath(target), null, revoke.requiredPermissions, call),
  });
}

const reset: ActionSpec = {
  id: 'user.reset-password',
  title: 'Set a random password that nobody knows',
  verb: 'credential.rotate',
  reversibility: 'R3',
  stops: ['password'],
  doesNotStop: [
    {
      artefact: 'web_session',
      residualSeconds: 100_800,
      coveredBy: ['session.invalidate'],
      note: 'Sessions are ended by revoking them.',
    },
    {
      artefact: 'mfa_factor',
      residualSeconds: null,
      coveredBy: ['credential.delete'],
      note: 'Methods without a password (keys, authenticator, pass) go on working, and may reset it.',
    },
    userTokens,
    appSessions,
  ],
  idempotency: 'none',
  precondition: null,
  nativeDryRun: false,
  requiredPermissions: ['User-PasswordProfile.ReadWrite.All'],
  rateLimit: 'Microsoft Graph, by tenant and app',
  settle: quick,
  beyondReach: null,
  undo: { possible: false, waitSeconds: 0, note: 'The old password is lost: the help desk gives a new one.' },
};

/** A new password in the user's profile: `resetPassword` of the method is closed to applications (Microsoft Graph). */
export function resetPasswordAction(tenant: EntraTenant, io: ProviderIo): Action {
  return timeAction({
    spec: reset,
    io,
    named: 'password last set',
    async read({ id }, call) {
      const object = await user(tenant, id, call);
      return object === null ? null : { time: textAt(object, 'lastPasswordChangeDateTime') };
    },
    calls: (target) => [
      {
        method: 'PATCH',
        address: tenant.address(userPath(target)),
        body: JSON.stringify(profileWith('«secret new password»')),
      },
    ],
    apply: (target, call) => {
      // Not kept anywhere. Letters of all four kinds, as the tenant's rules ask for.
      const password = `${randomBytes(32).toString('base64url')}aA1!`;
      return tenant.write('PATCH', userPath(target), profileWith(password), reset.requiredPermissions, call);
    },
  });
}

function userPath({ id }: Target): string {
  return `/users/${encodeURIComponent(id)}`;
}

function revokePath(target: Target): string {
  return `${userPath(target)}/revokeSignInSessions`;
}

function profileWith(password: string): JsonObject {
  return { passwordProfile: { password, forceChangePasswordNextSignIn: true } };
}
