import type { ActionSpec, Artefact, Reversibility, Verb } from '#shared/domain/response.ts';

function one(
  id: string,
  verb: Verb,
  reversibility: Reversibility,
  stops: readonly Artefact[],
  settleMs: number,
  more: Partial<ActionSpec> = {},
): ActionSpec {
  return {
    id,
    title: id,
    verb,
    reversibility,
    stops,
    doesNotStop: [],
    idempotency: 'state_convergent',
    precondition: 'compare_snapshot',
    nativeDryRun: false,
    requiredPermissions: ['write'],
    rateLimit: null,
    settle: { typicalMs: Math.min(settleMs, 100), maxMs: settleMs },
    beyondReach: null,
    undo: { possible: reversibility === 'R0' || reversibility === 'R1', waitSeconds: 0, note: '' },
    ...more,
  };
}

/** What the test world's provider offers for a kind of target. */
export function spec(
  kind: string,
  settleMs: number,
  hasOrganization: boolean,
  waitSeconds = 0,
): ActionSpec[] {
  switch (kind) {
    case 'account':
      return [
        ...(hasOrganization
          ? [
              one('account.deny', 'deny.attach', 'R0', ['login', 'api_key', 'web_session'], settleMs, {
                beyondReach: true,
              }),
            ]
          : []),
        one('account.disable', 'identity.disable', 'R0', ['login', 'api_key'], settleMs, {
          beyondReach: false,
          undo: { possible: true, waitSeconds, note: 'Old tokens come to life again.' },
          doesNotStop: [
            {
              artefact: 'web_session',
              residualSeconds: 3_600,
              coveredBy: ['session.terminate'],
              note: 'until it expires',
            },
            { artefact: 'access_token', residualSeconds: 600, coveredBy: [], note: 'validated locally' },
          ],
        }),
      ];
    case 'key':
      return [
        one('key.disable', 'credential.disable', 'R0', ['api_key'], settleMs, { beyondReach: false }),
        one('key.rotate', 'credential.rotate', 'R3', ['api_key'], settleMs, { idempotency: 'none' }),
      ];
    case 'session':
      return [one('session.end', 'session.terminate', 'R2', ['web_session'], settleMs)];
    default:
      return [
        one('grant.remove', 'grant.remove', 'R1', ['grant'], settleMs, { idempotency: 'state_convergent' }),
      ];
  }
}
