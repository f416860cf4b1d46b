import type { EntitlementUsage, UsageReport, UsageState } from '../../domain/usage.ts';

export interface UsageQuestion {
  /** Only rows of this state; null for all. */
  readonly usage: UsageState | null;
  /** Part of the action or of the resource, whatever the case; empty for all. */
  readonly text: string;
  readonly offset: number;
  readonly limit: number;
}

/** A page of the rows that are asked for; the counts are of all rows, whatever is asked for. */
export function usagePage(
  rows: readonly EntitlementUsage[],
  { usage, text, offset, limit }: UsageQuestion,
): Pick<UsageReport, 'counts' | 'total' | 'rows'> {
  const counts = { used: 0, 'not-used': 0, 'cannot-know': 0 };
  for (const row of rows) counts[row.usage]++;
  const wanted = text.trim().toLowerCase();
  const chosen =
    usage === null && wanted === ''
      ? rows
      : rows.filter(
          (row) =>
            (usage === null || row.usage === usage) &&
            (row.entitlement.action.pattern.toLowerCase().includes(wanted) ||
              row.entitlement.resource.pattern.toLowerCase().includes(wanted)),
        );
  return { counts, total: chosen.length, rows: chosen.slice(offset, offset + limit) };
}
