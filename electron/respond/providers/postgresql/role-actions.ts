import type { ActionSpec, Outcome, Snapshot, Target } from '#shared/domain/response.ts';
import { outcome } from '../../outcomes.ts';
import type { Action, CallContext, ProviderIo } from '../../provider.ts';
import { type Role, roleOf, statement } from './roles.ts';
import type { PostgresqlServer, Session } from './server.ts';

const createRole = 'CREATEROLE with ADMIN OPTION on the role';

const noLoginSpec: ActionSpec = {
  id: 'role.nologin',
  title: 'Let the role no longer log in',
  verb: 'identity.disable',
  reversibility: 'R0',
  stops: ['login', 'password', 'client_certificate'],
  doesNotStop: [
    {
      artefact: 'open_connection',
      residualSeconds: null,
      coveredBy: ['session.terminate'],
      note: 'Sessions that are open live on until they are terminated; poolers keep theirs.',
    },
    {
      artefact: 'membership',
      residualSeconds: null,
      coveredBy: ['grant.remove'],
      note: 'Members of the role can still SET ROLE to it.',
    },
  ],
  idempotency: 'state_convergent',
  precondition: 'sql_tx',
  nativeDryRun: true,
  requiredPermissions: [createRole],
  rateLimit: null,
  settle: { typicalMs: 0, maxMs: 1_000 },
  beyondReach: null,
  undo: { possible: true, waitSeconds: 0, note: '' },
};

/** `ALTER ROLE … NOLOGIN CONNECTION LIMIT 0`, and back to what it was. */
export function noLoginAction(server: PostgresqlServer, io: ProviderIo): Action {
  const alter = (target: Target, snapshot: Snapshot, call: CallContext, commit: boolean): Promise<Outcome> =>
    server.change(
      async (session) => {
        const role = await roleOf(session, target);
        if (role === null) return outcome('target_absent', `The role ${target.name} is not there.`);
        if (!role.canLogin) return outcome('already_in_state', `${role.name} cannot log in already.`);
        if (!isAsRead(role, snapshot))
          return outcome('precondition_failed', `${role.name} has changed since.`);
        await session.query(
          await statement(session, 'alter role %I nologin connection limit 0', [role.name]),
        );
        return outcome('applied', `${role.name} can no longer log in.`);
      },
      commit,
      call,
    );
  return {
    spec: noLoginSpec,
    snapshot: (target, call) => server.read((session) => snapshotRole(session, target, io), call),
    preview: async (target) => [
      { method: 'SQL', address: target.name, body: `ALTER ROLE "${target.name}" NOLOGIN CONNECTION LIMIT 0` },
    ],
    apply: (target, snapshot, call) => alter(target, snapshot, call, true),
    dryRun: (target, snapshot, call) => alter(target, snapshot, call, false),
    observe: (target, _, call) =>
      server.read(async (session) => {
        const role = await roleOf(session, target);
        if (role === null) return { state: 'target_absent', detail: 'The role is not there.', facts: {} };
        return {
          state: role.canLogin ? 'not_in_effect' : 'in_effect',
          detail: `${role.name} ${role.canLogin ? 'can' : 'cannot'} log in.`,
          facts: { rolcanlogin: role.canLogin, rolconnlimit: role.connectionLimit },
        };
      }, call),
    probe: null,
    undo: (target, { state }, call) =>
      server.change(
        async (session) => {
          const role = await roleOf(session, target);
          if (role === null) return outcome('target_absent', `The role ${target.name} is not there.`);
          if (role.canLogin) return outcome('precondition_failed', `${role.name} can log in already.`);
          const limit = Math.trunc(Number(state['rolconnlimit']));
          const login = state['rolcanlogin'] === true ? 'login' : 'nologin';
          await session.query(
            await statement(session, `alter role %I ${login} connection limit ${limit}`, [role.name]),
          );
          return outcome('applied', `${role.name} is as it was.`);
        },
        true,
        call,
      ),
  };
}

const passwordSpec: ActionSpec = {
  id: 'role.clear-password',
  title: 'Take the role’s password away',
  verb: 'credential.delete',
  reversibility: 'R3',
  stops: ['password'],
  doesNotStop: [
    {
      artefact: 'client_certificate',
      residualSeconds: null,
      coveredBy: ['identity.disable'],
      note: 'Other ways of authentication in pg_hba.conf do not ask for the password.',
    },
    {
      artefact: 'open_connection',
      residualSeconds: null,
      coveredBy: ['session.terminate'],
      note: 'Sessions that are open live on.',
    },
  ],
  idempotency: 'state_convergent',
  precondition: 'sql_tx',
  nativeDryRun: true,
  requiredPermissions: [createRole],
  rateLimit: null,
  settle: { typicalMs: 0, maxMs: 1_000 },
  beyondReach: null,
  undo: { possible: false, waitSeconds: 0, note: 'A new password has to be set by hand.' },
};

/** `ALTER ROLE … PASSWORD NULL`. The verifier is a secret and is not kept, so nothing can be put back. */
export function clearPasswordAction(server: PostgresqlServer, io: ProviderIo): Action {
  const clear = (target: Target, call: CallContext, commit: boolean): Promise<Outcome> =>
    server.change(
      async (session) => {
        const role = await roleOf(session, target);
        if (role === null) return outcome('target_absent', `The role ${target.name} is not there.`);
        await session.query(await statement(session, 'alter role %I password null', [role.name]));
        return outcome('applied', `${role.name} has no password.`);
      },
      commit,
      call,
    );
  return {
    spec: passwordSpec,
    async snapshot(target, call) {
      const { takenAt, state } = await server.read((session) => snapshotRole(session, target, io), call);
      const has = await server.read((session) => hasPassword(session, target), call);
      return { takenAt, version: null, inState: has === false, state: { oid: state['oid'] ?? null } };
    },
    preview: async (target) => [
      { method: 'SQL', address: target.name, body: `ALTER ROLE "${target.name}" PASSWORD NULL` },
    ],
    apply: (target, _, call) => clear(target, call, true),
    dryRun: (target, _, call) => clear(target, call, false),
    observe: (target, _, call) =>
      server.read(async (session) => {
        const has = await hasPassword(session, target);
        if (has === null) {
          return {
            state: 'unknown',
            detail: 'Only a superuser can see whether there is a password.',
            facts: {},
          };
        }
        return {
          state: has ? 'not_in_effect' : 'in_effect',
          detail: `${target.name} has ${has ? 'a' : 'no'} password.`,
          facts: { password: has },
        };
      }, call),
    probe: null,
    undo: null,
  };
}

async function snapshotRole(session: Session, target: Target, io: ProviderIo): Promise<Snapshot> {
  const role = await roleOf(session, target);
  return {
    takenAt: new Date(io.clock.now()).toISOString(),
    inState: role !== null && !role.canLogin,
    version: null,
    state: {
      oid: role?.oid ?? null,
      name: role?.name ?? null,
      rolcanlogin: role?.canLogin ?? null,
      rolconnlimit: role?.connectionLimit ?? null,
    },
  };
}

function isAsRead(role: Role, { state }: Snapshot): boolean {
  return state['rolcanlogin'] === role.canLogin && state['rolconnlimit'] === role.connectionLimit;
}

/** Null where the operator may not see it. */
async function hasPassword(session: Session, { id }: Target): Promise<boolean | null> {
  const [may] = await session.query(`select has_table_privilege('pg_authid', 'select') as may`);
  if (may?.['may'] !== true) return null;
  const [row] = await session.query(
    'select rolpassword is not null as has from pg_authid where oid = $1::oid',
    [id],
  );
  return row?.['has'] === true;
}
