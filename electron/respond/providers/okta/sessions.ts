import type { ActionSpec } from '#shared/domain/response.ts';
import type { Action, ProviderIo } from '../../provider.ts';
import { loggedAction, signsInAgain } from './logged-action.ts';
import type { OktaOrg } from './org.ts';

const spec: ActionSpec = {
  id: 'user.clear-sessions',
  title: 'Clear the user’s sessions and tokens',
  verb: 'session.invalidate',
  reversibility: 'R2',
  stops: ['web_session', 'refresh_token'],
  doesNotStop: [
    signsInAgain,
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
  return loggedAction(org, io, {
    spec,
    method: 'DELETE',
    path: (id) => `/api/v1/users/${encodeURIComponent(id)}/sessions?oauthTokens=true`,
    event: 'user.session.clear',
    done: (name) => `The System Log says that ${name}’s sessions were cleared.`,
    silent: (name) => `The System Log says nothing of ${name}’s sessions (yet).`,
  });
}
