import { parse } from '@bufbuild/cel';
import { RE2JS } from 're2js';
import { isAddress, isRange } from './cel-network.ts';
import { fieldOf, nameOf, overloadsOf } from './cel-overloads.ts';
import { type Bound, dyn, filled, fits, free, join, show, type Type, typeOf } from './cel-types.ts';
import { withoutSugar } from './cel-sugar.ts';

type Expression = NonNullable<ReturnType<typeof parse>['expr']>;
type Kind = Expression['exprKind'];
type Of<Case extends Kind['case']> = Extract<Kind, { case: Case }>['value'];
type Variables = ReadonlyMap<string, Type>;

class Refusal extends Error {}

/**
 * Why Cerbos does not compile an expression, as far as its types tell it; null where nothing does. Whatever is not
 * known here counts as any type, so that nothing is refused that Cerbos takes.
 */
export function refusalOf(expression: string): string | null {
  try {
    const { expr } = parse(withoutSugar(expression));
    if (expr !== undefined) checked(expr, new Map());
    return null;
  } catch (problem) {
    // What cannot be read is told by the evaluator.
    return problem instanceof Refusal ? problem.message : null;
  }
}

/** The type of an expression. */
function checked(expression: Expression | undefined, variables: Variables): Type {
  const kind = expression?.exprKind;
  switch (kind?.case) {
    case 'constExpr':
      return constant(kind.value);
    case 'identExpr':
      return variables.get(kind.value.name) ?? nameOf(kind.value.name);
    case 'selectExpr':
      return selected(checked(kind.value.operand, variables), kind.value.field, kind.value.testOnly);
    case 'callExpr':
      return called(kind.value, variables);
    case 'listExpr':
      return { name: 'list', of: [common(kind.value.elements.map((item) => checked(item, variables)))] };
    case 'structExpr':
      return struct(kind.value, variables);
    case 'comprehensionExpr':
      return comprehension(kind.value, variables);
    case undefined:
    default:
      return dyn;
  }
}

const constants: Readonly<Record<string, string>> = {
  nullValue: 'null',
  boolValue: 'bool',
  int64Value: 'int',
  uint64Value: 'uint',
  doubleValue: 'double',
  stringValue: 'string',
  bytesValue: 'bytes',
};

function constant({ constantKind }: Of<'constExpr'>): Type {
  const { case: kind, value } = constantKind;
  if (kind === 'int64Value' && BigInt.asIntN(64, value) !== value) throw new Refusal('invalid int literal');
  if (kind === 'uint64Value' && BigInt.asUintN(64, value) !== value)
    throw new Refusal('invalid uint literal');
  return typeOf(constants[kind ?? ''] ?? 'dyn');
}

/** The one type of all; any type where they differ, as lists and maps may. */
function common(types: readonly Type[]): Type {
  return types.reduce((one, other) => join(one, other) ?? dyn, free);
}

/** Types that have no fields. */
const plain = /^(?:bool|int|uint|double|string|bytes|null|list|timestamp|duration|type|hierarchy|ip|cidr)$/;

function selected(operand: Type, field: string, testOnly: boolean): Type {
  const found = fieldOf(operand, field);
  if (found === null) throw new Refusal(`undefined field '${field}'`);
  const type = found ?? (operand.name === 'map' ? (operand.of[1] ?? dyn) : dyn);
  if (plain.test(operand.name)) {
    throw new Refusal(`type '${show(operand)}' does not support field selection`);
  }
  return testOnly ? typeOf('bool') : type;
}

function struct({ entries, messageName }: Of<'structExpr'>, variables: Variables): Type {
  const values = entries.map(({ value }) => checked(value, variables));
  if (messageName !== '') return dyn;
  const keys = entries.map(({ keyKind }) =>
    keyKind.case === 'mapKey' ? checked(keyKind.value, variables) : dyn,
  );
  return { name: 'map', of: [common(keys), common(values)] };
}

