import { createHash } from 'node:crypto';
import type { MethodContext } from '#electron/platform/rpc.ts';
import { type CorrelationMatch, type Hit, correlate } from '#shared/analysis/sigma/correlate.ts';
import { fieldValues, valueText } from '#shared/analysis/sigma/fields.ts';
import { parseSigma } from '#shared/analysis/sigma/parse.ts';
import type { CorrelationRule, EventRule, SigmaRule } from '#shared/analysis/sigma/rule.ts';
import { type Finding, mostEvents, severities } from '#shared/domain/finding.ts';
import type { JsonObject } from '#shared/domain/json.ts';
import type { OutputOf, ParsedInputOf } from '#shared/ipc/contract.ts';
import type { EventTable } from './event-table.ts';
import type { FormatByName, Records } from './records.ts';
import { idOf, principalOf, timeOf } from './rows.ts';
import { runRules } from './rule-run.ts';

/** What the rules find, by severity, then rule, then first event. One finding for each rule and subject (or group). */
export async function findings(
  { rules: files, rule: only }: ParsedInputOf<'findings.run'>,
  reader: { table: EventTable; records: Records },
  formatByName: FormatByName,
  context: Pick<MethodContext, 'signal'>,
): Promise<OutputOf<'findings.run'>> {
  const parsed = files.map(({ path, text }) => parseSigma(path, text));
  const rules = parsed.flatMap((file) => file.rules);
  const wanted = only === null ? rules : rules.filter((rule) => isNamed(rule, only));
  const correlations = wanted.filter((rule) => rule.kind === 'correlation');
  const needed = rules.filter(
    (rule): rule is EventRule =>
      rule.kind === 'event' &&
      (wanted.includes(rule) ||
        correlations.some((correlation) => correlation.rules.some((name) => isNamed(rule, name)))),
  );
  const byRule = new Map<string, Set<number>>();
  const records = new Map<number, JsonObject>();
  const { unreadable } = await runRules(
    needed,
    reader,
    formatByName,
    (hit) => {
      for (const rule of hit.rules) {
        const rows = byRule.get(rule.id);
        if (rows === undefined) byRule.set(rule.id, new Set([hit.row]));
        else rows.add(hit.row);
      }
      if (correlations.length > 0) records.set(hit.row, hit.record);
    },
    context,
  );
  const hidden = new Set(
    correlations.filter(({ generate }) => !generate).flatMap(({ rules: names }) => names),
  );
  const found = [
    ...needed
      .filter((rule) => wanted.includes(rule) && ![...hidden].some((name) => isNamed(rule, name)))
      .flatMap((rule) => eventFindings(rule, [...(byRule.get(rule.id) ?? [])], reader.table)),
    ...correlations.flatMap((rule) => correlationFindings(rule, needed, byRule, records, reader.table)),
  ];
  return {
    findings: found.toSorted(
      (one, other) =>
        severities.indexOf(other.severity) - severities.indexOf(one.severity) ||
        compare(one.rule, other.rule) ||
        compare(one.first ?? '', other.first ?? ''),
    ),
    problems: parsed.flatMap(({ problems }) => problems),
    rules: wanted.length,
    unreadable,
    unanswered: [],
  };
}

function isNamed({ id, name }: SigmaRule, wanted: string): boolean {
  return id === wanted || name === wanted;
}

function eventFindings(rule: EventRule, rows: readonly number[], table: EventTable): Finding[] {
  const subjects = new Map<string | null, number[]>();
  for (const row of rows) {
    const subject = subjectOf(table, row);
    const known = subjects.get(subject);
    if (known === undefined) subjects.set(subject, [row]);
    else known.push(row);
  }
  return [...subjects].map(([subject, own]) => finding(rule, subject, subject ?? '', own, table, rule.title));
}

function correlationFindings(
  rule: CorrelationRule,
  rules: readonly EventRule[],
  byRule: ReadonlyMap<string, ReadonlySet<number>>,
  records: ReadonlyMap<number, JsonObject>,
  table: EventTable,
): Finding[] {
  const ids = rule.rules.flatMap((name) => rules.find((candidate) => isNamed(candidate, name))?.id ?? []);
  const hits = ids
    .flatMap((id) =>
      [...(byRule.get(id) ?? [])].map((row) => hitOf(rule, id, row, records.get(row) ?? {}, table)),
    )
    .toSorted((one, other) => one.row - other.row);
  return correlate(rule, hits, ids).map(({ group, rows, count }: CorrelationMatch) => {
    const [first = 0] = rows;
    const words = `${rule.title}: ${count} within the timespan${rule.groupBy.length === 0 ? '' : ` for ${group}`}`;
    return finding(rule, subjectOf(table, first), group, rows, table, words);
  });
}

function hitOf(rule: CorrelationRule, id: string, row: number, record: JsonObject, table: EventTable): Hit {
  const values = rule.groupBy.map((name) => textOf(record, name));
  return {
    row,
    rule: id,
    micros: table.micros[row] as number,
    group: values.includes(null) ? null : values.join(', '),
    value: rule.field === null ? null : textOf(record, rule.field),
  };
}

function textOf(record: JsonObject, name: string): string | null {
  const [value] = fieldValues(record, name);
  return value === undefined || value === null ? null : valueText(value);
}

function finding(
  rule: SigmaRule,
  subject: string | null,
  group: string,
  rows: readonly number[],
  table: EventTable,
  what: string,
): Finding {
  const ordered = rows.toSorted((one, other) => one - other);
  const [first, last] = [ordered[0] as number, ordered.at(-1) as number];
  return {
    id: createHash('sha256')
      .update(JSON.stringify([rule.id, group]))
      .digest('hex')
      .slice(0, 32),
    rule: rule.id,
    title: rule.title,
    severity: rule.severity,
    subject,
    events: ordered.slice(0, mostEvents).map((row) => idOf(table, row)),
    count: ordered.length,
    first: timeOf(table, first),
    last: timeOf(table, last),
    why: rule.description === null ? what : `${what}. ${rule.description.trim()}`,
    advice: rule.advice,
    tags: rule.tags,
  };
}

function subjectOf(table: EventTable, row: number): string | null {
  const subject = principalOf(table.dictionary('subject').tuple(table.ids('subject')[row] as number));
  return subject?.id ?? subject?.name ?? null;
}

function compare(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}
