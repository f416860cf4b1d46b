import type { RecordCounts } from '#shared/domain/batch.ts';
import { type Outcome, outcomes } from '#shared/domain/event.ts';
import type { BatchColumns } from '#shared/domain/packed-batch.ts';
import type { IngestReport, SourceRange } from '#shared/ipc/views.ts';
import { type Instant, formatInstant } from '#shared/util/instant.ts';
import { earlier, later } from '#shared/util/instant-range.ts';

/** What one run of import adds up to. Outcomes and sources count the events that it added. */
import type { AddedEvents } from './event-store.ts';
export class Totals {
  readonly #counts = { records: 0, events: 0, duplicates: 0, rejected: 0 };
  readonly #outcomes = Object.fromEntries(outcomes.map((outcome) => [outcome, 0])) as Record<Outcome, number>;
  readonly #sources = new Map<string, { events: number; from: Instant | null; to: Instant | null }>();

  readonly #directories = new Map<string, number>();

  get counts(): RecordCounts {
    return { ...this.#counts };
  }

  /** A file of this format takes part in the run. */
  addSource(format: string | null): void {
    if (format !== null && !this.#sources.has(format)) {
      this.#sources.set(format, { events: 0, from: null, to: null });
    }
  }

  /** Records of a file that the case held before the run reached them. */
  addKnown(known: RecordCounts): void {
    this.#counts.records += known.records;
    this.#counts.duplicates += known.events + known.duplicates;
    this.#counts.rejected += known.rejected;
  }

  /** A batch, and what was new of it. */
  addBatch(
    format: string | null,
    batch: BatchColumns,
    { kept, outcomes: ended }: AddedEvents,
    counts: RecordCounts,
  ): void {
    this.#counts.records += counts.records;
    this.#counts.events += counts.events;
    this.#counts.duplicates += counts.duplicates;
    this.#counts.rejected += counts.rejected;
    for (const [index, events] of ended.entries()) this.#outcomes[outcomes[index] as Outcome] += events;
    const source = format === null ? undefined : this.#sources.get(format);
    if (source === undefined) return;
    const range = timeRange(batch, kept);
    source.events += kept.length;
    source.from = earlier(source.from, range.from);
    source.to = later(source.to, range.to);
  }

  /** Entries of a directory export that were taken in. */
  addDirectory(format: string, entries: number): void {
    this.#directories.set(format, (this.#directories.get(format) ?? 0) + entries);
    this.#sources.delete(format);
  }

  report(): Pick<IngestReport, keyof RecordCounts | 'outcomes' | 'sources' | 'directories'> {
    const sources = [...this.#sources].map(
      ([format, { events, from, to }]): SourceRange => ({
        format,
        events,
        from: from === null ? null : formatInstant(from),
        to: to === null ? null : formatInstant(to),
      }),
    );
    return {
      ...this.#counts,
      outcomes: { ...this.#outcomes },
      sources: sources.toSorted((first, second) => (first.format < second.format ? -1 : 1)),
      directories: [...this.#directories]
        .map(([format, entries]) => ({ format, entries }))
        .toSorted((first, second) => (first.format < second.format ? -1 : 1)),
    };
  }
}

/** First and last moment of the events at the positions `rows`, by default of all events of the batch. */
export function timeRange(
  batch: BatchColumns,
  rows?: Uint32Array,
): { readonly from: Instant | null; readonly to: Instant | null } {
  const count = rows?.length ?? batch.count;
  if (count === 0) return { from: null, to: null };
  let first = rows?.[0] ?? 0;
  let last = first;
  for (let row = 1; row < count; row++) {
    const index = rows === undefined ? row : (rows[row] as number);
    const micros = batch.micros[index] as number;
    const afterFirst = micros - (batch.micros[first] as number);
    if (afterFirst <= 0 && (afterFirst < 0 || nanos(batch, index) < nanos(batch, first))) first = index;
    const afterLast = micros - (batch.micros[last] as number);
    if (afterLast >= 0 && (afterLast > 0 || nanos(batch, index) > nanos(batch, last))) last = index;
  }
  return { from: instantAt(batch, first), to: instantAt(batch, last) };
}

function instantAt(batch: BatchColumns, index: number): Instant {
  return {
    micros: batch.micros[index] as number,
    nanos: nanos(batch, index),
    digits: batch.timeDigits[index] as number,
  };
}

function nanos(batch: BatchColumns, index: number): number {
  return batch.nanos[index] as number;
}
