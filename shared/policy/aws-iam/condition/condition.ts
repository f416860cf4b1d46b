import type { Json } from '../../../domain/json.ts';
import { isObject } from '../../../domain/json.ts';
import type { ConditionNode } from '../../../domain/trace.ts';
import { both, either, negate, type Tri } from '../tri.ts';
import { operators, type TestOutcome, type ValueTest } from './operators.ts';

/** What a request says of its keys. Names in lower case. */
export interface Context {
  /** Values of a key; null where it was certainly absent, undefined where that is not known. */
  get(key: string): readonly string[] | null | undefined;
  /** The value of a key with one value, for policy variables; null where it has none or several. */
  single(key: string): string | null | undefined;
}

/** One operator on one key. */
export interface Comparison {
  readonly expr: string;
  readonly operator: string;
  readonly base: string;
  readonly negated: boolean;
  readonly set: 'all' | 'any' | null;
  readonly ifExists: boolean;
  readonly key: string;
  readonly keyText: string;
  readonly expected: Json;
  readonly values: readonly ValueTest[];
}

export interface CompiledCondition {
  readonly comparisons: readonly Comparison[];
  /** All of it as one text. */
  readonly expr: string;
  /** Keys that it reads, in lower case. */
  readonly keys: readonly string[];
}

/** Says that something in a policy cannot be used. The pointer is relative to the element. */
export type Complain = (pointer: string, message: string) => void;

/** Compiles a `Condition` element. What cannot be used is complained of and left out. */
export function compileCondition(element: Json, variables: boolean, complain: Complain): CompiledCondition {
  const comparisons: Comparison[] = [];
  if (!isObject(element)) {
    complain('', 'Expected an object of condition operators.');
    return { comparisons, expr: '', keys: [] };
  }
  for (const [name, block] of Object.entries(element)) {
    const at = `/${escapePointer(name)}`;
    const read = readOperator(name);
    if (read === null) {
      complain(at, `“${name}” is no condition operator.`);
      continue;
    }
    if (!isObject(block)) {
      complain(at, 'Expected an object of condition keys.');
      continue;
    }
    for (const [keyText, expected] of Object.entries(block)) {
      const values = compileValues(expected ?? null, read, variables);
      if (typeof values === 'string') {
        complain(`${at}/${escapePointer(keyText)}`, values);
        continue;
      }
      comparisons.push({
        ...read,
        expr: `${name} ${keyText} ${JSON.stringify(expected)}`,
        key: keyText.toLowerCase(),
        keyText,
        expected: expected ?? null,
        values,
      });
    }
  }
  const keys = comparisons.flatMap(({ key, values }) => [key, ...values.flatMap((value) => value.keys)]);
  return { comparisons, expr: comparisons.map(({ expr }) => expr).join(' AND '), keys };
}

type CompileValue = (text: string, variables: boolean) => ValueTest | null;

type ReadOperator = Pick<Comparison, 'operator' | 'base' | 'negated' | 'set' | 'ifExists'> & {
  readonly compile: CompileValue;
};

function readOperator(name: string): ReadOperator | null {
  const lower = name.toLowerCase();
  const set = lower.startsWith('forallvalues:') ? 'all' : lower.startsWith('foranyvalue:') ? 'any' : null;
  let base = set === null ? lower : lower.slice(lower.indexOf(':') + 1);
  const ifExists = base.endsWith('ifexists');
  if (ifExists) base = base.slice(0, -'ifexists'.length);
  const found = operators.get(base);
  if (found === undefined || (ifExists && base === 'null')) return null;
  return { operator: name, base, negated: found.negated, set, ifExists, compile: found.compile };
}

function compileValues(expected: Json, operator: ReadOperator, variables: boolean): ValueTest[] | string {
  const list = Array.isArray(expected) ? (expected as readonly Json[]) : [expected];
  const compiled: ValueTest[] = [];
  for (const value of list) {
    if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') {
      return 'Expected a text, a number, a boolean or a list of them.';
    }
    const test = operator.compile(String(value), variables);
    if (test === null) return `${operator.operator} cannot read ${JSON.stringify(value)}.`;
    compiled.push(test);
  }
  return compiled;
}

