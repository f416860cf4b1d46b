import { textAt } from '#shared/domain/json.ts';
import type { ActionSpec, Target } from '#shared/domain/response.ts';
import { outcome } from '../../outcomes.ts';
import type { Action, CallContext, FoundTarget, ProviderIo } from '../../provider.ts';
import type { JsonObject } from '#shared/domain/json.ts';
import type { VaultServer } from './server.ts';

const spec: ActionSpec = {
  id: 'token.revoke',
  title: 'Revoke the token, its children and its leases',
  verb: 'token.revoke',
  reversibility: 'R2',
  stops: ['access_token', 'lease'],
  doesNotStop: [
    {
      artefact: 'login',
      residualSeconds: null,
      coveredBy: ['identity.disable', 'grant.remove'],
      note: 'A new token is had by signing in again.',
    },
    {
      artefact: 'access_token',
      residualSeconds: null,
      coveredBy: ['identity.disable'],
      note: 'Orphans made by the token, and batch tokens, are not its children; batch tokens cannot be revoked.',
    },
  ],
  idempotency: 'state_convergent',
  precondition: null,
  nativeDryRun: false,
  requiredPermissions: ['update auth/token/revoke-accessor'],
  rateLimit: 'rate-limit quotas of the server',
  settle: { typicalMs: 0, maxMs: 10_000 },
  beyondReach: null,
  undo: { possible: false, waitSeconds: 0, note: 'A revoked token is gone; its holder signs in again.' },
};

/** `POST auth/token/revoke-accessor`: the token is known by its accessor, which cannot be used in its place. */
export function revokeTokenAction(server: VaultServer, io: ProviderIo): Action {
  const find = ({ id }: Target, call: CallContext): Promise<JsonObject | null> =>
    server.lookup('auth/token/lookup-accessor', { accessor: id }, call);
  return {
    spec,
    async snapshot(target, call) {
      const token = await find(target, call);
      return {
        takenAt: new Date(io.clock.now()).toISOString(),
        inState: token === null,
        version: null,
        state: {
          accessor: target.id,
          present: token !== null,
          displayName: textAt(token ?? {}, 'display_name'),
          path: textAt(token ?? {}, 'path'),
          created: textAt(token ?? {}, 'creation_time'),
        },
      };
    },
    preview: async ({ id }) => [
      {
        method: 'POST',
        address: server.address('auth/token/revoke-accessor'),
        body: JSON.stringify({ accessor: id }),
      },
    ],
    async apply(target, snapshot, call) {
      const came = await server.write(
        'POST',
        'auth/token/revoke-accessor',
        { accessor: target.id },
        'update auth/token/revoke-accessor',
        call,
      );
      const isGone = came.kind === 'target_absent' && snapshot.state['present'] === false;
      return isGone ? outcome('already_in_state', 'The token is gone already.', came.facts) : came;
    },
    async observe(target, _, call) {
      const isThere = (await find(target, call)) !== null;
      return {
        state: isThere ? 'not_in_effect' : 'in_effect',
        detail: isThere ? 'The accessor still names a token.' : 'The accessor names no token any more.',
        facts: { present: isThere },
      };
    },
    async probe({ attributes }, _, call) {
      const artefacts = ['access_token'] as const;
      const fingerprint = attributes['fingerprint'];
      const held = typeof fingerprint === 'string' ? await io.held(fingerprint) : null;
      if (held === null) {
        const detail = 'The token itself is not held here, so it cannot be tried.';
        return { state: 'unknown', method: 'credential', artefacts, detail, facts: {} };
      }
      const works = (await server.self(held, call)) !== null;
      return {
        state: works ? 'still_allowed' : 'denied',
        method: 'credential',
        artefacts,
        detail: works ? 'The token still works.' : 'Vault refuses the token.',
        facts: { works },
      };
    },
    undo: null,
    dryRun: null,
  };
}

/** Tokens of an entity, by their accessors. Batch tokens have none and are not found. */
export async function tokensOf(
  server: VaultServer,
  entity: string,
  call: CallContext,
): Promise<readonly JsonObject[]> {
  const accessors = await server.list('auth/token/accessors', call);
  const found: JsonObject[] = [];
  // One after another in slices: an accessor that has expired since is no error.
  for (let at = 0; at < accessors.length; at += atOnce) {
    const slice = accessors.slice(at, at + atOnce);
    const tokens = await Promise.all(
      slice.map((accessor) => server.lookup('auth/token/lookup-accessor', { accessor }, call)),
    );
    for (const token of tokens) {
      if (token !== null && textAt(token, 'entity_id') === entity) found.push(token);
    }
  }
  return found;
}

const atOnce = 16;

export function tokenTarget(
  token: JsonObject,
  parent: string | null,
  fingerprint: string | null = null,
): FoundTarget | null {
  const accessor = textAt(token, 'accessor');
  if (accessor === null) return null;
  return {
    kind: 'token',
    id: accessor,
    name: `${textAt(token, 'display_name') ?? 'token'} (${accessor})`,
    parent,
    createdAt: momentOf(token),
    managedBy: null,
    attributes: {
      path: textAt(token, 'path'),
      orphan: token['orphan'] === true,
      type: textAt(token, 'type'),
      secondsLeft: typeof token['ttl'] === 'number' ? token['ttl'] : null,
      ...(fingerprint === null ? {} : { fingerprint }),
    },
  };
}

/** `creation_time`, seconds of the epoch. */
export function momentOf(token: JsonObject): string | null {
  const seconds = token['creation_time'];
  return typeof seconds === 'number' ? new Date(seconds * 1_000).toISOString() : null;
}
