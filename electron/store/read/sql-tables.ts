import type { FieldName } from '#shared/domain/dimensions.ts';
import { hashedFields } from '#shared/domain/dimensions.ts';
import type { CaseBundle } from '#shared/domain/bundle.ts';
import type { AccessEvent } from '#shared/domain/event.ts';
import type { EvidenceItem } from '#shared/ipc/views.ts';
import { fieldTexts } from '#shared/query/event-values.ts';
import { dictionaryFields } from '#shared/query/fields.ts';
import { sourceOf } from './dictionary.ts';
import type { EventTable } from './event-table.ts';
import { identities } from './identities.ts';
import { stretchOf } from './rest.ts';
import { idOf, timeOf } from './rows.ts';

type SqlValue = string | number | null;

/** A table that SQL may ask: its columns, and its rows made one by one. */
export interface SqlTable {
  readonly name: string;
  readonly columns: readonly string[];
  rows(): Iterable<readonly SqlValue[]>;
}

export interface SqlTables {
  readonly table: EventTable;
  readonly evidence: () => readonly EvidenceItem[];
  readonly bundles: () => readonly CaseBundle[];
  /** Reads the complete event of a row back from its raw record. */
  readonly event: (row: number) => AccessEvent;
}

type ReadCell = (row: number) => SqlValue;

/** `userAgent` → `user_agent`, `reason.class` → `reason_class`. */
function columnName(field: string): string {
  return field.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`).replaceAll('.', '_');
}

/**
 * The tables of `rescind sql`. Ids that lie in the raw records alone are columns of `events` where the text names
 * them: reading them back is slow. Columns that the text does not name are not filled unless it says `*`.
 */
export function sqlTables({ table, evidence, bundles, event }: SqlTables, text: string): SqlTable[] {
  const named = new Set(text.toLowerCase().match(/[a-z_0-9]+/g));
  const everything = text.replaceAll(/count\s*\(\s*\*\s*\)/gi, '').includes('*');
  const isUsed = (column: string): boolean => everything || named.has(column);
  return [
    eventsTable(table, event, named, isUsed),
    {
      name: 'evidence',
      columns: evidenceColumns.map(columnName),
      *rows() {
        for (const item of evidence()) yield evidenceColumns.map((column) => item[column]);
      },
    },
    {
      name: 'identities',
      columns: ['type', 'id', 'name', 'account', 'first_seen', 'last_seen', 'events', 'denied'],
      *rows() {
        const all = stretchOf(0, table.count);
        for (const { subject, events, denied, first, last } of identities(all, table)) {
          const { type, id, name, account } = subject;
          yield [type, id, name, account, timeOf(table, first), timeOf(table, last), events, denied];
        }
      },
    },
    {
      name: 'bundles',
      columns: bundleColumns.map(columnName),
      *rows() {
        for (const bundle of bundles()) yield bundleColumns.map((column) => bundle[column]);
      },
    },
  ];
}

const bundleColumns = [
  'id',
  'system',
  'revision',
  'digest',
  'inForceFrom',
  'policies',
  'subjects',
  'importedAt',
  'path',
] as const satisfies readonly (keyof CaseBundle)[];

const evidenceColumns = [
  'sha256',
  'path',
  'format',
  'encoding',
  'bytes',
  'parent',
  'status',
  'reason',
  'records',
  'events',
  'duplicates',
  'rejected',
  'from',
  'to',
  'importedAt',
] as const satisfies readonly (keyof EvidenceItem)[];

function eventsTable(
  table: EventTable,
  event: SqlTables['event'],
  named: ReadonlySet<string>,
  isUsed: (column: string) => boolean,
): SqlTable {
  const raw = hashedFields.filter((field) => named.has(columnName(field)));
  const cells: [string, () => ReadCell][] = [
    ['id', () => (row) => idOf(table, row)],
    ['time', () => (row) => timeOf(table, row)],
    ...[...dictionaryFields, 'evidence.path', 'evidence.sha256'].map((field): [string, () => ReadCell] => [
      columnName(field),
      () => dictionaryCell(table, field),
    ]),
    ['evidence_offset', () => numberCell(table.offsets())],
    ['evidence_length', () => numberCell(table.words('length'))],
  ];
  const readers = cells.map(([name, reader]) => (isUsed(name) ? reader() : () => null));
  return {
    name: 'events',
    columns: [...cells.map(([name]) => name), ...raw.map(columnName)],
    *rows() {
      for (let row = 0; row < table.count; row++) {
        const values = readers.map((read) => read(row));
        if (raw.length > 0) values.push(...rawValues(event(row), raw));
        yield values;
      }
    },
  };
}

function dictionaryCell(table: EventTable, field: string): ReadCell {
  const found = sourceOf(field);
  if (found === null) return () => null;
  const ids = table.ids(found.source);
  const { values, indexes } = table.dictionary(found.source).field(field);
  return (row) => values[indexes[ids[row] as number] as number] ?? null;
}

function numberCell(numbers: ArrayLike<number>): ReadCell {
  return (row) => numbers[row] ?? null;
}

function rawValues(event: AccessEvent, fields: readonly FieldName[]): SqlValue[] {
  return fields.map((field) => fieldTexts(event, field)[0] ?? null);
}
