import { type JsonObject, objectAt, textAt } from '#shared/domain/json.ts';
import type { ActionSpec, Enforcement, Target } from '#shared/domain/response.ts';
import { outcome } from '../../outcomes.ts';
import type { Action, CallContext, FoundTarget, ProviderIo } from '../../provider.ts';
import { stateAction } from '../../state-action.ts';
import { deployKeysOf } from './deploy-keys.ts';
import type { GithubOrganization } from './organization.ts';

export const revoking = {
  idempotency: 'state_convergent',
  precondition: 'uid',
  nativeDryRun: false,
  rateLimit: '5,000 an hour, and secondary limits',
  settle: { typicalMs: 1_000, maxMs: 60_000 },
  beyondReach: null,
} as const;

const outsideStays = {
  artefact: 'personal_access_token',
  residualSeconds: null,
  coveredBy: ['token.revoke'],
  note: 'The token itself lives: it goes on for the user’s own repositories and everything public.',
} as const;

const patSpec: ActionSpec = {
  ...revoking,
  id: 'fine-grained-token.revoke',
  title: 'Revoke the fine-grained token’s access to the organization',
  verb: 'token.revoke',
  reversibility: 'R3',
  stops: ['access_token'],
  doesNotStop: [
    outsideStays,
    {
      artefact: 'ssh_key',
      residualSeconds: null,
      coveredBy: ['credential.delete'],
      note: 'SSH keys that were made with the token go on working.',
    },
  ],
  requiredPermissions: ['organization_personal_access_tokens: write'],
  undo: { possible: false, waitSeconds: 0, note: 'The user asks for access again.' },
};

const ssoSpec: ActionSpec = {
  ...revoking,
  id: 'sso-authorization.remove',
  title: 'Take the single sign-on authorization of the credential away',
  verb: 'token.revoke',
  reversibility: 'R3',
  stops: ['access_token'],
  doesNotStop: [outsideStays],
  requiredPermissions: ['organization_administration: write'],
  undo: { possible: false, waitSeconds: 0, note: 'The user makes a new token or key and authorizes it.' },
};

const leakSpec: ActionSpec = {
  ...revoking,
  id: 'token.report-leaked',
  title: 'Have GitHub revoke the token itself',
  verb: 'token.revoke',
  reversibility: 'R3',
  stops: ['personal_access_token', 'access_token', 'refresh_token'],
  doesNotStop: [
    {
      artefact: 'ssh_key',
      residualSeconds: null,
      coveredBy: ['credential.delete'],
      note: 'SSH keys that were made with the token go on working.',
    },
  ],
  requiredPermissions: [],
  rateLimit: '60 an hour',
  settle: { typicalMs: 5_000, maxMs: 300_000 },
  undo: { possible: false, waitSeconds: 0, note: 'The token is gone everywhere; its owner is mailed.' },
};

export async function credentialsOf(
  github: GithubOrganization,
  organization: string,
  { id, name }: Pick<Target, 'id' | 'name'>,
  call: CallContext,
): Promise<FoundTarget[]> {
  const at = `/orgs/${organization}`;
  const [grants, authorizations, keys] = await Promise.all([
    github.listIfGiven(`${at}/personal-access-tokens?owner[]=${name}`, call),
    github.listIfGiven(`${at}/credential-authorizations?login=${name}`, call),
    deployKeysOf(github, organization, { id, name }, call),
  ]);
  return [
    ...(grants ?? [])
      .filter((grant) => textAt(objectAt(grant, 'owner'), 'id') === id)
      .map((grant) => ({
        kind: 'fine-grained-token',
        id: textAt(grant, 'id') ?? '',
        name: textAt(grant, 'token_name') ?? '',
        parent: id,
        createdAt: textAt(grant, 'access_granted_at'),
        managedBy: null,
        attributes: {
          lastUsed: textAt(grant, 'token_last_used_at'),
          repositories: textAt(grant, 'repository_selection'),
        },
      })),
    ...(authorizations ?? [])
      .filter((one) => textAt(one, 'login')?.toLowerCase() === name.toLowerCase())
      .map((one) => ({
        kind: 'sso-authorization',
        id: textAt(one, 'credential_id') ?? '',
        name: `${textAt(one, 'credential_type') ?? 'credential'} ${textAt(one, 'authorized_credential_note') ?? textAt(one, 'authorized_credential_title') ?? ''}`.trim(),
        parent: id,
        createdAt: textAt(one, 'credential_authorized_at'),
        managedBy: null,
        attributes: { lastUsed: textAt(one, 'credential_accessed_at') },
      })),
    ...keys,
  ];
}

