import type { ActionSpec, Target } from '#shared/domain/response.ts';
import { forbidden, outcome, partial } from '../../outcomes.ts';
import type { Action, ProviderIo } from '../../provider.ts';
import type { PostgresqlServer, Session } from './server.ts';

const signal = 'pg_signal_backend';
/** How long the server waits for one backend to end. */
const waitMs = 5_000;
/** New connections may come while old ones end; NOLOGIN stops that, so a few rounds suffice. */
const mostRounds = 5;

const spec: ActionSpec = {
  id: 'role.terminate-sessions',
  title: 'End the role’s open sessions',
  verb: 'session.terminate',
  reversibility: 'R2',
  stops: ['open_connection'],
  doesNotStop: [
    {
      artefact: 'login',
      residualSeconds: null,
      coveredBy: ['identity.disable'],
      note: 'A new session can be opened at once unless the role can no longer log in.',
    },
    {
      artefact: 'app_session',
      residualSeconds: null,
      coveredBy: [],
      note: 'Sessions on replicas and work queued under other roles go on: end them there.',
    },
  ],
  idempotency: 'state_convergent',
  precondition: null,
  nativeDryRun: false,
  requiredPermissions: [signal, 'pg_read_all_stats'],
  rateLimit: null,
  settle: { typicalMs: 100, maxMs: waitMs },
  beyondReach: null,
  undo: { possible: false, waitSeconds: 0, note: 'Whoever may log in opens a new session.' },
};

/** `pg_terminate_backend` for every session of the role, until there is none. */
export function terminateAction(server: PostgresqlServer, io: ProviderIo): Action {
  return {
    spec,
    async snapshot(target, call) {
      const pids = await server.read((session) => sessionsOf(session, target), call);
      return {
        takenAt: new Date(io.clock.now()).toISOString(),
        inState: pids.length === 0,
        version: null,
        state: { sessions: pids },
      };
    },
    preview: async (target, { state }) => [
      {
        method: 'SQL',
        address: target.name,
        body: `SELECT pg_terminate_backend(pid, ${waitMs}) FROM pg_stat_activity WHERE usesysid = ${target.id} -- now ${JSON.stringify(state['sessions'])}`,
      },
    ],
    apply: (target, _, call) =>
      server.act(async (session) => {
        const ended = new Set<string>();
        for (let round = 0; round < mostRounds; round++) {
          const pids = await sessionsOf(session, target);
          if (pids.length === 0) break;
          for (const pid of pids) {
            const [row] = await session.query('select pg_terminate_backend($1::int, $2::bigint) as ended', [
              pid,
              waitMs,
            ]);
            if (row?.['ended'] === true) ended.add(pid);
          }
        }
        const left = await sessionsOf(session, target);
        if (left.length === 0 && ended.size === 0) return outcome('already_in_state', 'No session was open.');
        if (left.length === 0)
          return outcome('applied', `Ended ${ended.size} sessions.`, { pids: [...ended] });
        if (ended.size > 0) return partial([...ended], left, `${left.length} sessions are still open.`);
        return forbidden([signal], `None of ${left.length} sessions could be ended.`);
      }, call),
    observe: (target, _, call) =>
      server.read(async (session) => {
        const pids = await sessionsOf(session, target);
        return {
          state: pids.length === 0 ? 'in_effect' : 'not_in_effect',
          detail: pids.length === 0 ? 'No session is open.' : `${pids.length} sessions are open.`,
          facts: { pids },
        };
      }, call),
    probe: (target, _, call) =>
      server.read(async (session) => {
        const pids = await sessionsOf(session, target);
        return {
          state: pids.length === 0 ? 'denied' : 'still_allowed',
          method: 'live_list',
          artefacts: ['open_connection'],
          detail:
            pids.length === 0 ? 'The server lists no session of the role.' : `Open: ${pids.join(', ')}.`,
          facts: { pids },
        };
      }, call),
    undo: null,
    dryRun: null,
  };
}

/** Process ids of the role's sessions, those that it took over by SET ROLE included only where it logged in itself. */
export async function sessionsOf(session: Session, { id }: Pick<Target, 'id'>): Promise<string[]> {
  const rows = await session.query(
    'select pid::text as pid from pg_stat_activity where usesysid = $1::oid and pid <> pg_backend_pid() order by pid',
    [id],
  );
  return rows.map(({ pid }) => String(pid));
}

/** Sessions that began at or after a time, in epoch milliseconds. */
export async function sessionsSince(
  session: Session,
  { id }: Pick<Target, 'id'>,
  since: number,
): Promise<{ pid: string; startedAt: string }[]> {
  const rows = await session.query(
    `select pid::text as pid, to_char(backend_start at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as started
     from pg_stat_activity where usesysid = $1::oid and backend_start >= to_timestamp($2::float8 / 1000) order by pid`,
    [id, since],
  );
  return rows.map(({ pid, started }) => ({ pid: String(pid), startedAt: String(started) }));
}
