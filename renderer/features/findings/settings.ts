import type { Finding, Severity } from '#shared/domain/finding.ts';
import { inOrder, worstFirst } from './order.ts';

export const groupings = ['rule', 'subject', 'mapping'] as const;
export type Grouping = (typeof groupings)[number];

/** Which findings are shown and how; it lies in the address. */
export interface FindingSettings {
  readonly severity: Severity | null;
  readonly group: Grouping | null;
  /** Part of the title, the words, the rule, the subject or a tag. */
  readonly text: string;
}

/** Of the tab in the address, e.g. `high&group=rule&text=key`. */
export function parseFindingSettings(tab: string | null): FindingSettings {
  const parameters = new URLSearchParams(tab ?? '');
  return {
    severity: worstFirst.find((severity) => parameters.has(severity)) ?? null,
    group: groupings.find((group) => group === parameters.get('group')) ?? null,
    text: parameters.get('text') ?? '',
  };
}

export function formatFindingSettings({ severity, group, text }: FindingSettings): string | null {
  const parts = [
    ...(severity === null ? [] : [severity]),
    ...(group === null ? [] : [`group=${group}`]),
    ...(text === '' ? [] : [new URLSearchParams({ text }).toString()]),
  ];
  return parts.length === 0 ? null : parts.join('&');
}

/** Those that the settings ask for, the worst first. */
export function chosenFindings(findings: readonly Finding[], settings: FindingSettings): Finding[] {
  const wanted = settings.text.trim().toLowerCase();
  return inOrder(
    findings.filter(
      ({ severity, title, why, rule, subject, tags }) =>
        (settings.severity === null || severity === settings.severity) &&
        (wanted === '' ||
          [title, why, rule, subject ?? '', ...tags].some((each) => each.toLowerCase().includes(wanted))),
    ),
  );
}

/** A row of the table: a group's name above its findings, where they are grouped. */
export type FindingRow =
  | {
      readonly type: 'group';
      readonly name: string;
      readonly worst: Severity;
      readonly count: number;
      readonly closed: boolean;
    }
  | { readonly type: 'finding'; readonly finding: Finding };

const noSubject = 'no identity';
const noMapping = 'no mapping';

/** The rows in the order of the findings, so that the group with the worst comes first. */
export function findingRows(
  findings: readonly Finding[],
  group: Grouping | null,
  closed: ReadonlySet<string>,
): FindingRow[] {
  if (group === null) return findings.map((finding) => ({ type: 'finding', finding }));
  const groups = new Map<string, Finding[]>();
  for (const finding of findings) {
    for (const name of namesOf(finding, group)) {
      const own = groups.get(name);
      if (own === undefined) groups.set(name, [finding]);
      else own.push(finding);
    }
  }
  return [...groups].flatMap(([name, own]): FindingRow[] => {
    const isClosed = closed.has(name);
    const worst = own[0]?.severity ?? 'informational';
    const head: FindingRow = { type: 'group', name, worst, count: own.length, closed: isClosed };
    return isClosed ? [head] : [head, ...own.map((finding) => ({ type: 'finding' as const, finding }))];
  });
}

function namesOf({ rule, subject, tags }: Finding, group: Grouping): readonly string[] {
  if (group === 'rule') return [rule];
  if (group === 'subject') return [subject ?? noSubject];
  return tags.length === 0 ? [noMapping] : tags;
}

const columns = [
  'severity',
  'title',
  'subject',
  'count',
  'first',
  'last',
  'rule',
  'tags',
  'why',
  'advice',
  'id',
];

/** As CSV (RFC 4180); a text that a spreadsheet would run as a formula is made text by an apostrophe. */
export function findingsAsCsv(findings: readonly Finding[]): string {
  const lines = findings.map(
    ({ severity, title, subject, count, first, last, rule, tags, why, advice, id }) =>
      [severity, title, subject, String(count), first, last, rule, tags.join(' '), why, advice, id]
        .map((cell) => csvCell(cell ?? ''))
        .join(','),
  );
  return [columns.join(','), ...lines, ''].join('\r\n');
}

/** SECURITY: spreadsheets run cells that begin so (OWASP, CSV Injection). */
const formula = /^[=+\-@\t\r]/;

function csvCell(text: string): string {
  const safe = formula.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** As JSON Lines, whole. */
export function findingsAsJson(findings: readonly Finding[]): string {
  return findings.map((finding) => `${JSON.stringify(finding)}\n`).join('');
}
