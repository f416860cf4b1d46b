import type { CelInput } from '@bufbuild/cel';
import type { RequestKnowledge } from '../../domain/evaluation-request.ts';
import { isObject } from '../../domain/json.ts';
import type { ConditionNode } from '../../domain/trace.ts';
import { jsonOf } from './cel-values.ts';
import type { Expressions, Outcome } from './expressions.ts';
import type { Definitions, Match } from './policies.ts';
import { type CerbosRequest, expressionRoots } from './request.ts';

/** What expressions of one policy see of one request: the request, constants, variables, globals, derived roles. */
export class ExpressionScope {
  readonly #expressions: Expressions;
  readonly #definitions: Definitions;
  readonly #request: CerbosRequest;
  readonly #knowledge: RequestKnowledge;
  readonly #base: Readonly<Record<string, CelInput>>;
  readonly #variables = new Map<string, Outcome>();

  constructor(
    expressions: Expressions,
    request: CerbosRequest,
    knowledge: RequestKnowledge,
    definitions: Definitions,
    derivedRoles: readonly string[],
  ) {
    this.#expressions = expressions;
    this.#definitions = definitions;
    this.#request = request;
    this.#knowledge = knowledge;
    const { principal, resource } = expressionRoots(request);
    const auxData = request.auxData === null ? {} : { auxData: request.auxData, aux_data: request.auxData };
    const runtime = { effectiveDerivedRoles: derivedRoles, effective_derived_roles: derivedRoles };
    const constants = Object.fromEntries(definitions.constants);
    this.#base = {
      request: { principal, resource, ...auxData },
      P: principal,
      R: resource,
      runtime,
      C: constants,
      constants,
      G: request.globals,
      globals: request.globals,
    } as unknown as Record<string, CelInput>;
  }

  /** Variables that error are as if they were not there; one that is unknown makes unknown what reads it. */
  evaluate(expression: string, open: readonly string[] = []): Outcome {
    const untold = this.#untold(expression);
    if (untold !== null) return { kind: 'unknown', why: `the request does not tell ${untold}` };
    const values: Record<string, CelInput> = {};
    for (const name of this.#variablesIn(expression)) {
      const outcome = this.#variable(name, open);
      if (outcome.kind === 'unknown') return outcome;
      if (outcome.kind === 'value') values[name] = outcome.value as CelInput;
    }
    return this.#expressions.evaluate(expression, { ...this.#base, V: values, variables: values });
  }

  /** A condition with the result of every part. What is no boolean, or an error, counts as false. */
  condition(match: Match): ConditionNode {
    if (match.op === 'expr') return this.#leaf(match.expr);
    const ends = match.op === 'all' ? 'false' : 'true';
    const children: ConditionNode[] = [];
    let result: 'true' | 'false' | 'unknown' = match.op === 'all' ? 'true' : 'false';
    let over = false;
    for (const part of match.of) {
      const child: ConditionNode = over ? skipped(part) : this.condition(part);
      children.push(child);
      const counted = child.result === 'error' ? 'false' : child.result;
      over ||= counted === ends;
      if (over) result = ends;
      else if (counted === 'unknown') result = 'unknown';
    }
    const expr = textOf(match);
    if (match.op !== 'none') return { op: match.op, expr, result, children };
    const any: ConditionNode = { op: 'any', expr, result, children };
    return { op: 'not', expr, result: negated[result], children: [any] };
  }

  #leaf(expr: string): ConditionNode {
    const outcome = this.evaluate(expr);
    if (outcome.kind !== 'value') return { op: 'leaf', expr, result: outcome.kind, why: outcome.why };
    if (outcome.value === true) return { op: 'leaf', expr, result: 'true' };
    const odd =
      outcome.value === false ? {} : { why: 'the value is no boolean', actual: jsonOf(outcome.value) };
    return { op: 'leaf', expr, result: 'false', ...odd };
  }

  #variable(name: string, open: readonly string[]): Outcome {
    const known = this.#variables.get(name);
    if (known !== undefined) return known;
    const expression = this.#definitions.variables.get(name);
    const outcome: Outcome =
      expression === undefined || open.includes(name)
        ? { kind: 'error', why: `there is no variable ${name}` }
        : this.evaluate(expression, [...open, name]);
    this.#variables.set(name, outcome);
    return outcome;
  }

  #variablesIn(expression: string): string[] {
    const names = [...expression.matchAll(/\b(?:V|variables)(?:\.(\w+)|\[["'](\w+)["']\])/g)].map(
      ([, dotted, quoted]) => dotted ?? quoted ?? '',
    );
    const whole = /\b(?:V|variables)\b(?!\s*[.[])/.test(expression);
    return whole ? [...this.#definitions.variables.keys()] : [...new Set(names)];
  }

  /** An attribute that the expression reads and that may have been in the request although it does not show it. */
  #untold(expression: string): string | null {
    // Globals are a setting of the server and in no log.
    const { hidden = [] } = this.#knowledge;
    if (hidden.some(([root]) => root === 'globals') && /(?<![.\w"'])(?:G|globals)\b/.test(expression))
      return 'globals';
    if (this.#knowledge.complete) return null;
    const reads =
      /\b(?:request\.(principal|resource)|([PR]))\b(?:\.attr|\[["']attr["']\])(?:\.\??(\w+)|\[\??["'](\w+)["']\])?/g;
    for (const [, long, short, dotted, quoted] of expression.matchAll(reads)) {
      const part = long ?? (short === 'P' ? 'principal' : 'resource');
      const attribute = dotted ?? quoted;
      // All attributes at once, or one whose name is computed.
      if (attribute === undefined) return `${part}.attr`;
      const { attr } = part === 'principal' ? this.#request.principal : this.#request.resource;
      const path = `${part}.attr.${attribute}`;
      if (isObject(attr) && !(attribute in attr) && !(this.#knowledge.absent ?? []).includes(path))
        return path;
    }
    if (this.#request.auxData === null && /\baux_?data\b/i.test(expression)) return 'auxData';
    return null;
  }
}

const negated = { true: 'false', false: 'true', unknown: 'unknown' } as const;

function skipped(match: Match): ConditionNode {
  if (match.op === 'expr') return { op: 'leaf', expr: match.expr, result: 'skipped' };
  const op = match.op === 'none' ? 'not' : match.op;
  return { op, expr: textOf(match), result: 'skipped', children: match.of.map(skipped) };
}

function textOf(match: Match): string {
  return match.op === 'expr' ? match.expr : `${match.op} of (${match.of.map(textOf).join(', ')})`;
}
