import { type JsonObject, isObject, objectAt, textAt } from '#shared/domain/json.ts';
import type { ActionSpec, Outcome, Target } from '#shared/domain/response.ts';
import { digestOf } from '../../canonical.ts';
import { outcome } from '../../outcomes.ts';
import type { Action, CallContext, FoundTarget, ProviderIo } from '../../provider.ts';
import type { VaultServer } from './server.ts';

/** Methods whose roles can be put back by what reading them says. */
const roleMethods = new Set(['approle', 'kubernetes', 'jwt', 'oidc', 'aws', 'gcp', 'azure']);

const spec: ActionSpec = {
  id: 'role.delete',
  title: 'Delete the role that the identity signs in by',
  verb: 'grant.remove',
  reversibility: 'R1',
  stops: ['login', 'grant'],
  doesNotStop: [
    {
      artefact: 'access_token',
      residualSeconds: null,
      coveredBy: ['identity.disable', 'token.revoke'],
      note: 'Tokens that were issued by the role go on.',
    },
  ],
  idempotency: 'state_convergent',
  precondition: 'compare_snapshot',
  nativeDryRun: false,
  requiredPermissions: ['read,create,update,delete auth/*/role/*'],
  rateLimit: 'rate-limit quotas of the server',
  settle: { typicalMs: 0, maxMs: 5_000 },
  beyondReach: null,
  undo: {
    possible: true,
    waitSeconds: 0,
    note: 'Everybody who signs in by this role is locked out. Secret ids of an AppRole are lost and issued anew.',
  },
};

/** Deletes `auth/{mount}/role/{name}`; the snapshot is what reading it says, and AppRole’s role id besides. */
export function deleteRoleAction(server: VaultServer, io: ProviderIo): Action {
  const read = async ({ id, attributes }: Target, call: CallContext): Promise<JsonObject> => {
    const role = await server.read(id, call);
    if (role === null) return { present: false };
    const isAppRole = attributes['method'] === 'approle';
    const roleId = isAppRole ? textAt((await server.read(`${id}/role-id`, call)) ?? {}, 'role_id') : null;
    return { present: true, role, roleId };
  };
  return {
    spec,
    async snapshot(target, call) {
      const state = await read(target, call);
      return {
        takenAt: new Date(io.clock.now()).toISOString(),
        inState: state['present'] !== true,
        version: null,
        state,
      };
    },
    preview: async ({ id }) => [{ method: 'DELETE', address: server.address(id), body: null }],
    previewUndo: async ({ id }, { state }) => [
      { method: 'POST', address: server.address(id), body: JSON.stringify(state['role'] ?? {}) },
      ...(textAt(state, 'roleId') === null
        ? []
        : [
            {
              method: 'POST',
              address: server.address(`${id}/role-id`),
              body: JSON.stringify({ role_id: state['roleId'] }),
            },
          ]),
    ],
    async apply(target, snapshot, call) {
      const now = await read(target, call);
      if (now['present'] !== true)
        return outcome('already_in_state', `${target.name} is not there any more.`);
      if (digestOf(now) !== digestOf(snapshot.state)) {
        return outcome('precondition_failed', `${target.name} was changed since it was looked at.`);
      }
      return server.write('DELETE', target.id, null, spec.requiredPermissions[0] ?? '', call);
    },
    async observe(target, _, call) {
      const isThere = (await server.read(target.id, call)) !== null;
      return {
        state: isThere ? 'not_in_effect' : 'in_effect',
        detail: `${target.name} ${isThere ? 'is there' : 'is not there'}.`,
        facts: { present: isThere },
      };
    },
    probe: null,
    undo: (target, { state }, call) => restore(server, target, state, call),
    dryRun: null,
  };
}

async function restore(
  server: VaultServer,
  { id, name }: Target,
  state: JsonObject,
  call: CallContext,
): Promise<Outcome> {
  const role = objectAt(state, 'role');
  if (role === undefined) return outcome('precondition_failed', `What ${name} was before is not known.`);
  if ((await server.read(id, call)) !== null) {
    return outcome('precondition_failed', `Somebody has made ${name} again.`);
  }
  const permission = spec.requiredPermissions[0] ?? '';
  const made = await server.write('POST', id, role, permission, call);
  const roleId = textAt(state, 'roleId');
  if (made.kind !== 'applied' || roleId === null) return made;
  return server.write('POST', `${id}/role-id`, { role_id: roleId }, permission, call);
}

/** The role by which a token was had, where its method has roles and names them in the token. */
export function roleOf(
  token: JsonObject,
  mounts: ReadonlyMap<string, string>,
  parent: string,
): FoundTarget | null {
  const [, mount, ...rest] = (textAt(token, 'path') ?? '').split('/');
  const method = mounts.get(mount ?? '') ?? '';
  const meta = objectAt(token, 'meta');
  const role = textAt(meta, 'role_name') ?? textAt(meta, 'role');
  if (mount === undefined || rest[0] !== 'login' || role === null || !roleMethods.has(method)) return null;
  return {
    kind: 'auth-role',
    id: `auth/${mount}/role/${encodeURIComponent(role)}`,
    name: `${mount} role ${role}`,
    parent,
    createdAt: null,
    managedBy: null,
    attributes: { method, mount, role },
  };
}

/** Mounted auth methods: path without its slash → type. */
export async function mountsOf(server: VaultServer, call: CallContext): Promise<Map<string, Mount>> {
  const mounts = (await server.read('sys/auth', call)) ?? {};
  return new Map(
    Object.entries(mounts).flatMap(([path, mount]) =>
      isObject(mount) && path.endsWith('/')
        ? [
            [
              path.slice(0, -1),
              { type: textAt(mount, 'type') ?? '', accessor: textAt(mount, 'accessor') ?? '' },
            ] as const,
          ]
        : [],
    ),
  );
}

export interface Mount {
  readonly type: string;
  readonly accessor: string;
}

export function hasRoles({ type }: Mount): boolean {
  return roleMethods.has(type);
}
