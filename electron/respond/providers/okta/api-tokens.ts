import { textAt } from '#shared/domain/json.ts';
import type { ActionSpec, MissingControl, Target } from '#shared/domain/response.ts';
import {
  type Action,
  type CallContext,
  type FoundTarget,
  ProviderError,
  type ProviderIo,
} from '../../provider.ts';
import { stateAction } from '../../state-action.ts';
import type { OktaOrg } from './org.ts';

export const readTokens = 'okta.apiTokens.read';
export const manageTokens = 'okta.apiTokens.manage';

const spec: ActionSpec = {
  id: 'api-token.revoke',
  title: 'Revoke the API token',
  verb: 'credential.delete',
  reversibility: 'R3',
  stops: ['api_key'],
  doesNotStop: [],
  idempotency: 'state_convergent',
  precondition: null,
  nativeDryRun: false,
  requiredPermissions: [manageTokens],
  rateLimit: 'by endpoint, for the organization as a whole',
  settle: { typicalMs: 0, maxMs: 10_000 },
  beyondReach: null,
  undo: { possible: false, waitSeconds: 0, note: 'Somebody makes another token for what has used it.' },
};

/** API tokens (SSWS) that a user has made: each may do whatever the user may, and outlives their sessions. */
export async function tokensOf(org: OktaOrg, user: Target, call: CallContext): Promise<FoundTarget[]> {
  if (!(await org.grants(readTokens, call))) return [];
  const tokens = await org.apiTokens(call);
  return tokens
    .filter((token) => textAt(token, 'userId') === user.id)
    .map((token): FoundTarget => {
      const id = textAt(token, 'id');
      if (id === null) throw new ProviderError('protocol', 'Okta answered an API token without an id.');
      return {
        kind: 'api-token',
        id,
        name: `API token “${textAt(token, 'name') ?? id}” of ${user.name}`,
        parent: user.id,
        createdAt: textAt(token, 'created'),
        managedBy: null,
        attributes: { expires: textAt(token, 'expiresAt'), client: textAt(token, 'clientName') },
      };
    });
}

/** What a plan does not know of where the scope is not granted. */
export async function unlistedTokens(org: OktaOrg, call: CallContext): Promise<MissingControl[]> {
  if (await org.grants(readTokens, call)) return [];
  return [
    {
      control: 'API tokens (SSWS) of the user',
      consequence: 'Whether the user has made any is not known; they work on, with all that the user may do.',
      advice: `Grant the service app ${readTokens} and ${manageTokens}, and plan again.`,
    },
  ];
}

/** `DELETE /api/v1/api-tokens/{id}`; read back by its id, which answers 404 from then on. */
export function revokeApiTokenAction(org: OktaOrg, io: ProviderIo): Action {
  return stateAction({
    spec,
    io,
    async read(target, call) {
      const token = await org.find(pathOf(target), readTokens, call);
      return {
        state: { id: target.id, present: token !== null, name: textAt(token ?? {}, 'name') },
        isDone: token === null,
        detail: `${target.name} is ${token === null ? 'not there any more' : 'there'}.`,
      };
    },
    calls: (target) => [{ method: 'DELETE', address: org.address(pathOf(target)), body: null }],
    apply: (target, _, call) => org.write('DELETE', pathOf(target), call, { scope: manageTokens }),
    undo: null,
  });
}

function pathOf({ id }: Target): string {
  return `/api/v1/api-tokens/${encodeURIComponent(id)}`;
}