export function escapePointer(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1');
}

export interface ConditionOutcome {
  readonly result: Tri;
  readonly node: ConditionNode;
}

function textOf(result: Tri): 'true' | 'false' | 'unknown' {
  return result === 'unknown' ? result : result ? 'true' : 'false';
}

/** Tests every comparison, also after one failed: the trace shows them all. */
export function evaluateCondition(condition: CompiledCondition, context: Context): ConditionOutcome {
  let result: Tri = true;
  const children: ConditionNode[] = [];
  for (const comparison of condition.comparisons) {
    const found = compare(comparison, context);
    result = both(result, found.result);
    children.push(found.node);
  }
  const { expr } = condition;
  return { result, node: { op: 'all', expr, result: textOf(result), children } };
}

function compare(comparison: Comparison, context: Context): ConditionOutcome {
  const found = context.get(comparison.key);
  if (found === undefined) {
    return leaf(comparison, 'unknown', 'unknown', undefined, 'The request does not tell this key.');
  }
  if (comparison.base === 'null') return compareNull(comparison, found);
  const values = found ?? [];
  if (values.length === 0 || (comparison.set !== null && values.every((value) => value === ''))) {
    return absent(comparison, found === null);
  }
  let why: string | undefined;
  const note = (outcome: TestOutcome): Tri => {
    why ??= outcome.why ?? (outcome.resolved === undefined ? undefined : `compared with ${outcome.resolved}`);
    return outcome.result;
  };
  const passes = (actual: string): Tri => {
    let some: Tri = false;
    for (const value of comparison.values) {
      some = either(some, note(value.test(actual, valueOf)));
      if (some === true) break;
    }
    return comparison.negated ? negate(some) : some;
  };
  const valueOf = (key: string): string | null | undefined => context.single(key);
  // Without a set operator several values count as AWS advises against: one must match, or none for a negated one.
  const every = comparison.set === 'all' || (comparison.set === null && comparison.negated);
  let result: Tri = every;
  for (const actual of values) {
    result = every ? both(result, passes(actual)) : either(result, passes(actual));
  }
  if (comparison.set === null && values.length > 1)
    why ??= 'The key has several values, but there is no set operator.';
  return leaf(comparison, result, textOf(result), values, why);
}

function compareNull(comparison: Comparison, found: readonly string[] | null): ConditionOutcome {
  const isAbsent = String(found === null || found.length === 0);
  const result = comparison.values.some((value) => value.test(isAbsent, () => null).result === true);
  return leaf(comparison, result, result ? 'true' : 'false', found ?? undefined, undefined);
}

/**
 * What an absent key gives: `ForAllValues` true, `ForAnyValue` false (each looks at the values one by one, so
 * `IfExists` has nothing to say), `IfExists` true, a negated operator true, any other false.
 */
function absent(comparison: Comparison, missing: boolean): ConditionOutcome {
  const result =
    comparison.set === null ? comparison.ifExists || comparison.negated : comparison.set === 'all';
  const why = missing ? 'The key was absent.' : 'The key had no value.';
  return leaf(comparison, result, result ? 'true' : missing ? 'missing' : 'false', undefined, why);
}

function leaf(
  comparison: Comparison,
  result: Tri,
  shown: ConditionNode['result'],
  values: readonly string[] | undefined,
  why: string | undefined,
): ConditionOutcome {
  const actual = values === undefined ? undefined : values.length === 1 ? values[0] : values;
  const { expr, operator, keyText: key, expected } = comparison;
  const node: ConditionNode =
    actual === undefined
      ? { op: 'leaf', expr, operator, key, expected, result: shown }
      : { op: 'leaf', expr, operator, key, expected, actual, result: shown };
  return { result, node: why === undefined ? node : { ...node, why } };
}
