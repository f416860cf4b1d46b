import type { GrantPath, PolicyRef, Step, Test } from '../../../domain/trace.ts';
import { evaluateCondition } from '../condition/condition.ts';
import { type Reach, matchPrincipal } from '../document/principal.ts';
import type { CompiledPolicy } from '../document/policy.ts';
import type { ActionElement, CompiledStatement, ResourceElement } from '../document/statement.ts';
import type { ResourceText } from '../match/resource-pattern.ts';
import type { AwsRequest } from '../request/request.ts';
import { both, type Tri } from '../tri.ts';

/** A statement that applied, or may have. */
export interface Hit {
  readonly statement: CompiledStatement;
  readonly policyName: string;
  readonly step: Step;
  readonly matched: true | 'unknown';
  readonly reach: Reach;
}

/** What one action means for a policy: steps that are the same for every request, and statements to look at. */
interface View {
  readonly steps: readonly Step[];
  readonly live: readonly {
    readonly at: number;
    readonly statement: CompiledStatement;
    readonly action: Test;
  }[];
}

/** Actions kept per policy: requests repeat few of them, hostile ones must not fill the memory. */
const keptViews = 512;

/** A policy in its place: attached to someone or something, in one layer. */
export class Attachment {
  readonly policy: CompiledPolicy;
  readonly via: GrantPath | undefined;
  readonly #prefix: string;
  readonly #rootOnly: boolean;
  /** Where its statements stand. */
  readonly refs: readonly PolicyRef[];
  #views = new Map<string, View>();

  /**
   * @param prefix makes the ids of its steps unique within a trace
   * @param rootOnly an account as principal means its root user alone
   */
  constructor(policy: CompiledPolicy, prefix: string, via?: GrantPath, rootOnly = false) {
    this.policy = policy;
    this.via = via;
    this.#prefix = prefix;
    this.#rootOnly = rootOnly;
    this.refs = policy.statements.map((statement, place) => ({
      path: policy.origin.path,
      locator: policy.pointers[place] ?? policy.origin.pointer,
      policyId: policy.origin.id,
      ...(statement.sid === null ? null : { statementId: statement.sid }),
      index: statement.index,
    }));
  }

  /** Adds the steps of this policy, and what applied to `hits`. */
  evaluate(request: AwsRequest, resource: ResourceText, steps: Step[], hits: Hit[]): void {
    const view = this.#viewOf(request.action);
    const offset = steps.length;
    for (const step of view.steps) steps.push(step);
    for (const { at, statement, action } of view.live) {
      const step = this.#evaluateStatement(statement, at, action, request, resource, hits);
      steps[offset + at] = step;
    }
  }

  #viewOf(action: string): View {
    const kept = this.#views.get(action);
    if (kept !== undefined) return kept;
    const steps: Step[] = [];
    const live: View['live'][number][] = [];
    this.policy.statements.forEach((statement, at) => {
      const test = testAction(statement.action, action);
      steps.push(this.#step(statement, at, false, { action: test }));
      if (test.result === 'match') live.push({ at, statement, action: test });
    });
    if (this.#views.size >= keptViews) this.#views = new Map();
    const view = { steps, live };
    this.#views.set(action, view);
    return view;
  }

  #step(statement: CompiledStatement, at: number, matched: Tri, tests: Step['tests']): Step {
    const ref = this.refs[at] ?? { path: '', locator: '', policyId: '' };
    const id = `${this.#prefix}${statement.index}`;
    return this.via === undefined
      ? { id, ref, effect: statement.effect, matched, tests }
      : { id, ref, effect: statement.effect, matched, via: this.via, tests };
  }

  #evaluateStatement(
    statement: CompiledStatement,
    at: number,
    action: Test,
    request: AwsRequest,
    resource: ResourceText,
    hits: Hit[],
  ): Step {
    const tests: { -readonly [Name in keyof Step['tests']]: Step['tests'][Name] } = { action };
    let matched: Tri = true;
    let reach: Reach = 'direct';
    if (statement.principal !== null) {
      const found = matchPrincipal(statement.principal, request.subject, statement.effect, this.#rootOnly);
      matched = found.result;
      reach = found.reach;
      const pattern = statement.principal.not ? `not ${found.pattern}` : found.pattern;
      tests.subject = testOf(found.result, pattern, request.subject.id, undefined, found.why);
    }
    if (matched !== false && statement.resource !== null) {
      const test = testResource(statement.resource, resource, request);
      tests.resource = test;
      matched = both(matched, triOf(test.result));
    }
    if (matched !== false && statement.condition !== null) {
      const { result, node } = evaluateCondition(statement.condition, request.context);
      tests.condition = node;
      matched = both(matched, result);
    }
    const step = this.#step(statement, at, matched, tests);
    if (matched !== false)
      hits.push({ statement, policyName: this.policy.origin.name, step, matched, reach });
    return step;
  }
}

function testAction(element: ActionElement, action: string): Test {
  const found = element.patterns.find(({ glob }) => glob.matches(action));
  const pattern = found?.text ?? element.text;
  const result = (found !== undefined) !== element.not ? 'match' : 'no-match';
  return { result, pattern: element.not ? `not ${pattern}` : pattern, actual: action };
}

function testResource(element: ResourceElement, resource: ResourceText, request: AwsRequest): Test {
  const valueOf = (key: string): string | null | undefined => request.context.single(key);
  let unknown: Test | null = null;
  let missing: Test | null = null;
  for (const pattern of element.patterns) {
    const found = pattern.matches(resource, valueOf);
    const text = element.not ? `not ${pattern.text}` : pattern.text;
    if (found.result === true) {
      return testOf(!element.not, text, resource.text, found.resolved);
    }
    if (found.result === 'unknown') {
      unknown ??= testOf(
        'unknown',
        text,
        resource.text,
        undefined,
        `\${${found.variable.name}} is not known`,
      );
    } else if (found.result === 'missing') {
      const why = `\${${found.variable.name}} has no value: it matches no resource`;
      missing ??= testOf(false, text, resource.text, undefined, why);
    }
  }
  // A variable without a value makes the element match nothing, also where it lists what is left out.
  if (element.not && missing !== null) return missing;
  if (unknown !== null) return unknown;
  if (!element.not && missing !== null) return missing;
  return testOf(element.not, element.not ? `not ${element.text}` : element.text, resource.text);
}

function testOf(result: Tri, pattern: string, actual: string, resolved?: string, why?: string): Test {
  const shown = result === 'unknown' ? 'unknown' : result ? 'match' : 'no-match';
  const test: Test =
    resolved === undefined
      ? { result: shown, pattern, actual }
      : { result: shown, pattern, actual, resolved };
  return why === undefined ? test : { ...test, why };
}

function triOf(result: Test['result']): Tri {
  return result === 'unknown' ? 'unknown' : result === 'match';
}
