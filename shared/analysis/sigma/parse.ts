import { LineCounter, parseAllDocuments } from 'yaml';
import { type Severity, severities } from '#shared/domain/finding.ts';
import { type Json, type JsonObject, isObject, objectAt, textAt } from '#shared/domain/json.ts';
import { compileCondition } from './condition.ts';
import { readCorrelation } from './correlation.ts';
import { type Search, anyOf, compileSearch } from './detection.ts';
import type { EventRule, RuleProblem, SigmaRule } from './rule.ts';
import { RuleError } from './value-test.ts';

/** Reads a Sigma rule file: one rule or several. A rule that is not understood in full is a problem, never half used. */
export function parseSigma(path: string, text: string): { rules: SigmaRule[]; problems: RuleProblem[] } {
  const rules: SigmaRule[] = [];
  const problems: RuleProblem[] = [];
  const lines = new LineCounter();
  for (const document of parseAllDocuments(text, { lineCounter: lines, version: '1.2' })) {
    const at = (offset: number): string => {
      const { line, col } = lines.linePos(offset);
      return `${line}:${col}`;
    };
    const [error] = document.errors;
    if (error !== undefined) {
      problems.push({
        path,
        position: at(error.pos[0]),
        message: `This is no YAML: ${error.message.split('\n')[0] ?? ''}`,
      });
      continue;
    }
    try {
      // The library's guard against bombs of aliases.
      const value: unknown = document.toJS({ maxAliasCount: 100 });
      if (value !== null) rules.push(readRule(value as Json));
    } catch (thrown) {
      const message = thrown instanceof Error ? thrown.message : String(thrown);
      problems.push({ path, position: at(document.range[0]), message });
    }
  }
  return { rules, problems };
}

function readRule(value: Json): SigmaRule {
  if (!isObject(value)) throw new RuleError('A Sigma rule is a map with title, logsource and detection.');
  const head = readHead(value);
  const correlation = objectAt(value, 'correlation');
  if (correlation !== undefined) return { ...head, ...readCorrelation(correlation, value) };
  const detection = objectAt(value, 'detection');
  if (detection === undefined) throw new RuleError('The rule has no detection.');
  return { ...head, ...readDetection(detection), kind: 'event', logsource: readLogsource(value) };
}

function readHead(
  rule: JsonObject,
): Pick<EventRule, 'id' | 'name' | 'title' | 'severity' | 'description' | 'advice' | 'tags'> {
  const title = textAt(rule, 'title');
  const name = textAt(rule, 'name');
  const id = textAt(rule, 'id') ?? name ?? title;
  if (id === null) throw new RuleError('The rule has neither an id nor a title.');
  const level = textAt(rule, 'level')?.toLowerCase();
  const tags = rule['tags'];
  return {
    id,
    name,
    title: title ?? id,
    severity: severities.find((known): known is Severity => known === level) ?? 'medium',
    description: textAt(rule, 'description'),
    advice: textAt(objectAt(rule, 'rescind'), 'advice'),
    tags: Array.isArray(tags) ? (tags as readonly Json[]).map(String) : [],
  };
}

function readLogsource(rule: JsonObject): EventRule['logsource'] {
  const logsource = objectAt(rule, 'logsource');
  return {
    product: textAt(logsource, 'product'),
    service: textAt(logsource, 'service'),
    category: textAt(logsource, 'category'),
  };
}

function readDetection(detection: JsonObject): Search {
  const searches = new Map<string, Search>();
  for (const [name, search] of Object.entries(detection)) {
    if (name !== 'condition' && name !== 'timeframe') searches.set(name, compileSearch(search ?? null));
  }
  const condition = detection['condition'];
  const conditions = Array.isArray(condition) ? (condition as readonly Json[]) : [condition ?? null];
  const compiled = conditions.map((text) => {
    if (typeof text !== 'string') throw new RuleError('The detection has no condition.');
    return compileCondition(text, searches);
  });
  return compiled.length === 1 ? (compiled[0] as Search) : anyOf(compiled);
}
