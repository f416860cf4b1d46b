import type { DimensionName } from '#shared/domain/dimensions.ts';
import { FailureError } from '#shared/util/result.ts';
import { type ReadableDb, sql } from '../connection.ts';
import { type EncodedColumn, type Encoding, columnValue, decodeColumn } from '../segments/codec.ts';
import type { SegmentColumn } from '../segments/columns.ts';
import { decodeText } from '../segments/dictionary-part.ts';
import { decodeFilter, textFilterVersion } from '../segments/text-filter.ts';
import { EntryTexts } from './entry-texts.ts';
import type { Column, SourceName } from './event-table.ts';
import type { Steps } from './in-steps.ts';
import type { SegmentedSource } from './newest-page.ts';

/** SQL of this file, for the tests of its plans. */
export const segmentQueries = {
  segments: sql`select id, count, time_max as timeMax from segment order by id`,
  count: sql`select count from segment where id = ?`,
  part: sql`select encoding, base, scale, data from segment_column where segment_id = ? and name = ?`,
  shapes: sql`select encoding, base, scale from segment_column where name = ? order by segment_id`,
  dictionary: sql`select first_id from dictionary_part where dimension = ? order by first_id`,
  entries: sql`select data from dictionary_part where dimension = ? and first_id = ?`,
  filters: sql`
    select first_id as firstId, data from dictionary_filter
    where dimension = ? and version = ? and data is not null
  `,
  evidence: sql`select id, sha256, path from evidence order by id`,
} as const;

export interface Segment {
  readonly id: number;
  readonly count: number;
  /** The position of its first event. */
  readonly first: number;
  /** Microseconds since 1970 of its newest event. */
  readonly timeMax: number;
}

/** So many are decoded within about ten milliseconds. */
const segmentsInStep = 16;

interface Shape {
  readonly encoding: Encoding;
  readonly base: number;
  readonly scale: number;
}

const width: Readonly<Record<Encoding, number>> = {
  constant: 0,
  u8: 0xff,
  u16: 0xff_ff,
  u32: 0xff_ff_ff_ff,
  f64: Number.POSITIVE_INFINITY,
};

/**
 * The columns in the database. Events are only ever added behind those that are there, so a column that is loaded
 * after a later commit still starts with the same `count` events: what was added is left off.
 */
export class SegmentSource implements SegmentedSource {
  readonly count: number;
  readonly segments: readonly Segment[];
  readonly #db: ReadableDb;
  readonly #entries = new Map<SourceName, EntryTexts>();
  readonly #readEntries: ReturnType<typeof partReader>;
  /** Parts of columns of which single values were asked, by column and segment. */
  readonly #parts = new Map<SegmentColumn, Map<number, EncodedColumn>>();

  constructor(db: ReadableDb) {
    this.#db = db;
    this.#readEntries = partReader(db);
    let first = 0;
    this.segments = db
      .prepare<[], Omit<Segment, 'first'>>(segmentQueries.segments)
      .all()
      .map((segment) => ({ ...segment, first: (first += segment.count) - segment.count }));
    this.count = first;
  }

  /** One value of a column: much sooner there than the column, where few are wanted. */
  at(name: SegmentColumn, position: number): number {
    const segment = this.segments.findLast(({ first }) => first <= position);
    if (segment === undefined) throw new RangeError(`no event at ${position}`);
    let parts = this.#parts.get(name);
    if (parts === undefined) this.#parts.set(name, (parts = new Map()));
    let part = parts.get(segment.id);
    if (part === undefined) parts.set(segment.id, (part = this.#part(name, segment.id)));
    return columnValue(part, position - segment.first);
  }

  /** All values of a column in one segment. */
  values(name: SegmentColumn, { id, count }: Segment): Float64Array {
    const values = new Float64Array(count);
    const read = this.#db.transaction(() => {
      // The last segment may have grown since.
      decodePart(this.#part(name, id), this.#countOf(id), count, values, 0);
    });
    read.deferred();
    return values;
  }

  #countOf(id: number): number {
    return this.#db.prepare<[number], number>(segmentQueries.count).pluck().get(id) ?? 0;
  }

