import type { JsonObject } from '#shared/domain/json.ts';
import type { ActionSpec, Outcome, Snapshot, Target } from '#shared/domain/response.ts';
import { outcome } from '../../outcomes.ts';
import type { Action, CallContext, ProviderIo } from '../../provider.ts';
import type { VaultServer } from './server.ts';

const spec: ActionSpec = {
  id: 'entity.disable',
  title: 'Disable the entity',
  verb: 'identity.disable',
  reversibility: 'R0',
  stops: ['login', 'access_token'],
  doesNotStop: [
    {
      artefact: 'lease',
      residualSeconds: null,
      coveredBy: ['token.revoke'],
      note: 'Credentials that were issued (database users, cloud keys) work until their lease ends or is revoked.',
    },
    {
      artefact: 'client_certificate',
      residualSeconds: null,
      coveredBy: [],
      note: 'Certificates of PKI and SSH engines are to be revoked there; secrets that were read are known.',
    },
  ],
  idempotency: 'state_convergent',
  precondition: 'compare_snapshot',
  nativeDryRun: false,
  requiredPermissions: ['update identity/entity/id/*'],
  rateLimit: 'rate-limit quotas of the server',
  settle: { typicalMs: 0, maxMs: 5_000 },
  beyondReach: null,
  undo: {
    possible: true,
    waitSeconds: 0,
    note: 'Tokens are not revoked while the entity is disabled: they work again, unless revoked as well.',
  },
};

/** `POST identity/entity/id/{id}` with `disabled`: tokens cannot be used, but are not revoked (Vault, "Identity"). */
export function disableEntityAction(server: VaultServer, io: ProviderIo): Action {
  const write = (target: Target, disabled: boolean, call: CallContext): Promise<Outcome> =>
    server.write('POST', path(target), { disabled }, 'update identity/entity/id/*', call);
  return {
    spec,
    async snapshot(target, call): Promise<Snapshot> {
      const entity = await server.read(path(target), call);
      return {
        takenAt: new Date(io.clock.now()).toISOString(),
        inState: entity !== null && isDisabled(entity),
        version: null,
        state: { id: target.id, present: entity !== null, disabled: entity !== null && isDisabled(entity) },
      };
    },
    preview: async (target) => [
      { method: 'POST', address: server.address(path(target)), body: '{"disabled":true}' },
    ],
    previewUndo: async (target) => [
      { method: 'POST', address: server.address(path(target)), body: '{"disabled":false}' },
    ],
    async apply(target, _, call) {
      const entity = await server.read(path(target), call);
      // A write to an id that is not there would make an entity of that id.
      if (entity === null) return outcome('target_absent', `${target.name} is not there.`);
      if (isDisabled(entity)) return outcome('already_in_state', `${target.name} is disabled already.`);
      return write(target, true, call);
    },
    async observe(target, _, call) {
      const entity = await server.read(path(target), call);
      if (entity === null)
        return { state: 'target_absent', detail: `${target.name} is not there.`, facts: {} };
      const disabled = isDisabled(entity);
      return {
        state: disabled ? 'in_effect' : 'not_in_effect',
        detail: `${target.name} is ${disabled ? 'disabled' : 'enabled'}.`,
        facts: { disabled },
      };
    },
    probe: null,
    async undo(target, { state }, call) {
      if (state['disabled'] !== false) {
        return outcome('precondition_failed', `${target.name} was not enabled before.`);
      }
      const entity = await server.read(path(target), call);
      if (entity === null) return outcome('target_absent', `${target.name} is not there.`);
      if (!isDisabled(entity)) return outcome('already_in_state', `${target.name} is enabled already.`);
      return write(target, false, call);
    },
    dryRun: null,
  };
}

function path({ id }: Target): string {
  return `identity/entity/id/${encodeURIComponent(id)}`;
}

function isDisabled(entity: JsonObject): boolean {
  return entity['disabled'] === true;
}
