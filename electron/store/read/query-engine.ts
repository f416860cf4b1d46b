import type { CountRow, EventPage, EventRow, Facet, Histogram } from '#shared/ipc/views.ts';
import { type Query, join } from '#shared/query/ast.ts';
import { formatQuery } from '#shared/query/format.ts';
import { parseQuery } from '#shared/query/parse.ts';
import { parseTimeSpan } from '#shared/query/time-span.ts';
import { FailureError } from '#shared/util/result.ts';
import type { ConfirmHash, EventTable } from './event-table.ts';
import { countBy, facets } from './group.ts';
import { histogram } from './histogram.ts';
import type { Steps } from './in-steps.ts';
import { loadFor } from './load-ahead.ts';
import { type Matches, matchRows } from './match.ts';
import { planQuery } from './plan.ts';
import { eventRow } from './rows.ts';
import { rowAt } from './time-slices.ts';

export interface Filter {
  readonly query: string;
  /** Times as the query language reads them, both inclusive: a day stands for all of it. */
  readonly from: string | null;
  readonly to: string | null;
}

const keptRows = 24_000_000;

/** Answers questions about one table; remembers the matches of the last queries, so that scrolling costs nothing. */
export class QueryEngine {
  readonly table: EventTable;
  readonly #confirm: ConfirmHash;
  readonly #matches = new Map<string, Matches>();

  constructor(table: EventTable, confirm: ConfirmHash) {
    this.table = table;
    this.#confirm = confirm;
  }

  /** Does step by step what the first question of this kind would wait for. Throws kind `query`. */
  loading(filter: Filter): Steps<void> {
    return loadFor(readFilter(filter), this.table);
  }

  /** The events that match, in the order of time. Throws kind `query` with the position of the problem. */
  matches(filter: Filter): Matches {
    const query = readFilter(filter);
    const key = formatQuery(query);
    let found = this.#matches.get(key);
    if (found === undefined) found = matchRows(planQuery(query, this.table, this.#confirm), this.table);
    this.#matches.delete(key);
    this.#matches.set(key, found);
    this.#forget();
    return found;
  }

  /** Rows in the order of the sort, `offset` matches from its start on. */
  rows(matches: Matches, sort: 'time' | '-time', offset: number, limit: number): number[] {
    const count = Math.max(0, Math.min(limit, matches.count - offset));
    return Array.from({ length: count }, (_, index) =>
      rowAt(matches, sort === 'time' ? offset + index : matches.count - 1 - offset - index),
    );
  }

  page(input: Filter & { sort: 'time' | '-time'; offset: number; limit: number }): EventPage {
    const matches = this.matches(input);
    const rows = this.rows(matches, input.sort, input.offset, input.limit).map(
      (row): EventRow => eventRow(this.table, row),
    );
    return { total: matches.count, offset: input.offset, rows };
  }

  count(input: Filter & { by: readonly string[]; bucket: 'hour' | 'day' | null; limit: number }): {
    rows: CountRow[];
    total: number;
    groups: number;
  } {
    const matches = this.matches(input);
    return { ...countBy(input.by, input.bucket, input.limit, matches, this.table), total: matches.count };
  }

  histogram(input: Filter & { buckets: number; split: string }): Histogram {
    const range = {
      fromMs: input.from === null ? null : Math.floor(spanOf(input.from).from.micros / 1000),
      toMs: input.to === null ? null : Math.ceil(spanOf(input.to).to.micros / 1000) - 1,
    };
    return histogram(this.matches(input), this.table, range, input.buckets, input.split);
  }

  *facets(input: Filter & { fields: readonly string[]; limit: number }): Steps<Facet[]> {
    const matches = this.matches(input);
    return yield* facets(input.fields, input.limit, matches, this.table);
  }

  #forget(): void {
    let rows = 0;
    for (const matches of this.#matches.values()) rows += keptOf(matches);
    for (const [key, matches] of this.#matches) {
      if ((rows <= keptRows && this.#matches.size <= 100) || this.#matches.size === 1) return;
      this.#matches.delete(key);
      rows -= keptOf(matches);
    }
  }
}

function keptOf({ listed, missing }: Matches): number {
  return (listed ?? missing)?.length ?? 0;
}

function readFilter({ query, from, to }: Filter): Query {
  const parsed = parseQuery(query);
  if ('problem' in parsed) {
    const { message, from: start, to: end } = parsed.problem;
    throw new FailureError('query', message, { from: start, to: end });
  }
  for (const text of [from, to]) if (text !== null) spanOf(text);
  if (from === null && to === null) return parsed.ast;
  const range: Query = {
    kind: 'field',
    field: 'time',
    test: {
      kind: 'range',
      from: from === null ? null : { text: from, inclusive: true },
      to: to === null ? null : { text: to, inclusive: true },
    },
  };
  return parsed.ast.kind === 'all' ? range : join('and', [parsed.ast, range]);
}

function spanOf(text: string): NonNullable<ReturnType<typeof parseTimeSpan>> {
  const span = parseTimeSpan(text);
  if (span !== null) return span;
  throw new FailureError(
    'invalid-input',
    `“${text}” is no time. Write 2026-05-01, 2026-05-01T10:30 or 2026-05-01T10:30:00Z (UTC).`,
  );
}
