import type { RequestKnowledge } from '../../domain/evaluation-request.ts';
import type { ConditionNode, EvaluationError, GrantPath, Step } from '../../domain/trace.ts';
import type { Authorization } from './authorize.ts';
import { cannotHold, type LeafResult, resolveCondition } from '../../util/condition-result.ts';
import { actualValue, type LeafReading } from './leaf.ts';
import type { CedarPolicy } from './policies.ts';
import type { CedarRequest } from './request.ts';
import { testScope } from './scope.ts';

type Answered = Extract<Authorization, { ok: true }>;

/** A policy against one request. */
export interface Considered {
  readonly policy: CedarPolicy;
  readonly step: Step;
  /** Its scope fits and a condition alone keeps it from being satisfied. */
  readonly near: boolean;
  readonly errors: readonly EvaluationError[];
  /** What the request does not tell and this policy reads. */
  readonly unknowns: readonly string[];
}

export interface Considering {
  readonly request: CedarRequest;
  readonly answer: Answered;
  readonly knowledge: RequestKnowledge;
  /** The leaf's name in the set of probes. */
  readonly probeName: (policy: CedarPolicy, leaf: number) => string;
  readonly readingOf: (policy: CedarPolicy, leaf: number) => LeafReading;
  /** Cedar's answer to the probes of a policy; asked once, at first need. Null where they could not be asked. */
  readonly probesOf: (policy: CedarPolicy) => ReadonlyMap<string, LeafResult> | null;
}

/** What became of one policy: Cedar's own answer, and why, part by part. */
export function consider(policy: CedarPolicy, on: Considering): Considered {
  const { request, answer } = on;
  const { principal, action, resource } = policy.json;
  const subject = testScope('principal', principal, request.principal, request.entities);
  const actionTest = testScope('action', action, request.action, request.entities);
  const resourceTest = testScope('resource', resource, request.resource, request.entities);
  const inScope = [subject, actionTest, resourceTest].every(({ test }) => test.result === 'match');
  const unknowns = new Set<string>();
  const condition = inScope ? conditionOf(policy, on, unknowns) : undefined;
  const error = answer.response.diagnostics.errors.find(({ policyId }) => policyId === policy.id);
  const matched = matchedBy(policy, on, inScope, condition, unknowns.size > 0);
  const via: GrantPath = edges(subject.chain);
  return {
    policy,
    step: {
      id: policy.id,
      ref: policy.ref,
      effect: policy.effect === 'permit' ? 'allow' : 'deny',
      matched,
      ...(via.length === 0 ? {} : { via }),
      ...(policy.note === '' ? {} : { note: policy.note }),
      tests: {
        subject: subject.test,
        action: actionTest.test,
        resource: resourceTest.test,
        ...(condition === undefined ? {} : { condition }),
      },
    },
    near: inScope && matched === false,
    errors:
      error === undefined || matched === 'unknown' ? [] : [{ ref: policy.ref, message: error.error.message }],
    unknowns: matched === 'unknown' ? [...unknowns] : [],
  };
}

/** A condition of one part needs no probe: Cedar's answer to the policy is the answer to it. */
function onlyLeaf(policy: CedarPolicy, { answer }: Considering): LeafResult | null {
  const { condition, leaves } = policy.parts;
  if (leaves.length !== 1 || condition === null || maybeOverridden(policy, answer)) return null;
  const { diagnostics } = answer.response;
  const error = diagnostics.errors.find(({ policyId }) => policyId === policy.id);
  if (error !== undefined) return { result: 'error', why: error.error.message };
  let holds = diagnostics.reason.includes(policy.id);
  for (let node = condition; node.op === 'not'; [node] = node.children) holds = !holds;
  return { result: holds ? 'true' : 'false' };
}

/** A permit of which Cedar does not tell whether it is satisfied, because a forbid decides. */
function maybeOverridden({ effect }: CedarPolicy, { response }: Answered): boolean {
  return effect === 'permit' && response.decision === 'deny' && response.diagnostics.reason.length > 0;
}

/** Cedar lists every satisfied policy that decides; only permits that a forbid overrides have to be probed. */
function matchedBy(
  policy: CedarPolicy,
  { answer }: Considering,
  inScope: boolean,
  condition: ConditionNode | undefined,
  unknown: boolean,
): Step['matched'] {
  const { diagnostics } = answer.response;
  if (unknown && condition?.result === 'unknown') return cannotHold(condition) ? false : 'unknown';
  if (diagnostics.reason.includes(policy.id)) return true;
  if (!maybeOverridden(policy, answer)) return false;
  if (condition?.result === 'unknown') return 'unknown';
  return inScope && (condition === undefined || condition.result === 'true');
}

function conditionOf(policy: CedarPolicy, on: Considering, unknowns: Set<string>): ConditionNode | undefined {
  const tree = policy.parts.condition;
  if (tree === null) return undefined;
  return resolveCondition(tree, {
    result(leaf) {
      const missing = missingKeys(on.readingOf(policy, leaf), on);
      for (const key of missing) unknowns.add(key);
      if (missing.length > 0)
        return { result: 'unknown', why: `the request does not tell ${missing.join(', ')}` };
      const known = onlyLeaf(policy, on);
      if (known !== null) return known;
      const probes = on.probesOf(policy);
      const found = probes?.get(on.probeName(policy, leaf));
      if (found !== undefined) return found;
      return probes === null
        ? { result: 'unknown', why: 'this part could not be asked on its own' }
        : { result: 'false' };
    },
    describe(leaf) {
      const { path: _path, contextKeys: _keys, ...described } = on.readingOf(policy, leaf);
      return { ...described, ...actualValue(on.readingOf(policy, leaf), on.request) };
    },
  });
}

/** Keys of the context that a leaf reads and that may have been in the request although it does not show them. */
function missingKeys(reading: LeafReading, { knowledge, request }: Considering): string[] {
  if (knowledge.complete) return [];
  if (reading.contextKeys === null) return ['context'];
  return reading.contextKeys
    .filter((key) => !Object.hasOwn(request.context, key) && !(knowledge.absent ?? []).includes(key))
    .map((key) => `context.${key}`);
}

/** A chain of membership as a path. */
export function edges(chain: readonly string[]): GrantPath {
  return chain.slice(1).map((to, index) => ({ from: chain[index] ?? '', to, kind: 'member-of' }));
}
