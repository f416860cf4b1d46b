import { fieldNamed } from '#shared/query/fields.ts';
import { FailureError } from '#shared/util/result.ts';
import { sourceOf } from './dictionary.ts';
import type { EventTable } from './event-table.ts';
import { compareValues } from './group.ts';

/** Values of a field that hold `part`, letter case aside: those that start with it first, then the most frequent. */
export function valuesHolding(field: string, part: string, limit: number, table: EventTable): string[] {
  if (fieldNamed(field) === undefined) {
    throw new FailureError('invalid-input', `There is no field “${field}”.`, { field });
  }
  const found = sourceOf(field);
  if (found === null) return [];
  const { values, indexes, texts } = table.dictionary(found.source).field(field);
  const byValue = new Float64Array(values.length);
  const byEntry = table.counts(found.source);
  for (let id = 0; id < byEntry.length; id++) {
    const index = indexes[id] as number;
    byValue[index] = (byValue[index] as number) + (byEntry[id] as number);
  }
  const counts = new Map<string, number>();
  const wanted = part.toLowerCase();
  for (const [number, lower] of texts.lower.entries()) {
    const count = byValue[texts.owners[number] as number] as number;
    if (count === 0 || !lower.includes(wanted)) continue;
    const text = texts.texts[number] as string;
    counts.set(text, (counts.get(text) ?? 0) + count);
  }
  return [...counts]
    .map(([text, count]) => ({ text, count, starts: text.toLowerCase().startsWith(wanted) ? 0 : 1 }))
    .toSorted(
      (one, other) =>
        one.starts - other.starts || other.count - one.count || compareValues(one.text, other.text),
    )
    .slice(0, limit)
    .map(({ text }) => text);
}
