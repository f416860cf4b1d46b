import type { EventPage } from '#shared/ipc/views.ts';
import { type ColumnSource, ColumnTable } from './column-table.ts';
import { eventRow } from './rows.ts';
import type { Segment } from './segment-source.ts';

/** Columns of which it is known which segments they come in. */
export interface SegmentedSource extends ColumnSource {
  readonly segments: readonly Segment[];
  /** All values of a column in one segment. */
  values(name: 'micros' | 'nanos', segment: Segment): Float64Array;
}

/** So many rows are found sooner in the segments than by loading the case. */
export const mostNewest = 1000;

/**
 * A page of the newest events of the whole case, newest first, before its columns are loaded: segments know their last
 * time, so that few of them are looked into. The same rows in the same order as the loaded table gives.
 */
export function newestPage(source: SegmentedSource, offset: number, limit: number): EventPage {
  const table = ColumnTable.of(pick(source, newestPositions(source, offset + limit)));
  const length = Math.max(0, Math.min(limit, table.count - offset));
  return {
    total: source.count,
    offset,
    rows: Array.from({ length }, (_, index) => eventRow(table, table.count - 1 - offset - index)),
  };
}

/** The positions, in the order of import, of the `count` newest events. */
function newestPositions(source: SegmentedSource, count: number): number[] {
  let found: Place[] = [];
  for (const segment of source.segments.toSorted((one, other) => other.timeMax - one.timeMax)) {
    const last = found[count - 1];
    // Nothing in this segment or behind it is as new; at the same microsecond the nanoseconds decide.
    if (last !== undefined && last.micros > segment.timeMax) break;
    const [micros, nanos] = [source.values('micros', segment), source.values('nanos', segment)];
    const least = Math.max(last?.micros ?? -Infinity, nthNewest(micros, count));
    for (let index = 0; index < segment.count; index++) {
      const time = micros[index] as number;
      if (time < least) continue;
      found.push({ position: segment.first + index, micros: time, nanos: nanos[index] as number });
    }
    found.sort(newestFirst);
    found = found.slice(0, count);
  }
  return found.map(({ position }) => position).toSorted((one, other) => one - other);
}

/** The time of the `count`th newest; what is older than that is not asked for. */
function nthNewest(micros: Float64Array, count: number): number {
  return micros.length <= count ? -Infinity : (micros.toSorted()[micros.length - count] as number);
}

interface Place {
  readonly position: number;
  readonly micros: number;
  readonly nanos: number;
}

function newestFirst(one: Place, other: Place): number {
  return other.micros - one.micros || other.nanos - one.nanos || other.position - one.position;
}

/** The events at some positions, ascending, as if there were no others. */
function pick(source: SegmentedSource, positions: readonly number[]): ColumnSource {
  return {
    count: positions.length,
    *load(name) {
      yield;
      return Float64Array.from(positions, (position) => source.at(name, position));
    },
    at: (name, index) => source.at(name, positions[index] as number),
    entries: (name) => source.entries(name),
  };
}
