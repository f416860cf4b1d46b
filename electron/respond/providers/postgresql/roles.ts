import type { Target } from '#shared/domain/response.ts';
import type { FoundTarget } from '../../provider.ts';
import type { Row, Session } from './server.ts';

export interface Role {
  readonly oid: string;
  readonly name: string;
  readonly canLogin: boolean;
  readonly connectionLimit: number;
  readonly isSuperuser: boolean;
  readonly validUntil: string | null;
}

const columns =
  'oid::text as oid, rolname as name, rolcanlogin as "canLogin", rolconnlimit as "connectionLimit", ' +
  'rolsuper as "isSuperuser", rolvaliduntil::text as "validUntil"';

/** A role by its OID: a name may be given to another role. */
export async function roleOf(session: Session, { id }: Pick<Target, 'id'>): Promise<Role | null> {
  const [row] = await session.query(`select ${columns} from pg_roles where oid = $1::oid`, [id]);
  return row === undefined ? null : readRole(row);
}

export async function rolesNamed(session: Session, names: readonly string[]): Promise<Role[]> {
  const found: Role[] = [];
  for (const name of names) {
    for (const row of await session.query(`select ${columns} from pg_roles where rolname = $1`, [name])) {
      found.push(readRole(row));
    }
  }
  return found;
}

function readRole(row: Row): Role {
  return {
    oid: String(row['oid']),
    name: String(row['name']),
    canLogin: row['canLogin'] === true,
    connectionLimit: Number(row['connectionLimit']),
    isSuperuser: row['isSuperuser'] === true,
    validUntil: typeof row['validUntil'] === 'string' ? row['validUntil'] : null,
  };
}

export function roleTarget(role: Role): FoundTarget {
  return {
    kind: 'role',
    id: role.oid,
    name: role.name,
    parent: null,
    createdAt: null,
    managedBy: null,
    attributes: {
      canLogin: role.canLogin,
      superuser: role.isSuperuser,
      validUntil: role.validUntil,
    },
  };
}

/** A statement with identifiers quoted by the server itself. */
export async function statement(session: Session, format: string, names: readonly string[]): Promise<string> {
  const places = names.map((_, index) => `$${index + 2}::text`).join(', ');
  const [row] = await session.query(`select format($1::text, ${places}) as text`, [format, ...names]);
  return String(row?.['text']);
}
