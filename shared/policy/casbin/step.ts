import type { ConditionNode, GrantPath, PolicyRef, Step, Test } from '../../domain/trace.ts';
import { type LeafResult, resolveCondition } from '../../util/condition-result.ts';
import { type Definitions, type Matcher, shownExpression } from './explain.ts';
import type { LoadedModel } from './model.ts';
import type { Role } from './request.ts';
import { roleChain } from './roles.ts';

/** One request against one line. */
export interface LineQuestion {
  readonly loaded: LoadedModel;
  readonly matcher: Matcher;
  readonly definitions: Definitions;
  readonly values: readonly unknown[];
  readonly roles: readonly Role[];
}

export interface LineAnswer {
  readonly line: readonly string[];
  readonly position: number;
  readonly matched: Step['matched'];
  /** Results of the matcher's parts; absent where this line was not looked at in detail. */
  readonly leaves?: readonly LeafResult[];
}

export function stepOf(question: LineQuestion, answer: LineAnswer): Step {
  const { loaded, definitions } = question;
  const { line, position, matched, leaves } = answer;
  const places = loaded.places.get(line);
  const ref: PolicyRef = places ?? { path: '', locator: '', policyId: line.join(', ') };
  const effect = valueOf(question, line, `${definitions.p}_eft`);
  const odd = typeof effect === 'string' && !['', 'allow', 'deny'].includes(effect);
  return {
    id: `${definitions.p}${position}`,
    ref,
    effect: effect === 'deny' ? 'deny' : 'allow',
    matched,
    ...(odd ? { note: `its effect "${effect}" is neither allow nor deny` } : {}),
    ...(leaves === undefined ? { tests: {} } : detailsOf(question, line, leaves)),
  };
}

function detailsOf(
  question: LineQuestion,
  line: readonly string[],
  leaves: readonly LeafResult[],
): Pick<Step, 'tests' | 'via'> {
  const condition = conditionOf(question, line, leaves);
  const tests: { subject?: Test; resource?: Test; action?: Test } = {};
  let via: GrantPath = [];
  question.matcher.leaves.forEach((leaf, index) => {
    const compared = comparedIn(question, line, leaf);
    const result = leaves[index];
    if (compared === null || result === undefined || compared.role === 'context') return;
    const chain = chainOf(question, line, leaf, result);
    if (compared.role === 'subject') via = chain.length > 0 ? chain : via;
    tests[compared.role] ??= {
      result: result.result === 'true' ? 'match' : result.result === 'false' ? 'no-match' : 'unknown',
      pattern: compared.pattern,
      actual: compared.actual,
      ...whyOf(chain, result),
    };
  });
  return { tests: { ...tests, condition }, ...(via.length === 0 ? {} : { via }) };
}

function whyOf(chain: GrantPath, result: LeafResult): { why?: string } {
  if (result.why !== undefined) return { why: result.why };
  return chain.length === 0 ? {} : { why: [chain[0]?.from ?? '', ...chain.map(({ to }) => to)].join(' → ') };
}

/** The matcher with the result of every part, and with the values of this line and this request. */
function conditionOf(
  question: LineQuestion,
  line: readonly string[],
  leaves: readonly LeafResult[],
): ConditionNode {
  const node = resolveCondition(question.matcher.tree, {
    result: (leaf) => leaves[leaf] ?? { result: 'unknown' },
    describe: (leaf) => described(question, line, leaf),
  });
  return shown(node);
}

function described(question: LineQuestion, line: readonly string[], leaf: number) {
  const text = question.matcher.leaves[leaf] ?? '';
  const [p] = tokensIn(text, question.definitions.p);
  const [r] = tokensIn(text, question.definitions.r);
  const operator = /^\w+_\w+\s*(==|!=|<=|>=|<|>|in)\s/.exec(text)?.[1] ?? /^(\w+)\(/.exec(text)?.[1];
  return {
    ...(operator === undefined ? {} : { operator }),
    ...(r === undefined ? {} : { key: shownExpression(r), actual: valueOf(question, line, r) }),
    ...(p === undefined ? {} : { expected: valueOf(question, line, p) }),
  };
}

/** The one part of the matcher that keeps a line from matching; null where there are several or none. */
export function nearMiss(
  question: LineQuestion,
  line: readonly string[],
  leaves: readonly LeafResult[],
): ConditionNode | null {
  const { tree, leaves: texts } = question.matcher;
  const failing = leaves.flatMap(({ result }, leaf) => (result === 'true' ? [] : [leaf]));
  const [leaf] = failing;
  if (leaf === undefined || failing.length > 1 || tree.op === 'any') return null;
  const expr = shownExpression(texts[leaf] ?? '');
  return { op: 'leaf', expr, ...described(question, line, leaf), result: 'false' };
}

function shown(node: ConditionNode): ConditionNode {
  const { children } = node;
  return {
    ...node,
    expr: shownExpression(node.expr),
    ...(children === undefined ? {} : { children: children.map(shown) }),
  };
}

function tokensIn(text: string, definition: string): string[] {
  return text.match(new RegExp(`\\b${definition}_\\w+`, 'g')) ?? [];
}

/** The part of the request that a part of the matcher compares with a value of the line. */
function comparedIn(
  question: LineQuestion,
  line: readonly string[],
  leaf: string,
): { role: Role; pattern: string; actual: string } | null {
  const [r] = tokensIn(leaf, question.definitions.r);
  const [p] = tokensIn(leaf, question.definitions.p);
  if (r === undefined || p === undefined) return null;
  const role = question.roles[requestTokens(question).indexOf(r)];
  if (role === undefined) return null;
  return { role, pattern: display(valueOf(question, line, p)), actual: display(valueOf(question, line, r)) };
}

function requestTokens({ loaded, definitions }: LineQuestion): readonly string[] {
  return loaded.model.model.get('r')?.get(definitions.r)?.tokens ?? [];
}

/** The value of `r_…` in the request or of `p_…` in the line. */
function valueOf(question: LineQuestion, line: readonly string[], token: string): unknown {
  const requested = requestTokens(question).indexOf(token);
  if (requested !== -1) return question.values[requested];
  const { model } = question.loaded.model;
  const place = model.get('p')?.get(question.definitions.p)?.tokens.indexOf(token) ?? -1;
  return place === -1 ? undefined : line[place];
}

function display(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
}

const roleCall = /^(g\d*)\(\s*(\w+)\s*,\s*(\w+)\s*(?:,\s*(\w+)\s*)?\)$/;

/** How the request's value comes to the line's role, where this part of the matcher asks for a role and it holds. */
function chainOf(
  question: LineQuestion,
  line: readonly string[],
  leaf: string,
  result: LeafResult,
): GrantPath {
  const call = roleCall.exec(leaf);
  if (call === null || result.result !== 'true') return [];
  const [, definition = '', member = '', role = '', domainToken] = call;
  const [from, to] = [valueOf(question, line, member), valueOf(question, line, role)];
  if (typeof from !== 'string' || typeof to !== 'string') return [];
  const domain = domainToken === undefined ? undefined : valueOf(question, line, domainToken);
  return roleChain(question.loaded.model, question.loaded.places, {
    definition,
    from,
    to,
    ...(typeof domain === 'string' ? { domain } : {}),
  });
}
