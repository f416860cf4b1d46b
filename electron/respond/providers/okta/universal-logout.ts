import type { ActionSpec, MissingControl } from '#shared/domain/response.ts';
import type { Action, ProviderIo } from '../../provider.ts';
import { loggedAction, signsInAgain } from './logged-action.ts';
import type { OktaOrg } from './org.ts';

export const universalLogout = 'okta.universalLogout.manage';

const spec: ActionSpec = {
  id: 'user.universal-logout',
  title: 'Log the user out of the applications that can be told, and revoke all of their tokens',
  verb: 'session.invalidate',
  reversibility: 'R2',
  stops: ['web_session', 'refresh_token', 'api_key'],
  doesNotStop: [
    signsInAgain,
    {
      artefact: 'app_session',
      residualSeconds: null,
      coveredBy: ['session.terminate'],
      note: 'Applications without Universal Logout go on; those with partial support only lose their refresh tokens.',
    },
    {
      artefact: 'access_token',
      residualSeconds: 86_400,
      coveredBy: [],
      note: 'Applications that check access tokens by themselves accept them until they expire: at most a day.',
    },
  ],
  // Harmless to repeat, but nothing says whether there is anything left to revoke.
  idempotency: 'none',
  precondition: null,
  nativeDryRun: false,
  requiredPermissions: [universalLogout],
  rateLimit: 'by endpoint, for the organization as a whole',
  settle: { typicalMs: 1_000, maxMs: 30_000 },
  beyondReach: null,
  undo: { possible: false, waitSeconds: 0, note: 'The user signs in again and makes API tokens anew.' },
};

/** What a plan cannot do where the scope is not granted. */
export const noUniversalLogout: MissingControl = {
  control: 'Universal Logout',
  consequence: 'Sessions at applications that could be told to end them go on.',
  advice: `Grant the service app ${universalLogout}, and plan again.`,
};

/**
 * Global Token Revocation (IETF draft of that name; Okta's reference): also ends API tokens that the user has made.
 */
export function universalLogoutAction(org: OktaOrg, io: ProviderIo): Action {
  return loggedAction(org, io, {
    spec,
    method: 'POST',
    path: () => '/oauth2/v1/global-token-revocation',
    body: (id) => ({ sub_id: { format: 'opaque', id } }),
    scope: universalLogout,
    event: 'user.authentication.universal_logout',
    done: (name) => `The System Log says that ${name} was logged out.`,
    silent: (name) => `The System Log says nothing of a logout of ${name} (yet).`,
  });
}
