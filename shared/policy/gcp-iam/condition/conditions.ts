import { type CelInput, celEnv, celError, isCelError, parse, plan } from '@bufbuild/cel';
import { strings } from '@bufbuild/cel/ext';
import type { RequestKnowledge } from '../../../domain/evaluation-request.ts';
import type { Json } from '../../../domain/json.ts';
import type { ConditionNode } from '../../../domain/trace.ts';
import { BooleanCutter, type ConditionTree } from '../../../util/boolean-expression.ts';
import { parseInstant } from '../../../util/instant.ts';
import type { GcpRequest } from '../request.ts';
import { iamFunctions, type Tags, tagsOf } from './functions.ts';

type Program = (bindings: Record<string, CelInput>) => unknown;

interface Compiled {
  readonly tree: ConditionTree;
  readonly leaves: readonly { readonly text: string; readonly program: Program | string }[];
}

/**
 * Conditions of bindings and deny rules, in CEL. What the request does not tell, and functions that this evaluator does
 * not know, are unknown and never guessed. Source: https://cloud.google.com/iam/docs/conditions-overview
 */
export class Conditions {
  readonly #compiled = new Map<string, Compiled>();
  #tags: Tags = { byName: {}, byId: {} };
  readonly #environment = celEnv({ funcs: [...strings, ...iamFunctions(() => this.#tags)] });
  readonly #timestamp = plan(this.#environment, parse('timestamp(text)')) as Program;

  evaluate(expression: string, request: GcpRequest, knowledge: RequestKnowledge): ConditionNode {
    const { tree, leaves } = this.#compile(expression);
    const known = this.#attributes(request, knowledge);
    this.#tags = tagsOf(request.properties) ?? { byName: {}, byId: {} };
    const results = leaves.map(({ text, program }): ConditionNode => {
      const missing = readsOf(text).find((attribute) => !known.has(attribute));
      const leaf = { op: 'leaf', expr: text } as const;
      if (missing !== undefined) {
        return { ...leaf, key: missing, result: 'unknown', why: `The request does not tell ${missing}.` };
      }
      if (typeof program === 'string')
        return { ...leaf, result: 'unknown', why: `This evaluator cannot read it: ${program}` };
      return { ...leaf, ...this.#run(program, known) };
    });
    return resolved(tree, results);
  }

  #compile(expression: string): Compiled {
    const known = this.#compiled.get(expression);
    if (known !== undefined) return known;
    const cutter = new BooleanCutter(expression);
    const tree = cutter.cut();
    const leaves = cutter.leaves.map((text) => ({ text, program: this.#program(text) }));
    const compiled = { tree, leaves };
    this.#compiled.set(expression, compiled);
    return compiled;
  }

  #program(text: string): Program | string {
    try {
      return plan(this.#environment, parse(text)) as Program;
    } catch (error) {
      return error instanceof Error ? error.message : 'no expression';
    }
  }

  #run(program: Program, known: ReadonlyMap<string, CelInput>): Pick<ConditionNode, 'result' | 'why'> {
    const value = attempt(() => program(bindingsOf(known)));
    if (isCelError(value))
      return isGap(value.message)
        ? { result: 'unknown', why: value.message }
        : { result: 'error', why: value.message };
    if (value === true || value === false) return { result: value ? 'true' : 'false' };
    return { result: 'error', why: 'The value is no boolean.' };
  }

  /** Attributes by name; one that is not there may have any value. */
  #attributes(request: GcpRequest, { complete, absent }: RequestKnowledge): ReadonlyMap<string, CelInput> {
    const known = new Map<string, CelInput>([['resource.service', request.service]]);
    const add = (name: string, value: Json | undefined): void => {
      if (value !== null && value !== undefined) known.set(name, value as CelInput);
    };
    add('resource.name', request.resourceName);
    add('resource.type', request.resourceType);
    const { context } = request;
    for (const name of [
      'request.path',
      'request.host',
      'request.method',
      'destination.ip',
      'destination.port',
    ]) {
      add(name, context[name]);
    }
    const time = context['request.time'] ?? context['time'];
    if (typeof time === 'string' && parseInstant(time) !== null) {
      const value = attempt(() => this.#timestamp({ text: time }));
      if (!isCelError(value)) known.set('request.time', value as CelInput);
    }
    const levels = 'request.auth.access_levels';
    add(levels, context[levels] ?? (complete || absent?.includes(levels) === true ? [] : undefined));
    if (tagsOf(request.properties) !== null || complete) known.set('resource.tags', true);
    return known;
  }
}

function attempt(run: () => unknown): unknown {
  try {
    return run();
  } catch (error) {
    // The evaluator throws for some values that it has no operation for: to CEL that is an error.
    return celError(error);
  }
}

function isGap(why: string): boolean {
  return why.includes('unbound function') || why.includes('no matching overload');
}

function bindingsOf(known: ReadonlyMap<string, CelInput>): Record<string, CelInput> {
  const root: Record<string, Record<string, unknown>> = {
    resource: {},
    request: { auth: {} },
    destination: {},
  };
  for (const [name, value] of known) {
    const [top = '', ...path] = name.split('.');
    const last = path.pop() ?? '';
    const holder =
      path.length === 0 ? root[top] : (root[top]?.[path[0] ?? ''] as Record<string, unknown> | undefined);
    if (holder !== undefined) holder[last] = value;
  }
  return root as unknown as Record<string, CelInput>;
}

const attribute = /\b(?:resource|request\.auth|request|destination|api|principal)\.([A-Za-z_]\w*)/g;

/** Attributes that an expression reads. */
export function readsOf(expression: string): string[] {
  const plain = expression.replaceAll(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'/g, '""');
  return [...plain.matchAll(attribute)]
    .map(({ 0: name, 1: last = '' }) => (/^(?:match|has)Tag/.test(last) ? 'resource.tags' : name))
    .filter((name) => name !== 'request.auth');
}

/** Parts of a condition put together as CEL does: `&&` and `||` take errors for less than what decides. */
function resolved(tree: ConditionTree, leaves: readonly ConditionNode[]): ConditionNode {
  if (tree.op === 'leaf') return leaves[tree.leaf] ?? { op: 'leaf', expr: tree.expr, result: 'unknown' };
  const children = tree.children.map((child) => resolved(child, leaves));
  if (tree.op === 'not') {
    const [child] = children;
    const result = child?.result ?? 'unknown';
    return {
      op: 'not',
      expr: tree.expr,
      result: result === 'true' ? 'false' : result === 'false' ? 'true' : result,
      children,
    };
  }
  const order =
    tree.op === 'all' ? (['false', 'error', 'unknown'] as const) : (['true', 'unknown', 'error'] as const);
  const otherwise = tree.op === 'all' ? 'true' : 'false';
  const result = order.find((each) => children.some((child) => child.result === each)) ?? otherwise;
  return { op: tree.op, expr: tree.expr, result, children };
}