  #part(name: SegmentColumn, segment: number): EncodedColumn {
    const row = this.#db.prepare<[number, string], EncodedColumn>(segmentQueries.part).get(segment, name);
    if (row !== undefined) return row;
    throw new FailureError(
      'unusable',
      `The case's column ${name} lacks segment ${segment}: the database is damaged. Import the evidence into a new case.`,
    );
  }

  /** Some segments at a time: each is the same whenever it is read, as far as the case goes. */
  *load(name: SegmentColumn): Steps<Column | Float64Array> {
    this.#parts.delete(name);
    const shapes = this.#db.prepare<[string], Shape>(segmentQueries.shapes).all(name);
    const target = arrayFor(shapes, this.count);
    for (let at = 0; at < this.segments.length; at += segmentsInStep) {
      if (at > 0) yield;
      const some = this.segments.slice(at, at + segmentsInStep);
      const read = this.#db.transaction(() => {
        for (const { id, count, first } of some) {
          // The last segment may have grown since.
          decodePart(this.#part(name, id), this.#countOf(id), count, target, first);
        }
      });
      read.deferred();
    }
    return target;
  }

  entries(source: SourceName): EntryTexts {
    let entries = this.#entries.get(source);
    if (entries === undefined) {
      entries = source === 'evidence' ? this.#evidence() : this.#dictionary(source);
      this.#entries.set(source, entries);
    }
    return entries;
  }

  #dictionary(dimension: DimensionName): EntryTexts {
    const rows = this.#db.prepare<[string], number>(segmentQueries.dictionary).pluck().all(dimension);
    if (rows.length === 0) return new EntryTexts([{ firstId: 0, text: () => 'null', filter: null }]);
    const filters = this.#filters(dimension);
    return new EntryTexts(
      rows.map((firstId) => ({
        firstId,
        text: () => decodeText(this.#entriesFrom(dimension, firstId)),
        filter: filters.get(firstId) ?? null,
      })),
    );
  }

  #entriesFrom(dimension: DimensionName, firstId: number): Uint8Array {
    const data = this.#readEntries.get(dimension, firstId);
    if (data !== undefined) return data;
    throw new FailureError(
      'unusable',
      `The case's dictionary ${dimension} lacks the entries from ${firstId} on: the database is damaged. Import the evidence into a new case.`,
    );
  }

  /** By the first entry of the part; parts that are small, and those of older cases, have none. */
  #filters(dimension: DimensionName): ReadonlyMap<number, () => Uint8Array> {
    const rows = this.#db
      .prepare<[string, number], { firstId: number; data: Uint8Array }>(segmentQueries.filters)
      .all(dimension, textFilterVersion);
    return new Map(rows.map(({ firstId, data }) => [firstId, () => decodeFilter(data)]));
  }

  /** Entry 0 is no file: ids of evidence start at 1. */
  #evidence(): EntryTexts {
    const entries: string[] = ['null'];
    const rows = this.#db.prepare<[], { id: number; sha256: string; path: string }>(segmentQueries.evidence);
    for (const { id, sha256, path } of rows.iterate()) entries[id] = JSON.stringify([sha256, path]);
    const text = Array.from(entries, (entry) => entry ?? 'null').join('\n');
    return new EntryTexts([{ firstId: 0, text: () => text, filter: null }]);
  }
}

function partReader(db: ReadableDb) {
  return db.prepare<[string, number], Uint8Array>(segmentQueries.entries).pluck();
}

/** The narrowest array that holds what the segments may hold. */
function arrayFor(shapes: readonly Shape[], count: number): Column | Float64Array {
  const isWhole = shapes.every(({ base, scale }) => base >= 0 && Number.isInteger(base) && scale >= 0);
  const largest = shapes.reduce(
    (found, { encoding, base, scale }) =>
      Math.max(found, base + (encoding === 'constant' ? 0 : scale * width[encoding])),
    0,
  );
  if (!isWhole || largest > 0xff_ff_ff_ff) return new Float64Array(count);
  if (largest <= 0xff) return new Uint8Array(count);
  return largest <= 0xff_ff ? new Uint16Array(count) : new Uint32Array(count);
}

function decodePart(
  column: EncodedColumn,
  stored: number,
  wanted: number,
  target: Column | Float64Array,
  at: number,
): void {
  if (wanted === stored) {
    decodeColumn(column, stored, target, at);
    return;
  }
  const whole = new Float64Array(stored);
  decodeColumn(column, stored, whole, 0);
  target.set(whole.subarray(0, wanted), at);
}
