import type { ConditionNode, Layer, Step, Test } from '../../domain/trace.ts';
import {
  type Binding,
  actionMatches,
  appliesToKind,
  roleAppliesToKind,
  bindingsOf,
  listsAction,
  type Relevant,
  withParents,
} from './check.ts';
import type { RequestConditions } from './conditions.ts';
import type { CerbosPolicy, CerbosRule, PolicyStore } from './policies.ts';
import type { CerbosRequest } from './request.ts';

/** A layer for each policy that the request meets, with every rule of it. */
export function layersOf(
  store: PolicyStore,
  relevant: Relevant,
  request: CerbosRequest,
  conditions: RequestConditions,
): Layer[] {
  const builder = new StepBuilder(store, request, conditions);
  const policies = [
    ...relevant.principal,
    ...relevant.resourceScopes.flatMap((scope) =>
      [...relevant.role, ...relevant.resource].filter((policy) => policy.scope === scope),
    ),
  ];
  return policies.map((policy) => {
    const steps = policy.rules.map((rule) => builder.step(policy, rule));
    return {
      name: policy.kind,
      label: policy.key,
      role: policy.kind === 'role' ? 'limit' : 'grant',
      outcome: outcomeOf(steps),
      ...(policy.needsConsent ? { why: 'what is allowed here the parent scopes must allow too' } : {}),
      steps,
    };
  });
}

function outcomeOf(steps: readonly Step[]): Layer['outcome'] {
  if (steps.some(({ matched, effect }) => matched === true && effect === 'deny')) return 'deny';
  if (steps.some(({ matched }) => matched === true)) return 'allow';
  return steps.some(({ matched }) => matched === 'unknown') ? 'unknown' : 'no-match';
}

export function stepId({ key }: CerbosPolicy, { id }: CerbosRule): string {
  return `${key}#${id}`;
}

class StepBuilder {
  readonly #store: PolicyStore;
  readonly #request: CerbosRequest;
  readonly #conditions: RequestConditions;
  readonly #roles: readonly string[];

  constructor(store: PolicyStore, request: CerbosRequest, conditions: RequestConditions) {
    this.#store = store;
    this.#request = request;
    this.#conditions = conditions;
    const { roles } = request.principal;
    this.#roles = [...new Set(roles.flatMap((role) => withParents(store, request.resource.scope, role)))];
  }

  step(policy: CerbosPolicy, rule: CerbosRule): Step {
    const { action, resource } = this.#request;
    const listed = policy.kind === 'role' ? listsAction : actionMatches;
    const actionTest = test(rule.actions.join(', '), action, listed(rule.actions, action));
    const kind = ruleAppliesToKind(policy, rule, this.#request);
    const resourceTest = test(rule.resource, resource.kind, kind);
    const subject = this.#subject(policy, rule);
    const applies = actionTest.result === 'match' && kind && subject.result !== 'no-match';
    const condition = applies ? this.#condition(policy, rule) : null;
    return {
      id: stepId(policy, rule),
      ref: rule.ref,
      effect: rule.effect,
      matched: applies ? matchedBy(subject.result, condition) : false,
      tests: {
        subject,
        action: actionTest,
        resource: resourceTest,
        ...(condition === null ? {} : { condition }),
      },
    };
  }

  /** By role, or by a derived role whose condition holds. */
  #subject(policy: CerbosPolicy, rule: CerbosRule): Test {
    const { roles, id } = this.#request.principal;
    if (policy.kind === 'principal') return test(policy.name, id, true);
    const pattern = [...rule.roles, ...rule.derivedRoles].join(', ');
    const bindings = bindingsOf(this.#store, policy, rule, this.#roles);
    const results = bindings.map((binding) => this.#derived(binding));
    const held = bindings.find((_, index) => results[index] === 'true');
    const result = held !== undefined ? 'match' : results.includes('unknown') ? 'unknown' : 'no-match';
    const failing = bindings.flatMap(({ derived }, index) =>
      derived !== null && results[index] !== 'true' ? [`the condition of ${derived.name} does not hold`] : [],
    );
    const through = held?.derived === null || held === undefined ? '' : `derived role ${held.derived.name}`;
    const why = through === '' ? (result === 'match' ? '' : failing.join(', ')) : through;
    return { result, pattern, actual: roles.join(', '), ...(why === '' ? {} : { why }) };
  }

  #derived(binding: Binding): ConditionNode['result'] {
    return binding.derived === null ? 'true' : (this.#conditions.node(binding, 'derived')?.result ?? 'true');
  }

  /** The rule's own condition, with that of the derived role before it. */
  #condition(policy: CerbosPolicy, rule: CerbosRule): ConditionNode | null {
    const bindings: Binding[] = bindingsOf(this.#store, policy, rule, this.#roles);
    const binding = bindings[0] ?? { policy, rule, derived: null };
    return this.#conditions.node(binding, 'condition');
  }
}

function matchedBy(subject: Test['result'], condition: ConditionNode | null): Step['matched'] {
  const result = condition?.result ?? 'true';
  if (result === 'false' || result === 'error') return false;
  return result === 'unknown' || subject === 'unknown' ? 'unknown' : true;
}

function test(pattern: string, actual: string, matches: boolean): Test {
  return { result: matches ? 'match' : 'no-match', pattern, actual };
}

function ruleAppliesToKind(
  { kind }: CerbosPolicy,
  { resource }: CerbosRule,
  request: CerbosRequest,
): boolean {
  if (kind === 'resource') return true;
  return kind === 'role' ? roleAppliesToKind(resource, request) : appliesToKind(resource, request);
}
