import {
  dimensionNames,
  dimensionValues,
  dimensions,
  hashedFields,
  hashedValues,
} from '#shared/domain/dimensions.ts';
import type { AccessEvent } from '#shared/domain/event.ts';
import { hash32 } from '#shared/util/hash32.ts';
import { parseInstant } from '#shared/util/instant.ts';
import { type ColumnSource, ColumnTable } from '#electron/store/read/column-table.ts';
import { textFilter } from '#electron/store/segments/text-filter.ts';
import { EntryTexts } from '#electron/store/read/entry-texts.ts';
import type { ConfirmHash } from '#electron/store/read/event-table.ts';
import { compareInstants } from '#shared/util/instant-range.ts';

/** The event table of a list of events, and the list in the order of time: what row `n` must be. */
export function memoryTable(events: readonly AccessEvent[]): {
  table: ColumnTable;
  source: ColumnSource;
  ordered: readonly AccessEvent[];
  confirm: ConfirmHash;
} {
  const instants = events.map((event) => parseInstant(event.time)!);
  const files = [...new Map(events.map(({ evidence }) => [evidence.sha256, evidence.path]))];
  const dictionaries = new Map(
    dimensionNames.map((name) => [name, new Map([[JSON.stringify(dimensions[name].map(() => null)), 0]])]),
  );
  const columns = new Map<string, number[]>();
  const put = (name: string, value: number): void => {
    const column = columns.get(name) ?? [];
    columns.set(name, column);
    column.push(value);
  };
  for (const [index, event] of events.entries()) {
    put('micros', instants[index]!.micros);
    put('nanos', instants[index]!.nanos);
    put('timeDigits', instants[index]!.digits);
    for (const word of [0, 1, 2, 3])
      put(`key${word}`, Number.parseInt(event.id.slice(word * 8, word * 8 + 8), 16));
    put('evidence', files.findIndex(([sha256]) => sha256 === event.evidence.sha256) + 1);
    put('offset', event.evidence.offset);
    put('length', event.evidence.length);
    const values = dimensionValues(event.format, event);
    for (const name of dimensionNames) {
      const dictionary = dictionaries.get(name)!;
      const text = JSON.stringify(values[name]);
      if (!dictionary.has(text)) dictionary.set(text, dictionary.size);
      put(`dimension:${name}`, dictionary.get(text)!);
    }
    for (const [at, text] of hashedValues(event).entries())
      put(`hash:${hashedFields[at]}`, text === null ? 0 : hash32(text));
  }
  const source: ColumnSource = {
    count: events.length,
    *load(name) {
      yield;
      return (name === 'micros' ? Float64Array : Uint32Array).from(columns.get(name) ?? []);
    },
    at: (name, position) => columns.get(name)?.[position] ?? 0,
    entries: (name) =>
      name === 'evidence'
        ? inParts(['null', ...files.map((file) => JSON.stringify(file))])
        : inParts([...dictionaries.get(name)!.keys()]),
  };
  const ordered = events
    .map((event, index) => ({ event, instant: instants[index]!, index }))
    .toSorted((first, second) => compareInstants(first.instant, second.instant) || first.index - second.index)
    .map(({ event }) => event);
  const confirm: ConfirmHash = (row, field, text) =>
    hashedValues(ordered[row]!)[hashedFields.indexOf(field)] === text;
  return { table: ColumnTable.of(source), source, ordered, confirm };
}

/** As a case has them: in parts of any size. */
function inParts(entries: readonly string[]): EntryTexts {
  const middle = entries.length >> 1;
  const parts = [
    { firstId: 0, lines: entries.slice(0, middle) },
    { firstId: middle, lines: entries.slice(middle) },
  ];
  return new EntryTexts(
    parts
      .filter(({ lines }) => lines.length > 0)
      .map(({ firstId, lines }) => ({
        firstId,
        text: () => lines.join('\n'),
        filter: () => textFilter(Buffer.from(lines.join('\n'))).filter,
      })),
  );
}
