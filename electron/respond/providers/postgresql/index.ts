import type { MissingControl, Target } from '#shared/domain/response.ts';
import type { CallContext, Permission, Provider, ProviderIo, ProviderType } from '../../provider.ts';
import { type PostgresqlConfig, postgresqlConfig } from './config.ts';
import { membershipAction, membershipsOf } from './membership.ts';
import { clearPasswordAction, noLoginAction } from './role-actions.ts';
import { roleTarget, rolesNamed } from './roles.ts';
import { PostgresqlServer } from './server.ts';
import { sessionsSince, terminateAction } from './sessions.ts';

const permissions: readonly Permission[] = [
  {
    name: 'CREATEROLE',
    neededFor: 'role.nologin',
    why: 'to alter roles; since version 16 with ADMIN OPTION on each',
  },
  { name: 'pg_signal_backend', neededFor: 'role.terminate-sessions', why: 'to end sessions' },
  { name: 'pg_read_all_stats', neededFor: 'read', why: 'to see other roles’ sessions' },
];

/** PostgreSQL 16 and later: roles, memberships and live sessions. */
export const postgresql: ProviderType<PostgresqlConfig> = {
  type: 'postgresql',
  title: 'PostgreSQL',
  config: postgresqlConfig,
  secrets: [{ name: 'password', title: 'Password of the operator’s role', required: true }],
  permissions,
  provedOn: 'real-server',
  origins: ({ host, port }) => [`postgresql://${host}:${port}`],
  open: (config, io) => openPostgresql(config, io),
};

function openPostgresql(config: PostgresqlConfig, io: ProviderIo): Provider {
  const server = new PostgresqlServer(config, io);
  const roleActions = [
    noLoginAction(server, io),
    terminateAction(server, io),
    clearPasswordAction(server, io),
  ];
  const revoke = membershipAction(server, io);
  const whoami = (call: CallContext): ReturnType<Provider['whoami']> =>
    server.read(async (session) => {
      const [may] = await session.query(
        `select has_function_privilege('pg_control_system()', 'execute') as may`,
      );
      const [system] =
        may?.['may'] === true
          ? await session.query('select system_identifier::text as id from pg_control_system()')
          : [];
      const chain = await session.query(
        `select oid::text as oid from pg_roles where (pg_has_role(current_user, oid, 'USAGE') or pg_has_role(current_user, oid, 'SET')) and not rolname like 'pg\\_%' order by rolname = current_user desc, oid`,
      );
      const address = `${config.host}:${config.port}/${config.database}`;
      return {
        tenant: String(system?.['id'] ?? address),
        tenantName: address,
        operator: chain.map(({ oid }) => String(oid)),
        operatorName: config.user,
      };
    }, call);
  return {
    whoami,
    async test(call) {
      const [has] = await server.read(
        (session) =>
          session.query(
            `select rolsuper or rolcreaterole as "CREATEROLE",
               rolsuper or pg_has_role(current_user, 'pg_signal_backend', 'MEMBER') as "pg_signal_backend",
               rolsuper or pg_has_role(current_user, 'pg_read_all_stats', 'MEMBER') as "pg_read_all_stats"
             from pg_roles where rolname = current_user`,
          ),
        call,
      );
      return {
        identity: await whoami(call),
        missing: permissions.map(({ name }) => name).filter((name) => has?.[name] !== true),
        unchecked: [],
        notes: [
          'Sessions of superusers can be ended by superusers alone; each replica has sessions of its own.',
        ],
      };
    },
    resolve: ({ kind, id, aliases }, call) =>
      server.read(async (session) => {
        const names = kind === 'identity' ? [...new Set([id, ...aliases])] : [];
        const found = await rolesNamed(session, names);
        const targets = found.map(roleTarget);
        return targets.length > 1
          ? { targets: [], ambiguous: targets, notes: [] }
          : { targets, ambiguous: [], notes: [] };
      }, call),
    descendants: (target, call) =>
      target.kind === 'role'
        ? server.read((session) => membershipsOf(session, target), call)
        : Promise.resolve([]),
    async actions(target, call) {
      if (target.kind === 'membership') return { actions: [revoke], missing: [] };
      return { actions: roleActions, missing: await missingFor(server, target, call) };
    },
    administrators: (call) =>
      server.read(async (session) => {
        const rows = await session.query(
          'select oid::text as oid from pg_roles where rolsuper and rolcanlogin order by oid',
        );
        return rows.map(({ oid }) => String(oid));
      }, call),
    sweep: (since, targets, call) =>
      server.read(async (session) => {
        const found: Awaited<ReturnType<Provider['sweep']>>[number][] = [];
        for (const role of targets.filter(({ kind }) => kind === 'role')) {
          for (const { pid, startedAt } of await sessionsSince(session, role, since)) {
            found.push({
              target: {
                kind: 'session',
                id: `${pid}@${startedAt}`,
                name: `session ${pid} of ${role.name}`,
                parent: role.id,
                createdAt: startedAt,
                managedBy: null,
                attributes: { pid },
              },
              why: `A session of ${role.name} began since the incident.`,
            });
          }
        }
        return found;
      }, call),
    close: () => Promise.resolve(),
  };
}

async function missingFor(
  server: PostgresqlServer,
  target: Target,
  call: CallContext,
): Promise<MissingControl[]> {
  const members = await server.read(
    (session) =>
      session.query(
        'select pg_get_userbyid(member) as name from pg_auth_members where roleid = $1::oid order by 1',
        [target.id],
      ),
    call,
  );
  if (members.length === 0) return [];
  const names = members.map(({ name }) => String(name)).join(', ');
  return [
    {
      control: 'Members of the role',
      consequence: `${names} can still act as ${target.name} with SET ROLE.`,
      advice: `Look at them too, or revoke ${target.name} from them.`,
    },
  ];
}