/** The access of a fine-grained token to the organization; only apps may call this. */
export function revokePatAction(github: GithubOrganization, organization: string, io: ProviderIo): Action {
  const at = `/orgs/${organization}/personal-access-tokens`;
  return goneAction(github, io, patSpec, {
    list: () => at,
    idMember: 'id',
    method: 'POST',
    path: ({ id }) => `${at}/${id}`,
    body: { action: 'revoke' },
  });
}

/** Organizations with SAML single sign-on (GitHub Enterprise Cloud). */
export function removeSsoAction(github: GithubOrganization, organization: string, io: ProviderIo): Action {
  const at = `/orgs/${organization}/credential-authorizations`;
  return goneAction(github, io, ssoSpec, {
    list: () => at,
    idMember: 'credential_id',
    method: 'DELETE',
    path: ({ id }) => `${at}/${id}`,
    body: null,
  });
}

interface Gone {
  readonly list: (target: Target) => string;
  readonly idMember: string;
  readonly method: 'POST' | 'DELETE';
  readonly path: (target: Target) => string;
  readonly body: JsonObject | null;
}

/** Takes something off a list for good. */
function goneAction(
  github: GithubOrganization,
  io: ProviderIo,
  spec: ActionSpec,
  { list, idMember, method, path, body }: Gone,
): Action {
  return stateAction({
    spec,
    io,
    async read(target, call) {
      const there = (await github.list(list(target), call)).some(
        (one) => textAt(one, idMember) === target.id,
      );
      return {
        state: { there },
        isDone: !there,
        detail: `${target.name} is ${there ? 'on the list' : 'off the list'}.`,
      };
    },
    calls: (target) => [
      {
        method,
        address: github.address(path(target)),
        body: body === null ? null : JSON.stringify(body),
      },
    ],
    apply: (target, _, call) =>
      github.write(method, path(target), body, { permissions: spec.requiredPermissions }, call),
    undo: null,
  });
}

/** Which tokens GitHub revokes for anybody who holds them, by their prefixes (GitHub documentation). */
export function isRevocable(credential: string): boolean {
  return /^(?:ghp|gho|ghu|ghr|github_pat)_/.test(credential);
}

/**
 * `POST /credentials/revoke`, without authorization: with one GitHub refuses it. The token is named by its fingerprint
 * and comes from the vault.
 */
export function reportLeakedAction(github: GithubOrganization, io: ProviderIo): Action {
  const live = async ({ id }: Target, call: CallContext): Promise<number | null> => {
    const token = await io.held(id);
    // Refresh tokens answer no question.
    return token === null || token.startsWith('ghr_') ? null : github.statusOf(token, call);
  };
  return {
    spec: { ...leakSpec, idempotency: 'none' },
    async snapshot(target, call) {
      const status = await live(target, call);
      return {
        takenAt: new Date(io.clock.now()).toISOString(),
        inState: status === 401,
        version: null,
        state: { live: status === null ? null : status !== 401 },
      };
    },
    preview: async (target) => [
      {
        method: 'POST',
        address: github.address('/credentials/revoke'),
        body: JSON.stringify({ credentials: [`«secret ${target.id}»`] }),
      },
    ],
    async apply(target, _, call) {
      const token = await io.held(target.id);
      if (token === null) return outcome('target_absent', 'The token is not in the vault.');
      return github.write(
        'POST',
        '/credentials/revoke',
        { credentials: [token] },
        { as: 'nobody', permissions: [] },
        call,
      );
    },
    async observe(target, _, call) {
      const status = await live(target, call);
      return {
        state: status === null ? 'unknown' : status === 401 ? 'in_effect' : 'not_in_effect',
        detail: status === null ? 'The token cannot be asked.' : `GitHub answers the token with ${status}.`,
        facts: { status },
      };
    },
    async probe(target, _, call): Promise<Enforcement> {
      const status = await live(target, call);
      const state = status === null ? 'unknown' : status === 401 ? 'denied' : 'still_allowed';
      return {
        state,
        method: 'credential',
        artefacts: ['personal_access_token'],
        detail: status === null ? 'The token cannot be asked.' : `GitHub answers the token with ${status}.`,
        facts: { status },
      };
    },
    undo: null,
    dryRun: null,
  };
}