function comprehension(value: Of<'comprehensionExpr'>, variables: Variables): Type {
  const range = checked(value.iterRange, variables);
  if (!['dyn', 'free', 'list', 'map'].includes(range.name)) {
    throw new Refusal(`expression of type '${show(range)}' cannot be range of a comprehension`);
  }
  const start = checked(value.accuInit, variables);
  const item = range.of[0] ?? dyn;
  const within = new Map([
    ...variables,
    [value.accuVar, start],
    [value.iterVar, item.name === 'free' ? dyn : item],
  ]);
  checked(value.loopCondition, within);
  const end = join(start, checked(value.loopStep, within)) ?? dyn;
  return checked(value.result, new Map([...within, [value.accuVar, end]]));
}

const spaces = new Set(['sets', 'lists', 'strings', 'math', 'base64', 'optional', 'google', 'net', 'regex']);

function called({ function: name, target, args }: Of<'callExpr'>, variables: Variables): Type {
  const space =
    target?.exprKind.case === 'identExpr' && spaces.has(target.exprKind.value.name)
      ? target.exprKind.value.name
      : null;
  const given = target === undefined || space !== null ? args : [target, ...args];
  const types = given.map((argument) => checked(argument, variables));
  const full = space !== null ? `${space}.${name}` : target === undefined ? name : `.${name}`;
  if (full === '.optField') return optionalField(types[0] ?? dyn, textOf(args[0]) ?? '');
  if (full === 'fieldIsThere') return selected(types[0] ?? dyn, textOf(args[1]) ?? '', true);
  checkLiteral(full.replace(/^\./, ''), given);
  if (full === '_&&_' || full === '_||_') return bothBool(types);
  const overloads = overloadsOf(full);
  return overloads === undefined ? dyn : resolved(full, overloads, types);
}

/** `a.?b`: of an optional value, the field of what it holds. */
function optionalField(operand: Type, field: string): Type {
  const held = operand.name === 'optional' ? (operand.of[0] ?? dyn) : operand;
  return { name: 'optional', of: [selected(held, field, false)] };
}

function bothBool(types: readonly Type[]): Type {
  const bool = typeOf('bool');
  const wrong = types.find((type) => !fits(type, bool, new Map()));
  if (wrong !== undefined) throw new Refusal(`expected type 'bool' but found '${show(wrong)}'`);
  return bool;
}

function resolved(
  name: string,
  overloads: NonNullable<ReturnType<typeof overloadsOf>>,
  types: readonly Type[],
): Type {
  const results = overloads.flatMap(({ args, result }) => {
    const bound: Bound = new Map();
    const isFit =
      args.length === types.length && args.every((arg, index) => fits(types[index] ?? dyn, arg, bound));
    return isFit ? [filled(result, bound)] : [];
  });
  const [first, ...more] = results;
  if (first === undefined) {
    const [self, ...rest] = types.map(show);
    const applied = name.startsWith('.') ? `${self}.(${rest.join(', ')})` : `(${types.map(show).join(', ')})`;
    throw new Refusal(`found no matching overload for '${name.replace(/^\./, '')}' applied to '${applied}'`);
  }
  return more.every((other) => show(other) === show(first)) ? first : dyn;
}

/** Literals that Cerbos reads when it compiles. */
function checkLiteral(name: string, given: readonly (Expression | undefined)[]): void {
  const text = textOf(given.at(-1));
  if (text === null) return;
  const invalid =
    (name === 'matches' && !isPattern(text)) ||
    (name === 'timestamp' && !isTimestamp(text)) ||
    (name === 'duration' && given.length === 1 && !isDuration(text)) ||
    (name === 'ip' && !isAddress(text)) ||
    (name === 'cidr' && !isRange(text));
  if (invalid) throw new Refusal(`invalid ${name} argument`);
}

function textOf(expression: Expression | undefined): string | null {
  const kind = expression?.exprKind;
  if (kind?.case !== 'constExpr') return null;
  const { constantKind } = kind.value;
  return constantKind.case === 'stringValue' ? constantKind.value : null;
}

function isPattern(text: string): boolean {
  try {
    RE2JS.compile(text);
    return true;
  } catch {
    return false;
  }
}

function isTimestamp(text: string): boolean {
  return (
    /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z|[+-]\d\d:\d\d)$/.test(text) &&
    !Number.isNaN(Date.parse(text.replace(',', '.')))
  );
}

/** As Go's `time.ParseDuration`. */
function isDuration(text: string): boolean {
  return /^[+-]?(?:0|(?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+)$/.test(text);
}
