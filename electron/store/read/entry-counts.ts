import type { Column, EventTable, SourceName } from './event-table.ts';
import { countEntries, countGroups, countGroupsOf } from './kernels.ts';
import type { Matches } from './match.ts';
import { restOf, stretchAround } from './rest.ts';

/** How many matches have each entry of a source. */
export function entryCounts(source: SourceName, matches: Matches, table: EventTable): Uint32Array {
  if (isWhole(matches, table)) return table.counts(source);
  const rest = restOf(matches);
  if (rest !== null) {
    return without(entryCounts(source, stretchAround(matches), table), entryCounts(source, rest, table));
  }
  const counts = new Uint32Array(table.dictionary(source).size);
  const ids = table.ids(source);
  if (matches.listed === null) countEntries(ids, matches.from, matches.to, counts);
  else countListed(ids, matches.listed, counts);
  return counts;
}

/** What is left of counts when some are taken off. */
export function without(all: Uint32Array, some: Uint32Array): Uint32Array {
  const counts = new Uint32Array(all.length);
  for (let index = 0; index < counts.length; index++) {
    counts[index] = (all[index] as number) - (some[index] as number);
  }
  return counts;
}

function countListed(ids: Column, rows: Uint32Array, counts: Uint32Array): void {
  for (let index = 0; index < rows.length; index++) {
    const id = ids[rows[index] as number] as number;
    counts[id] = (counts[id] as number) + 1;
  }
}

export function isWhole({ count }: Matches, table: EventTable): boolean {
  return count === table.count;
}

/** How many matches have an entry of each group; `groups` says by entry which. */
export function groupCounts(
  source: SourceName,
  groups: Uint32Array,
  size: number,
  matches: Matches,
  table: EventTable,
): Uint32Array {
  const rest = matches.missing === null ? null : restOf(matches);
  if (rest !== null) {
    const all = groupCounts(source, groups, size, stretchAround(matches), table);
    return without(all, groupCounts(source, groups, size, rest, table));
  }
  const counts = new Uint32Array(size);
  if (isWhole(matches, table)) {
    // The rows were counted by entry before, once for all questions.
    const entries = table.counts(source);
    for (let id = 0; id < entries.length; id++) {
      const group = groups[id] as number;
      counts[group] = (counts[group] as number) + (entries[id] as number);
    }
  } else if (matches.listed === null) {
    countGroups(table.ids(source), groups, matches.from, matches.to, counts);
  } else countGroupsOf(table.ids(source), groups, matches.listed, counts);
  return counts;
}
