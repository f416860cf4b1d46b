import { type Json, type JsonObject, isObject, textAt } from '#shared/domain/json.ts';
import type { CorrelationRule } from './rule.ts';
import { RuleError } from './value-test.ts';

type Correlation = Omit<
  CorrelationRule,
  'id' | 'name' | 'title' | 'severity' | 'description' | 'advice' | 'tags'
>;

const types = ['event_count', 'value_count', 'temporal', 'temporal_ordered'] as const;
const units: Readonly<Record<string, number>> = {
  s: 1e6,
  m: 60e6,
  h: 3600e6,
  d: 86_400e6,
  w: 604_800e6,
  M: 2_592_000e6,
};
const operators: Readonly<Record<string, (count: number, wanted: number) => boolean>> = {
  gt: (count, wanted) => count > wanted,
  gte: (count, wanted) => count >= wanted,
  lt: (count, wanted) => count < wanted,
  lte: (count, wanted) => count <= wanted,
  eq: (count, wanted) => count === wanted,
};

/** A correlation rule (Sigma correlations specification, version 2). */
export function readCorrelation(correlation: JsonObject, rule: JsonObject): Correlation {
  const wanted = textAt(correlation, 'type');
  const type = types.find((known) => known === wanted);
  if (type === undefined) throw new RuleError(`The correlation type “${wanted ?? ''}” is not supported.`);
  const condition = correlation['condition'];
  const aliases = correlation['aliases'];
  if (aliases !== undefined) throw new RuleError('Aliases of correlations are not supported.');
  return {
    kind: 'correlation',
    type,
    rules: texts(correlation['rules']),
    groupBy: texts(correlation['group-by']),
    spanMicros: spanOf(textAt(correlation, 'timespan') ?? textAt(correlation, 'timeframe')),
    field: isObject(condition) ? textAt(condition, 'field') : null,
    test: testOf(condition, type),
    generate: correlation['generate'] === true || rule['generate'] === true,
  };
}

function testOf(condition: Json | undefined, type: string): (count: number) => boolean {
  if (!isObject(condition)) {
    if (type.startsWith('temporal')) return () => true;
    throw new RuleError(`A correlation of type ${type} needs a condition such as gte: 10.`);
  }
  const tests = Object.entries(condition)
    .filter(([name]) => name in operators)
    .map(([name, wanted]) => ({ compare: operators[name], wanted: Number(wanted) }));
  return (count) => tests.every(({ compare, wanted }) => compare?.(count, wanted) === true);
}

function spanOf(text: string | null): number {
  const match = /^(\d+)([smhdwM])$/.exec(text ?? '');
  const unit = units[match?.[2] ?? ''];
  if (unit === undefined) throw new RuleError(`“${text ?? ''}” is no timespan such as 5m or 1h.`);
  return Number(match?.[1]) * unit;
}

function texts(value: Json | undefined): string[] {
  if (Array.isArray(value)) return (value as readonly Json[]).map(String);
  return typeof value === 'string' ? [value] : [];
}
