import type { RequestKnowledge } from '../../domain/evaluation-request.ts';
import type { ConditionNode } from '../../domain/trace.ts';
import type { Binding } from './check.ts';
import { bindingsOf, listsAction, roleAppliesToKind, ruleApplies, withParents } from './check.ts';
import { jsonOf } from './cel-values.ts';
import type { Expressions } from './expressions.ts';
import type { CerbosPolicy, CerbosRule, Definitions, PolicyStore } from './policies.ts';
import type { CerbosRequest } from './request.ts';
import { ExpressionScope } from './scope.ts';

/** Every condition of one request, evaluated once at most. */
export class RequestConditions {
  readonly #store: PolicyStore;
  readonly #expressions: Expressions;
  readonly #request: CerbosRequest;
  readonly #knowledge: RequestKnowledge;
  readonly #nodes = new Map<string, ConditionNode>();
  readonly #derivedRoles = new Map<string, readonly string[]>();

  constructor(
    store: PolicyStore,
    expressions: Expressions,
    request: CerbosRequest,
    knowledge: RequestKnowledge,
  ) {
    this.#store = store;
    this.#expressions = expressions;
    this.#request = request;
    this.#knowledge = knowledge;
    expressions.setNow(request.now);
  }

  /** The condition of the rule, or of the derived role through which it applies; null where there is none. */
  node(binding: Binding, part: 'condition' | 'derived'): ConditionNode | null {
    return (part === 'condition' ? this.#shared(binding) : null) ?? this.#own(binding, part);
  }

  /**
   * Cerbos evaluates one of the rules that share a name and apply together, and takes its result for all of them,
   * those without a condition too. Which of them is not the same from run to run: unknown, unless all are alike.
   * Null where no other rule has the name.
   */
  #shared({ policy, rule }: Binding): ConditionNode | null {
    const namesakes = policy.rules.filter(
      (other) => other.name === rule.name && (other === rule || this.#applies(policy, other)),
    );
    if (namesakes.length < 2) return null;
    const nodes = namesakes.map((other) => this.#own({ policy, rule: other, derived: null }, 'condition'));
    const results = new Set(
      nodes.map((node) => (node?.result === 'error' ? 'false' : (node?.result ?? 'true'))),
    );
    if (results.size === 1) return null;
    const why = `${namesakes.length} rules of ${policy.key} that apply here have the name ${rule.name}: Cerbos takes the result of one for all, and does not say which`;
    const own = this.#own({ policy, rule, derived: null }, 'condition');
    return {
      op: 'all',
      expr: own?.expr ?? 'true',
      result: 'unknown',
      why,
      children: own === null ? [] : [own],
    };
  }

  #applies({ kind }: CerbosPolicy, rule: CerbosRule): boolean {
    return kind === 'role'
      ? roleAppliesToKind(rule.resource, this.#request) && listsAction(rule.actions, this.#request.action)
      : ruleApplies(rule, this.#request, kind);
  }

  #own(binding: Binding, part: 'condition' | 'derived'): ConditionNode | null {
    const { policy, rule, derived } = binding;
    const match = part === 'derived' ? (derived?.match ?? null) : rule.match;
    if (match === null) return null;
    const key = `${rule.id} ${keyOf(binding, part)}`;
    const known = this.#nodes.get(key);
    if (known !== undefined) return known;
    const definitions = part === 'derived' && derived !== null ? derived.definitions : policy.definitions;
    const roles = part === 'derived' ? [] : this.effectiveDerivedRoles(policy);
    const node = this.#scope(definitions, roles).condition(match);
    this.#nodes.set(key, node);
    return node;
  }

  /** Derived roles that a policy's rules name and that the principal has. */
  effectiveDerivedRoles(policy: CerbosPolicy): readonly string[] {
    const known = this.#derivedRoles.get(policy.key);
    if (known !== undefined) return known;
    const { roles } = this.#request.principal;
    const all = roles.flatMap((role) => withParents(this.#store, this.#request.resource.scope, role));
    const held = new Set<string>();
    for (const rule of policy.rules)
      for (const binding of bindingsOf(this.#store, policy, rule, all))
        if (binding.derived !== null && (this.node(binding, 'derived')?.result ?? 'true') === 'true')
          held.add(binding.derived.name);
    const sorted = [...held].toSorted();
    this.#derivedRoles.set(policy.key, sorted);
    return sorted;
  }

  /** The value of a rule's output expression. */
  output(binding: Binding, expression: string): unknown {
    const scope = this.#scope(binding.policy.definitions, this.effectiveDerivedRoles(binding.policy));
    const outcome = scope.evaluate(expression);
    return outcome.kind === 'value' ? jsonOf(outcome.value) : null;
  }

  #scope(definitions: Definitions, derivedRoles: readonly string[]): ExpressionScope {
    return new ExpressionScope(this.#expressions, this.#request, this.#knowledge, definitions, derivedRoles);
  }
}

/** Rules of one name share a condition: what is assumed of one is assumed of all. */
export function keyOf({ policy, rule, derived }: Binding, part: 'condition' | 'derived'): string {
  return part === 'condition'
    ? `${policy.key}#${rule.name}`
    : `${policy.key}#${rule.id}#${derived?.ref.policyId ?? ''}.${derived?.name ?? ''}`;
}
