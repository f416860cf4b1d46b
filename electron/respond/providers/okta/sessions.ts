import { textAt } from '#shared/domain/json.ts';
import type { ActionSpec } from '#shared/domain/response.ts';
import { outcome } from '../../outcomes.ts';
import type { Action, ProviderIo } from '../../provider.ts';
import type { OktaOrg } from './org.ts';

const spec: ActionSpec = {
  id: 'user.clear-sessions',
  title: 'Clear the user’s sessions and tokens',
  verb: 'session.invalidate',
  reversibility: 'R2',
  stops: ['web_session', 'refresh_token'],
  doesNotStop: [
    {
      artefact: 'login',
      residualSeconds: null,
      coveredBy: ['identity.disable'],
      note: 'The user signs in again at once unless suspended.',
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
      note: 'Revoked at Okta; applications that check them by themselves accept them until they expire: at most a day.',
    },
    {
      artefact: 'api_key',
      residualSeconds: null,
      coveredBy: ['credential.delete', 'session.invalidate'],
      note: 'API tokens (SSWS) that the user made are no part of this: universal logout and their own revocation end them.',
    },
  ],
  // Harmless to repeat, but nothing says whether there is anything left to clear.
  idempotency: 'none',
  precondition: null,
  nativeDryRun: false,
  requiredPermissions: ['okta.users.manage'],
  rateLimit: 'by endpoint, for the organization as a whole',
  settle: { typicalMs: 1_000, maxMs: 30_000 },
  beyondReach: null,
  undo: { possible: false, waitSeconds: 0, note: 'The user signs in again.' },
};

/**
 * `DELETE /users/{id}/sessions?oauthTokens=true`. Sessions of others cannot be listed: that they were cleared is read
 * out of the System Log.
 */
export function clearSessionsAction(org: OktaOrg, io: ProviderIo): Action {
  return {
    spec,
    snapshot: ({ id }) =>
      Promise.resolve({
        takenAt: new Date(io.clock.now()).toISOString(),
        inState: false,
        version: null,
        state: { id },
      }),
    preview: async ({ id }) => [{ method: 'DELETE', address: org.address(path(id)), body: null }],
    async apply({ id, name }, _, call) {
      if ((await org.user(id, call)) === null) return outcome('target_absent', `${name} is not there.`);
      return org.write('DELETE', path(id), call);
    },
    async observe({ id, name }, _, call) {
      const events = await org.events('user.session.clear', id, call.since, call);
      const [event] = events;
      return event === undefined
        ? { state: 'unknown', detail: `The System Log says nothing of ${name}’s sessions (yet).`, facts: {} }
        : {
            state: 'in_effect',
            detail: `The System Log says that ${name}’s sessions were cleared.`,
            facts: { event: textAt(event, 'uuid'), published: textAt(event, 'published') },
          };
    },
    probe: null,
    undo: null,
    dryRun: null,
  };
}

function path(id: string): string {
  return `/api/v1/users/${encodeURIComponent(id)}/sessions?oauthTokens=true`;
}
