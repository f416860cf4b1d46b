import { setImmediate } from 'node:timers/promises';
import type { MethodContext } from '#electron/platform/rpc.ts';
import type { LogFormat } from '#shared/domain/format.ts';
import type { EventRule } from '#shared/analysis/sigma/rule.ts';
import type { EventTable } from './event-table.ts';
import { stopIfAborted } from './in-steps.ts';
import type { FormatByName, NativeRecord, Records } from './records.ts';

const recordsInGroup = 500;

/** A record that rules matched. */
export interface RuleHit {
  readonly row: number;
  readonly rules: readonly EventRule[];
  readonly record: NativeRecord['record'];
}

/**
 * Holds every record that some rule could match against the rules of its log. Records whose operation no rule asks for
 * are not read. In the order of the evidence, not of time. A record that cannot be read is left out and counted.
 */
export async function runRules(
  rules: readonly EventRule[],
  { table, records }: { table: EventTable; records: Records },
  formatByName: FormatByName,
  onHit: (hit: RuleHit) => void,
  { signal }: Pick<MethodContext, 'signal'>,
): Promise<{ unreadable: number }> {
  const candidates = candidateRows(table, rulesByEntry(rules, table, formatByName));
  let unreadable = 0;
  for (const [index, { row, rules: wanted }] of candidates.entries()) {
    if (index % recordsInGroup === 0) {
      await setImmediate();
      stopIfAborted(signal);
    }
    const native = records.native(table, row);
    if (native === null) {
      unreadable++;
      continue;
    }
    const matched = wanted.filter((rule) => rule.matches(native.record));
    if (matched.length > 0) onHit({ row, rules: matched, record: native.record });
  }
  return { unreadable };
}

/** For each log format the rules of each entry of the operation dictionary. */
type RulesByEntry = ReadonlyMap<number, readonly (readonly EventRule[])[]>;

function rulesByEntry(
  rules: readonly EventRule[],
  table: EventTable,
  formatByName: FormatByName,
): RulesByEntry {
  const found = new Map<number, (readonly EventRule[])[]>();
  const names = table.dictionary('format');
  const operations = table.dictionary('operation');
  const { values, indexes } = operations.field('operation');
  for (let entry = 0; entry < names.size; entry++) {
    const sigma = formatByName(names.tuple(entry)[0] ?? '')?.sigma;
    if (sigma === undefined) continue;
    const own = rules.filter(({ logsource }) => isAbout(logsource, sigma));
    if (own.length === 0) continue;
    found.set(
      entry,
      Array.from({ length: operations.size }, (_, operation) => {
        const name = values[indexes[operation] as number]?.toLowerCase() ?? '';
        return own.filter(({ needs }) => needs.get(sigma.operationField)?.includes(name) ?? true);
      }),
    );
  }
  return found;
}

function isAbout(
  { product, service }: EventRule['logsource'],
  sigma: NonNullable<LogFormat['sigma']>,
): boolean {
  return product === sigma.product && (service === null || service === sigma.service);
}

/** In the order in which the bytes lie, so that each file is read once and forwards. */
function candidateRows(
  table: EventTable,
  byEntry: RulesByEntry,
): { row: number; rules: readonly EventRule[] }[] {
  const [formats, operations, evidence] = [
    table.ids('format'),
    table.ids('operation'),
    table.ids('evidence'),
  ];
  const offsets = table.offsets();
  const rows: { row: number; rules: readonly EventRule[] }[] = [];
  for (let row = 0; row < table.count; row++) {
    const rules = byEntry.get(formats[row] as number)?.[operations[row] as number] ?? [];
    if (rules.length > 0) rows.push({ row, rules });
  }
  return rows.toSorted(
    (one, other) =>
      (evidence[one.row] as number) - (evidence[other.row] as number) ||
      (offsets[one.row] as number) - (offsets[other.row] as number),
  );
}
