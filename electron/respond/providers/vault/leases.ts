import type { ActionSpec } from '#shared/domain/response.ts';
import { arrayAt, isObject, textAt } from '#shared/domain/json.ts';
import { type Action, type CallContext, ProviderError, type ProviderIo } from '../../provider.ts';
import type { VaultServer } from './server.ts';

const permission = 'sudo,update sys/leases/revoke-prefix/*';

const spec: ActionSpec = {
  id: 'leases.revoke',
  title: 'Revoke every lease under the prefix',
  verb: 'token.revoke',
  reversibility: 'R3',
  stops: ['lease'],
  doesNotStop: [
    {
      artefact: 'lease',
      residualSeconds: null,
      coveredBy: ['identity.disable', 'grant.remove'],
      note: 'Who may still read the path gets a new lease.',
    },
  ],
  idempotency: 'state_convergent',
  precondition: null,
  nativeDryRun: false,
  requiredPermissions: [permission, 'sudo,list sys/leases/lookup/*'],
  rateLimit: 'rate-limit quotas of the server',
  settle: { typicalMs: 500, maxMs: 30_000 },
  beyondReach: null,
  undo: {
    possible: false,
    waitSeconds: 0,
    note: 'Every consumer of these credentials loses them and has to ask for new ones.',
  },
};

/**
 * `POST sys/leases/revoke-prefix/{prefix}` with `sync`, so that the answer comes after the work. Never
 * `revoke-force`: it forgets leases whose credentials live on (Vault documentation, "/sys/leases").
 */
export function revokeLeasesAction(server: VaultServer, io: ProviderIo): Action {
  return {
    spec,
    async snapshot({ id }, call) {
      const leases = await leasesUnder(server, id, call);
      return {
        takenAt: new Date(io.clock.now()).toISOString(),
        inState: leases.length === 0,
        version: null,
        state: { prefix: id, any: leases.length > 0 },
      };
    },
    preview: async ({ id }) => [
      {
        method: 'POST',
        address: server.address(`sys/leases/revoke-prefix/${id}`),
        body: '{"sync":true}',
      },
    ],
    async apply({ id }, _, call) {
      return server.write('POST', `sys/leases/revoke-prefix/${id}`, { sync: true }, permission, call);
    },
    async observe({ id }, _, call) {
      const left = await leasesUnder(server, id, call);
      const stuck = await irrevocable(server, id, call);
      if (left.length > 0 || (stuck ?? 0) > 0) {
        return {
          state: 'not_in_effect',
          detail: `${left.length} leases are left under ${id}; ${stuck ?? 'an unknown number'} could not be revoked at their backend.`,
          facts: { left: left.length, irrevocable: stuck },
        };
      }
      return {
        state: 'in_effect',
        detail: `No lease is left under ${id}.${stuck === null ? ' Whether any failed at its backend may not be read.' : ''}`,
        facts: { left: 0, irrevocable: stuck },
      };
    },
    probe: null,
    undo: null,
    dryRun: null,
  };
}

const deepest = 4;
const mostLeases = 5_000;

/** Ids of the leases below a prefix, folders included. */
export async function leasesUnder(
  server: VaultServer,
  prefix: string,
  call: CallContext,
  depth = 0,
): Promise<string[]> {
  const found: string[] = [];
  for (const key of await server.list(`sys/leases/lookup/${prefix}`, call)) {
    if (!key.endsWith('/')) found.push(`${prefix}/${key}`);
    else if (depth < deepest) {
      found.push(...(await leasesUnder(server, `${prefix}/${key.slice(0, -1)}`, call, depth + 1)));
    }
    if (found.length > mostLeases) {
      throw new ProviderError('rejected', `More than ${mostLeases} leases are under ${prefix}: name less.`);
    }
  }
  return found;
}

/** Leases that Vault gave up to revoke; null where they may not be read. */
async function irrevocable(server: VaultServer, prefix: string, call: CallContext): Promise<number | null> {
  try {
    const data = await server.read('sys/leases?type=irrevocable', call);
    return arrayAt(data ?? {}, 'leases').filter(
      (lease) => isObject(lease) && (textAt(lease, 'lease_id') ?? '').startsWith(`${prefix}/`),
    ).length;
  } catch (thrown) {
    if (thrown instanceof ProviderError && (thrown.kind === 'forbidden' || thrown.kind === 'rejected')) {
      return null;
    }
    throw thrown;
  }
}

/** A prefix of lease ids as Vault writes them: names and slashes, at least an engine and what is below it. */
export function isLeasePrefix(text: string): boolean {
  return /^[\w.-]+(?:\/[\w.@-]+)+$/.test(text) && !text.includes('..');
}
