import {
  type DirectoryFormat,
  type DirectoryReadResult,
  type DirectoryStatus,
  type IdentityKind,
  identityEntry,
  identityKinds,
} from '#shared/domain/directory.ts';
import { principalTypes } from '#shared/domain/event.ts';
import { type JsonObject, objectAt, textAt } from '#shared/domain/json.ts';
import { alias, booleanOf, loginAlias, timeOf } from '#shared/util/directory-fields.ts';

/** What a column of a mapping can mean. */
export const mappedFields = [
  'id',
  'login',
  'mail',
  'name',
  'username',
  'employeeId',
  'type',
  'kind',
  'status',
  'created',
  'ends',
  'lastUsed',
  'mfa',
  'owner',
  'manager',
  'groups',
  'authority',
] as const;
type MappedField = (typeof mappedFields)[number];

/**
 * Any table with a mapping: `{"columns":{"id":"Personnel no.","mail":"E-mail",…},"values":{"status":{"L":"deleted"}}}`.
 * A list of staff, say: it decides who belongs to the organisation and nobody signs in to it.
 */
export const directoryCsv: DirectoryFormat = {
  name: 'directory-csv',
  title: 'Directory (CSV with a mapping)',
  system: 'list',
  logs: [],
  usable: false,
  authoritative: true,
  lists: ['user'],
  containerKeys: [],
  // Nothing in a table of any shape tells that it is a directory: the mapping does.
  detect: () => 0,
  createReader: ({ mapping }) => ({
    read: (record) => row(record, mapping ?? {}),
    finish: () => ({ takenAt: null, complete: true, lastPage: false }),
  }),
};

/** Why a mapping cannot be used; null where it can. */
export function mappingProblem(mapping: JsonObject): string | null {
  const columns = objectAt(mapping, 'columns');
  if (columns === undefined) return 'A mapping needs “columns”: an object from a field to a column’s name.';
  for (const [field, column] of Object.entries(columns)) {
    if (!(mappedFields as readonly string[]).includes(field)) {
      return `A mapping knows no field “${field}”. Known: ${mappedFields.join(', ')}.`;
    }
    if (typeof column !== 'string') return `The column of “${field}” is no text.`;
  }
  const hasId = ['id', 'login', 'mail', 'username', 'employeeId'].some((field) => field in columns);
  return hasId
    ? null
    : 'A mapping needs a column that tells who it is: id, login, mail, username or employeeId.';
}

/** Whether a table has every column that the mapping names. */
export function fitsMapping(header: readonly string[], mapping: JsonObject): boolean {
  const columns = Object.values(objectAt(mapping, 'columns') ?? {});
  return (
    columns.length > 0 && columns.every((column) => typeof column === 'string' && header.includes(column))
  );
}

const statuses: Readonly<Record<string, DirectoryStatus>> = {
  active: 'active',
  enabled: 'active',
  employed: 'active',
  true: 'active',
  yes: 'active',
  '1': 'active',
  disabled: 'disabled',
  inactive: 'disabled',
  suspended: 'disabled',
  false: 'disabled',
  no: 'disabled',
  '0': 'disabled',
  pending: 'pending',
  terminated: 'deleted',
  left: 'deleted',
  deleted: 'deleted',
  deprovisioned: 'deleted',
};

function row(record: JsonObject, mapping: JsonObject): DirectoryReadResult {
  const columns = objectAt(mapping, 'columns');
  const values = objectAt(mapping, 'values');
  const cell = (field: MappedField): string | null => {
    const column = textAt(columns, field);
    const text = column === null ? null : (textAt(record, column)?.trim() ?? null);
    if (text === null || text === '') return null;
    return textAt(objectAt(values, field), text) ?? text;
  };
  const [login, mail, username, employee] = [
    cell('login'),
    cell('mail'),
    cell('username'),
    cell('employeeId'),
  ];
  const id = cell('id') ?? employee ?? login ?? mail ?? username;
  if (id === null) return { kind: 'problem', reason: 'No column of this row tells who it is about.' };
  const status = cell('status');
  const known = status === null ? null : (statuses[status.toLowerCase()] ?? null);
  if (status !== null && known === null) {
    return {
      kind: 'problem',
      reason: `The status “${status}” is not known. Say in “values” of the mapping what it means: active, disabled, pending or deleted.`,
    };
  }
  const ends = timeOrDay(cell('ends'));
  const lastUsed = cell('lastUsed');
  const type = principalTypes.find((each) => each === cell('type')) ?? 'user';
  return {
    kind: 'entries',
    entries: [
      identityEntry({
        id,
        type,
        authority: cell('authority'),
        kind: identityKinds.find((each): each is IdentityKind => each === cell('kind')) ?? null,
        name: cell('name') ?? id,
        aliases: [
          ...alias('name', id),
          ...(login === null ? [] : loginAlias(login)),
          ...(mail === null ? [] : alias('mail', mail)),
          ...(username === null ? [] : alias('name', username)),
          ...(employee === null ? [] : alias('external', employee)),
        ],
        status: known,
        created: timeOrDay(cell('created')),
        ends,
        lastUses:
          lastUsed === null
            ? []
            : [
                {
                  what: 'use',
                  at: timeOrDay(lastUsed),
                  staleHours: 24,
                  recordedSince: null,
                  source: textAt(columns, 'lastUsed') ?? '',
                },
              ],
        mfa: booleanOf(cell('mfa') ?? ''),
        owner: cell('owner'),
        manager: cell('manager'),
        groups: (cell('groups') ?? '')
          .split(/[;|]/)
          .flatMap((name) => (name.trim() === '' ? [] : [name.trim()])),
      }),
    ],
  };
}

/** A day counts from its first instant. */
function timeOrDay(text: string | null): string | null {
  if (text === null) return null;
  return timeOf(text) ?? timeOf(`${text}T00:00:00Z`);
}
