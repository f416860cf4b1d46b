import { dimensionNames } from '#shared/domain/dimensions.ts';
import { type Query, literalOf } from '#shared/query/ast.ts';
import { sourceOf } from './dictionary.ts';
import type { EventTable } from './event-table.ts';
import { searchedFor } from './field-search.ts';

/**
 * Loads step by step what a query looks into: the first search of a large case unpacks all of its texts. Nothing is
 * done where they are there already.
 */
export function* loadFor(query: Query, table: EventTable): Generator<void> {
  switch (query.kind) {
    case 'all':
      return;
    case 'and':
    case 'or':
      for (const part of query.parts) yield* loadFor(part, table);
      return;
    case 'not':
      yield* loadFor(query.part, table);
      return;
    case 'text':
      yield* loadTexts(query, table);
      return;
    case 'field': {
      const source = sourceOf(query.field)?.source;
      const dictionary = source === undefined ? undefined : table.dictionary(source);
      if (dictionary === undefined || dictionary.hasField(query.field)) return;
      const searched = searchedFor(query, dictionary);
      if (searched !== null) {
        yield* dictionary.makeSearchable(searched);
        return;
      }
      dictionary.field(query.field);
      yield;
    }
  }
}

/** With wildcards every text is looked at. */
function* loadTexts({ glob }: Extract<Query, { kind: 'text' }>, table: EventTable): Generator<void> {
  const literal = literalOf(glob)?.toLowerCase() ?? '';
  for (const source of dimensionNames) yield* table.dictionary(source).makeSearchable(literal);
}
