import { type JsonObject, objectAt, textAt } from '#shared/domain/json.ts';
import type { ActionSpec } from '#shared/domain/response.ts';
import { outcome } from '../../outcomes.ts';
import type { Action, ProviderIo } from '../../provider.ts';
import type { OktaOrg } from './org.ts';

const spec: ActionSpec = {
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
      note: 'Okta sessions that are open are ended by clearing them.',
    },
    {
      artefact: 'app_session',
      residualSeconds: null,
      coveredBy: ['session.terminate'],
      note: 'Applications that have signed the user in go on with sessions of their own.',
    },
    {
      artefact: 'access_token',
      residualSeconds: 86_400,
      coveredBy: [],
      note: 'Applications that check access tokens by themselves accept them until they expire: at most a day.',
    },
    {
      artefact: 'refresh_token',
      residualSeconds: null,
      coveredBy: ['session.invalidate', 'token.revoke'],
      note: 'Tokens are revoked together with the sessions.',
    },
    {
      artefact: 'device',
      residualSeconds: null,
      coveredBy: [],
      note: 'Okta FastPass stays enrolled on the user’s devices.',
    },
  ],
  // Lifecycle calls change a status step by step: each is made only from the status that it starts from.
  idempotency: 'none',
  precondition: 'compare_snapshot',
  nativeDryRun: false,
  requiredPermissions: ['okta.users.manage'],
  rateLimit: 'by endpoint, for the organization as a whole',
  settle: { typicalMs: 0, maxMs: 10_000 },
  beyondReach: null,
  undo: { possible: true, waitSeconds: 0, note: 'Groups and assignments stay while a user is suspended.' },
};

/**
 * `lifecycle/suspend`, which works on ACTIVE users alone and keeps their assignments; deactivation would lose them.
 * A user who is deactivated cannot sign in either, and is left so.
 */
export function suspendAction(org: OktaOrg, io: ProviderIo): Action {
  return {
    spec,
    async snapshot({ id }, call) {
      const user = await org.user(id, call);
      const status = textAt(user ?? {}, 'status');
      return {
        takenAt: new Date(io.clock.now()).toISOString(),
        inState: isOut(status),
        version: null,
        state: { id, login: textAt(objectAt(user ?? {}, 'profile'), 'login'), status },
      };
    },
    preview: async ({ id }) => [{ method: 'POST', address: org.address(path(id, 'suspend')), body: null }],
    previewUndo: async ({ id }) => [
      { method: 'POST', address: org.address(path(id, 'unsuspend')), body: null },
    ],
    async apply({ id, name }, _, call) {
      const user = await org.user(id, call);
      if (user === null) return outcome('target_absent', `${name} is not there.`);
      const status = textAt(user, 'status');
      if (isOut(status)) return outcome('already_in_state', `${name} is ${status} already.`);
      if (isChanging(user)) return outcome('precondition_failed', `${name} is changing its status.`);
      if (status !== 'ACTIVE') {
        return outcome('unsupported', `${name} is ${status}: Okta suspends active users only.`, { status });
      }
      return org.write('POST', path(id, 'suspend'), call);
    },
    async observe({ id, name }, _, call) {
      const user = await org.user(id, call);
      if (user === null) return { state: 'target_absent', detail: `${name} is not there.`, facts: {} };
      const status = textAt(user, 'status');
      const facts = { status, transitioningToStatus: textAt(user, 'transitioningToStatus') };
      if (isChanging(user)) {
        return { state: 'unknown', detail: `${name} is changing its status.`, facts };
      }
      return {
        state: isOut(status) ? 'in_effect' : 'not_in_effect',
        detail: `${name} is ${status}.`,
        facts,
      };
    },
    probe: null,
    async undo({ id, name }, { state }, call) {
      if (textAt(state, 'status') !== 'ACTIVE') {
        return outcome('precondition_failed', `${name} was not active before.`);
      }
      const user = await org.user(id, call);
      if (user === null) return outcome('target_absent', `${name} is not there.`);
      const status = textAt(user, 'status');
      if (status === 'ACTIVE') return outcome('already_in_state', `${name} is active already.`);
      if (status !== 'SUSPENDED' || isChanging(user)) {
        return outcome('precondition_failed', `${name} is ${status}: somebody changed it since.`, { status });
      }
      return org.write('POST', path(id, 'unsuspend'), call);
    },
    dryRun: null,
  };
}

function isOut(status: string | null): boolean {
  return status === 'SUSPENDED' || status === 'DEPROVISIONED';
}

/** Some changes go on after their call was answered; until then the status is the old one. */
function isChanging(user: JsonObject): boolean {
  return textAt(user, 'transitioningToStatus') !== null;
}

function path(id: string, change: 'suspend' | 'unsuspend'): string {
  return `/api/v1/users/${encodeURIComponent(id)}/lifecycle/${change}`;
}
