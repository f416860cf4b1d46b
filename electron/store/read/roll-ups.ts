import type { DimensionName } from '#shared/domain/dimensions.ts';
import type { LogDays, Moment, Use } from '#shared/domain/identity.ts';
import { type ReadableDb, sql } from '../connection.ts';
import { EntryClasses, classifiedDimensions } from '../segments/entry-classes.ts';
import { type RollUp, rollUpVersion } from '../segments/roll-up.ts';
import { type RollUpPart, rollUpOf } from '../segments/roll-up-parts.ts';
import { entriesOf, learnEntries, rollUpStored } from '../segments/stored-roll-up.ts';
import { Dictionary } from './dictionary.ts';
import { type PlacedRollUp, endOfLogs, mergedLogDays, mergedUses } from './roll-up-merge.ts';
import { SegmentSource } from './segment-source.ts';

/** SQL of this file, for the tests of its plans. */
export const rollUpQueries = {
  segments: sql`
    select id, first_ordinal as firstOrdinal, count, time_min as timeMin, time_max as timeMax
    from segment order by id
  `,
  columns: sql`
    select segment_id as segmentId, name, length, encoding, base, scale, data
    from segment cross join roll_up on roll_up.segment_id = segment.id
    cross join roll_up_column using (segment_id)
    where version = ? and roll_up.count = segment.count order by segment.id
  `,
  credentials: sql`select id, value from roll_up_credential`,
} as const;

interface Segment {
  readonly id: number;
  readonly firstOrdinal: number;
  readonly count: number;
  readonly timeMin: number;
  readonly timeMax: number;
}

export interface RolledUp {
  readonly uses: readonly Use[];
  readonly logs: readonly LogDays[];
}

/**
 * What the events of a case come to, from the roll-ups that are stored with the segments. No event is looked at but
 * where a time lies within a segment: then its events up to that time are rolled up anew. A roll-up that is missing is
 * made from the segment.
 */
export class RollUps {
  readonly #db: ReadableDb;
  readonly #segments: readonly Segment[];
  readonly #stored: ReadonlyMap<number, RollUp>;
  readonly #dictionaries: ReadonlyMap<DimensionName, Dictionary>;
  #classes: EntryClasses | null = null;
  /** Of decisions, and of the credentials in segments that were rolled up anew. */
  #decisions: EntryClasses | null = null;
  #kept: (RolledUp & { readonly upTo: number }) | null = null;

  private constructor(db: ReadableDb) {
    this.#db = db;
    this.#segments = db.prepare<[], Segment>(rollUpQueries.segments).all();
    this.#stored = storedRollUps(db);
    const source = new SegmentSource(db);
    this.#dictionaries = new Map(
      (['format', 'account', 'subject', 'actor'] as const).map((name) => [
        name,
        new Dictionary(name, source.entries(name)),
      ]),
    );
  }

  /** Those of the case as it is now. */
  static load(db: ReadableDb): RollUps {
    return db.transaction(() => new RollUps(db)).deferred();
  }

  /** The time of the last event; null without any. */
  get end(): Moment | null {
    return endOfLogs(this.#upTo(Number.POSITIVE_INFINITY));
  }

  /** Who used what, and when there were logs, up to a time. */
  upTo(micros: number): RolledUp {
    if (this.#kept?.upTo === micros) return this.#kept;
    const parts = this.#upTo(micros);
    const made = {
      upTo: micros,
      uses: mergedUses(parts, this.#dictionaryOf, (ids) => this.#credentials(ids)),
      logs: mergedLogDays(parts, this.#dictionaryOf),
    };
    this.#kept = made;
    return made;
  }

  readonly #dictionaryOf = (name: DimensionName): Dictionary => {
    const found = this.#dictionaries.get(name);
    if (found === undefined) throw new RangeError(`roll-ups name no ${name}`);
    return found;
  };

  #upTo(micros: number): PlacedRollUp[] {
    return this.#db.transaction(() => this.#placed(micros)).deferred();
  }

  #placed(micros: number): PlacedRollUp[] {
    return this.#segments.flatMap((segment): PlacedRollUp[] => {
      const { id, firstOrdinal, timeMin, timeMax } = segment;
      if (timeMin > micros) return [];
      const stored = this.#stored.get(id);
      if (stored !== undefined && timeMax <= micros) return [{ firstOrdinal, rollUp: stored }];
      const classes = stored === undefined ? this.#known() : this.#knownOf(stored);
      const upTo = timeMax <= micros ? null : micros;
      return [{ firstOrdinal, rollUp: rollUpStored(this.#db, segment, classes, upTo) }];
    });
  }

  /** What has to be known of entries to roll events up; seldom needed. */
  #known(): EntryClasses {
    if (this.#classes === null) {
      this.#classes = new EntryClasses();
      for (const name of classifiedDimensions) learnEntries(this.#db, name, null, this.#classes);
    }
    return this.#classes;
  }

  /** A roll-up tells which credentials of its segment are of sessions: the large dictionary need not be read. */
  #knownOf({ session }: RollUp): EntryClasses {
    if (this.#classes !== null) return this.#classes;
    if (this.#decisions === null) {
      this.#decisions = new EntryClasses();
      learnEntries(this.#db, 'decision', null, this.#decisions);
    }
    this.#decisions.learnSessions(session.credential);
    return this.#decisions;
  }

  #credentials(ids: ReadonlySet<number>): ReadonlyMap<number, string> {
    const texts = new Map<number, string>();
    const kept = this.#db.prepare<[], { id: number; value: string }>(rollUpQueries.credentials);
    for (const { id, value } of kept.iterate()) if (ids.has(id)) texts.set(id, value);
    const missing = new Set([...ids].filter((id) => !texts.has(id)));
    if (missing.size > 0)
      for (const [id, text] of entriesOf(this.#db, 'credential', missing)) texts.set(id, text);
    return texts;
  }
}

function storedRollUps(db: ReadableDb): Map<number, RollUp> {
  const bySegment = new Map<number, Map<string, RollUpPart>>();
  const rows = db.prepare<[number], RollUpPart & { segmentId: number }>(rollUpQueries.columns);
  for (const row of rows.iterate(rollUpVersion)) {
    const parts = bySegment.get(row.segmentId);
    if (parts === undefined) bySegment.set(row.segmentId, new Map([[row.name, row]]));
    else parts.set(row.name, row);
  }
  return new Map([...bySegment].map(([id, parts]) => [id, rollUpOf(parts)]));
}
