import { textAt } from '#shared/domain/json.ts';
import type { ActionSpec, MissingControl } from '#shared/domain/response.ts';
import { outcome } from '../../outcomes.ts';
import type { Action, ProviderIo } from '../../provider.ts';
import type { OktaOrg } from './org.ts';

export const universalLogout = 'okta.universalLogout.manage';
const path = '/oauth2/v1/global-token-revocation';

const spec: ActionSpec = {
  id: 'user.universal-logout',
  title: 'Log the user out of the applications that can be told, and revoke all of their tokens',
  verb: 'session.invalidate',
  reversibility: 'R2',
  stops: ['web_session', 'refresh_token', 'api_key'],
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
 * Global Token Revocation (IETF draft of that name; Okta's reference): also ends API tokens that the user has made. That
 * it was done is read out of the System Log.
 */
export function universalLogoutAction(org: OktaOrg, io: ProviderIo): Action {
  return {
    spec,
    snapshot: ({ id }) =>
      Promise.resolve({
        takenAt: new Date(io.clock.now()).toISOString(),
        inState: false,
        version: null,
        state: { id },
      }),
    preview: async ({ id }) => [
      { method: 'POST', address: org.address(path), body: JSON.stringify(bodyOf(id)) },
    ],
    async apply({ id, name }, _, call) {
      if ((await org.user(id, call)) === null) return outcome('target_absent', `${name} is not there.`);
      return org.write('POST', path, call, { scope: universalLogout, body: bodyOf(id) });
    },
    async observe({ id, name }, _, call) {
      const [event] = await org.events('user.authentication.universal_logout', id, call.since, call);
      return event === undefined
        ? { state: 'unknown', detail: `The System Log says nothing of a logout of ${name} (yet).`, facts: {} }
        : {
            state: 'in_effect',
            detail: `The System Log says that ${name} was logged out.`,
            facts: { event: textAt(event, 'uuid'), published: textAt(event, 'published') },
          };
    },
    probe: null,
    undo: null,
    dryRun: null,
  };
}

function bodyOf(id: string) {
  return { sub_id: { format: 'opaque', id } };
}
