import type { IssuedCredential } from '#shared/domain/format.ts';
import type { CredentialOrigin, LineageNode } from '#shared/domain/lineage.ts';
import type { OutputOf, ParsedInputOf } from '#shared/ipc/contract.ts';
import { FailureError } from '#shared/util/result.ts';
import type { CaseReader } from './case-reader.ts';
import type { EventTable, SourceName } from './event-table.ts';
import { matchRows } from './match.ts';
import type { FormatByName } from './records.ts';
import { eventRow, timeOf } from './rows.ts';
import { rowAt } from './time-slices.ts';

/** Events that make credentials and are read to find the origin of one. */
const mostOrigins = 50_000;

/** The credentials and sessions that descend from a credential, a session or an event. Throws kind `not-found`. */
export function lineageOf(
  reader: Pick<CaseReader, 'table' | 'records' | 'rowOf'>,
  input: ParsedInputOf<'lineage.get'>,
  formatByName: FormatByName,
): OutputOf<'lineage.get'> {
  const family = new Family(reader, formatByName);
  if (input.event !== null) {
    const row = reader.rowOf(input.event);
    const made = family.issuedBy(row);
    if (made.length > 0) return { roots: made.map((issued) => family.node(issued, row)) };
    const { credential } = eventRow(reader.table, row);
    return { roots: credential === null ? [family.ofRows([row])] : [family.root(credential.id)] };
  }
  if (input.credential !== null) return { roots: [family.root(input.credential)] };
  const rows = family.sessionRows(input.session ?? '');
  const credentials = new Map(
    rows.flatMap((row) => {
      const { credential } = eventRow(reader.table, row);
      return credential === null ? [] : [[credential.id, credential] as const];
    }),
  );
  if (credentials.size === 0) return { roots: [family.ofRows(rows)] };
  return { roots: [...credentials.keys()].map((id) => family.root(id)) };
}

class Family {
  readonly #reader: Pick<CaseReader, 'table' | 'records'>;
  readonly #formatByName: FormatByName;
  readonly #isIssuing: Uint8Array;
  /** A credential that is met again on the way down is not followed again. */
  readonly #seen = new Set<string>();

  constructor(reader: Pick<CaseReader, 'table' | 'records'>, formatByName: FormatByName) {
    this.#reader = reader;
    this.#formatByName = formatByName;
    this.#isIssuing = this.#issuingEntries();
  }

  /** The tree under a credential, with the event that made it. Throws kind `not-found` where nothing knows it. */
  root(id: string): LineageNode {
    const rows = this.#rowsWith('credential', 'credential.id', id);
    const origin = this.#origin(id, rows);
    if (rows.length === 0 && origin === null) {
      throw new FailureError('not-found', `No event of the case was made with ${id}, and none made it.`);
    }
    const [first] = rows;
    const known = first === undefined ? null : eventRow(this.#reader.table, first);
    const issued = origin?.issued ?? { id, type: known?.credential?.type ?? '', holder: null };
    const { credential } = known ?? { credential: null };
    return this.node({ ...issued, type: credential?.type ?? issued.type }, origin?.row ?? null);
  }

  node(issued: IssuedCredential, madeIn: number | null): LineageNode {
    const rows = this.#rowsWith('credential', 'credential.id', issued.id);
    const isKnown = this.#seen.has(issued.id);
    this.#seen.add(issued.id);
    return {
      ...this.ofRows(isKnown ? [] : rows),
      credential: { id: issued.id, type: issued.type },
      holder: issued.holder,
      madeBy: madeIn === null ? null : this.#originOf(madeIn),
    };
  }

  /** What was done and made in these rows, which are in the order of time. */
  ofRows(rows: readonly number[]): LineageNode {
    const { table } = this.#reader;
    const subjects = new Set<string>();
    let denied = 0;
    const children: LineageNode[] = [];
    for (const row of rows) {
      const { subject, outcome } = eventRow(table, row);
      subjects.add(subject.id ?? subject.name ?? subject.type);
      if (outcome === 'deny') denied++;
      for (const issued of this.issuedBy(row)) children.push(this.node(issued, row));
    }
    const [first, last] = [rows[0], rows.at(-1)];
    return {
      credential: null,
      holder: null,
      madeBy: null,
      events: rows.length,
      denied,
      first: first === undefined ? null : timeOf(table, first),
      last: last === undefined ? null : timeOf(table, last),
      subjects: [...subjects],
      children,
    };
  }

  /** Credentials that the event of a row made. */
  issuedBy(row: number): readonly IssuedCredential[] {
    const { table, records } = this.#reader;
    if (this.#isIssuing[table.ids('operation')[row] as number] === 0) return [];
    const { format } = eventRow(table, row);
    const native = records.native(table, row);
    return native === null ? [] : (this.#formatByName(format)?.lineage?.issued(native.record) ?? []);
  }

  /** Rows of a session, by its id or name. Throws kind `not-found`. */
  sessionRows(id: string): readonly number[] {
    for (const field of ['session.id', 'session.name']) {
      const rows = this.#rowsWith('session', field, id);
      if (rows.length > 0) return rows;
    }
    throw new FailureError('not-found', `The case has no session ${id}.`);
  }

  /** The event that made a credential. */
  #origin(id: string, rows: readonly number[]): { row: number; issued: IssuedCredential } | null {
    const { table } = this.#reader;
    const [first] = rows;
    const startedAt = first === undefined ? null : eventRow(table, first).session?.startedAt;
    const around = Date.parse(startedAt ?? '') * 1000;
    const issuing = this.#rowsMarked('operation', this.#isIssuing);
    // The nearest in time first: a session begins when it is made.
    const near = Number.isFinite(around)
      ? issuing.toSorted((one, other) => distance(table, one, around) - distance(table, other, around))
      : issuing;
    for (const row of near.slice(0, mostOrigins)) {
      const issued = this.issuedBy(row).find((made) => made.id === id);
      if (issued !== undefined) return { row, issued };
    }
    return null;
  }

  #originOf(row: number): CredentialOrigin {
    const { id, time, operation, subject, credential } = eventRow(this.#reader.table, row);
    return {
      event: id,
      time,
      operation,
      subject: subject.id ?? subject.name,
      credential: credential?.id ?? null,
    };
  }

  #rowsWith(source: SourceName, field: string, value: string): readonly number[] {
    const { values, indexes } = this.#reader.table.dictionary(source).field(field);
    const wanted = values.indexOf(value);
    if (wanted < 0) return [];
    return this.#rowsMarked(
      source,
      Uint8Array.from(indexes, (index) => (index === wanted ? 1 : 0)),
    );
  }

  #rowsMarked(source: SourceName, lookup: Uint8Array): readonly number[] {
    const matches = matchRows({ kind: 'lookup', source, lookup }, this.#reader.table);
    return Array.from({ length: matches.count }, (_, index) => rowAt(matches, index));
  }

  /** Marks the operations that make credentials in one of the case's formats. */
  #issuingEntries(): Uint8Array {
    const { table } = this.#reader;
    const formats = table.dictionary('format');
    const names = new Set<string>();
    for (let entry = 0; entry < formats.size; entry++) {
      const format = this.#formatByName(formats.tuple(entry)[0] ?? '');
      for (const name of format?.lineage?.operations ?? []) names.add(name);
    }
    const { values, indexes } = table.dictionary('operation').field('operation');
    return Uint8Array.from(indexes, (index) => (names.has(values[index] ?? '') ? 1 : 0));
  }
}

function distance(table: EventTable, row: number, micros: number): number {
  return Math.abs((table.micros[row] as number) - micros);
}
