import type { CorrelationRule } from './rule.ts';

/** A record that a rule matched, as far as correlations need it. */
export interface Hit {
  /** Whose it is in the caller's own numbering. */
  readonly row: number;
  readonly micros: number;
  /** Rule that matched: its id. */
  readonly rule: string;
  /** Values of the fields to group by, joined; null where one is missing. */
  readonly group: string | null;
  /** Value of the field that is counted. */
  readonly value: string | null;
}

export interface CorrelationMatch {
  readonly group: string;
  /** Rows of all windows that fulfil the condition, in order of time, each once. */
  readonly rows: readonly number[];
  /** The count of the fullest window. */
  readonly count: number;
}

/**
 * Groups of hits for which some window of the rule's timespan fulfils its condition. `hits` is in order of time. A
 * hit without one of the fields to group by belongs to no group.
 */
export function correlate(
  rule: CorrelationRule,
  hits: readonly Hit[],
  ids: readonly string[],
): CorrelationMatch[] {
  const groups = new Map<string, Hit[]>();
  for (const hit of hits) {
    if (hit.group === null || !ids.includes(hit.rule)) continue;
    const known = groups.get(hit.group);
    if (known === undefined) groups.set(hit.group, [hit]);
    else known.push(hit);
  }
  return [...groups].flatMap(([group, members]) => {
    const found = windows(rule, members, ids);
    return found.rows.length === 0 ? [] : [{ group, ...found }];
  });
}

function windows(
  rule: CorrelationRule,
  hits: readonly Hit[],
  ids: readonly string[],
): { rows: number[]; count: number } {
  const rows = new Set<number>();
  let most = 0;
  let start = 0;
  for (let end = 0; end < hits.length; end++) {
    const last = hits[end] as Hit;
    while (last.micros - (hits[start] as Hit).micros > rule.spanMicros) start++;
    const window = hits.slice(start, end + 1);
    const count = countOf(rule, window, ids);
    if (count === null || !rule.test(count)) continue;
    most = Math.max(most, count);
    for (const { row } of window) rows.add(row);
  }
  return { rows: [...rows], count: most };
}

/** What the condition is about; null where the window does not have all that it must. */
function countOf({ type }: CorrelationRule, window: readonly Hit[], ids: readonly string[]): number | null {
  if (type === 'event_count') return window.length;
  if (type === 'value_count')
    return new Set(window.flatMap(({ value }) => (value === null ? [] : [value]))).size;
  const isComplete =
    type === 'temporal' ? ids.every((id) => window.some((hit) => hit.rule === id)) : inOrder(window, ids);
  return isComplete ? ids.length : null;
}

function inOrder(window: readonly Hit[], ids: readonly string[]): boolean {
  let at = 0;
  for (const { rule } of window) if (rule === ids[at]) at++;
  return at === ids.length;
}
