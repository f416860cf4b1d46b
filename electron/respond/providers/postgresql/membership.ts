import type { ActionSpec, Outcome, Target } from '#shared/domain/response.ts';
import { outcome } from '../../outcomes.ts';
import type { Action, CallContext, FoundTarget, ProviderIo } from '../../provider.ts';
import { statement } from './roles.ts';
import type { PostgresqlServer, Row, Session } from './server.ts';

const permission = 'ADMIN OPTION on the granted role';

const spec: ActionSpec = {
  id: 'membership.revoke',
  title: 'Take the role out of the role that it is a member of',
  verb: 'grant.remove',
  reversibility: 'R1',
  stops: ['membership'],
  doesNotStop: [
    {
      artefact: 'open_connection',
      residualSeconds: null,
      coveredBy: ['session.terminate'],
      note: 'A session that is open loses what it inherited at once, and not what PUBLIC or other grants give.',
    },
  ],
  idempotency: 'state_convergent',
  precondition: 'sql_tx',
  nativeDryRun: true,
  requiredPermissions: [permission],
  rateLimit: null,
  settle: { typicalMs: 0, maxMs: 1_000 },
  beyondReach: null,
  undo: { possible: true, waitSeconds: 0, note: '' },
};

/** `REVOKE … FROM … GRANTED BY …` for one grant, and the same grant again with its options. */
export function membershipAction(server: PostgresqlServer, io: ProviderIo): Action {
  const revoke = (target: Target, call: CallContext, commit: boolean): Promise<Outcome> =>
    server.change(
      async (session) => {
        const grant = await grantOf(session, target);
        if (grant === null) return outcome('already_in_state', 'The membership is not there.');
        const names = [grant.granted, grant.member, grant.grantor];
        await session.query(await statement(session, 'revoke %I from %I granted by %I', names));
        if ((await grantOf(session, target)) === null) return outcome('applied', `${target.name}: revoked.`);
        return outcome('unsupported', 'The server took the statement and changed nothing.');
      },
      commit,
      call,
    );
  return {
    spec,
    async snapshot(target, call) {
      const grant = await server.read((session) => grantOf(session, target), call);
      return {
        takenAt: new Date(io.clock.now()).toISOString(),
        inState: grant === null,
        version: null,
        state: { grant: grant === null ? null : { ...grant } },
      };
    },
    preview: async ({ attributes }) => [
      {
        method: 'SQL',
        address: String(attributes['member']),
        body: `REVOKE "${String(attributes['granted'])}" FROM "${String(attributes['member'])}" GRANTED BY "${String(attributes['grantor'])}"`,
      },
    ],
    apply: (target, _, call) => revoke(target, call, true),
    dryRun: (target, _, call) => revoke(target, call, false),
    observe: (target, _, call) =>
      server.read(async (session) => {
        const grant = await grantOf(session, target);
        return {
          state: grant === null ? 'in_effect' : 'not_in_effect',
          detail: grant === null ? 'The membership is not there.' : 'The membership is there.',
          facts: {},
        };
      }, call),
    probe: null,
    undo: (target, { state }, call) =>
      server.change(
        async (session) => {
          const before = state['grant'];
          if (typeof before !== 'object' || before === null)
            return outcome('already_in_state', 'There was none.');
          const grant = before as unknown as Grant;
          if ((await grantOf(session, target)) !== null)
            return outcome('already_in_state', 'It is there already.');
          const options = `admin ${grant.admin}, inherit ${grant.inherit}, set ${grant.set}`;
          await session.query(
            await statement(session, `grant %I to %I with ${options} granted by %I`, [
              grant.granted,
              grant.member,
              grant.grantor,
            ]),
          );
          return outcome('applied', `${target.name}: granted as before.`);
        },
        true,
        call,
      ),
  };
}

interface Grant {
  readonly granted: string;
  readonly member: string;
  readonly grantor: string;
  readonly admin: boolean;
  readonly inherit: boolean;
  readonly set: boolean;
}

const columns =
  'pg_get_userbyid(roleid) as granted, pg_get_userbyid(member) as member, pg_get_userbyid(grantor) as grantor, ' +
  'admin_option as admin, inherit_option as inherit, set_option as set';

/** `ROLE/MEMBER/GRANTOR`: OIDs of the three. */
async function grantOf(session: Session, { id }: Target): Promise<Grant | null> {
  const [role = '0', member = '0', grantor = '0'] = id.split('/');
  const [row] = await session.query(
    `select ${columns} from pg_auth_members where roleid = $1::oid and member = $2::oid and grantor = $3::oid`,
    [role, member, grantor],
  );
  return row === undefined ? null : readGrant(row);
}

function readGrant(row: Row): Grant {
  return {
    granted: String(row['granted']),
    member: String(row['member']),
    grantor: String(row['grantor']),
    admin: row['admin'] === true,
    inherit: row['inherit'] === true,
    set: row['set'] === true,
  };
}

/** What the role is a member of. */
export async function membershipsOf(session: Session, role: Target): Promise<FoundTarget[]> {
  const rows = await session.query(
    `select roleid::text as roleid, grantor::text as grantorid, ${columns} from pg_auth_members where member = $1::oid order by roleid, grantor`,
    [role.id],
  );
  return rows.map((row): FoundTarget => {
    const { granted, member, grantor } = readGrant(row);
    return {
      kind: 'membership',
      id: `${String(row['roleid'])}/${role.id}/${String(row['grantorid'])}`,
      name: `${member} in ${granted}`,
      parent: role.id,
      createdAt: null,
      managedBy: null,
      attributes: { granted, member, grantor },
    };
  });
}
