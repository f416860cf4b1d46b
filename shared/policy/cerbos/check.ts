import { matchesFullGlob, matchesGlob, policyKey, sanitized, scopeChain } from './names.ts';
import type { CerbosPolicy, CerbosRule, DerivedRole, PolicyStore } from './policies.ts';
import { type CerbosRequest, versionOf } from './request.ts';

/** A rule for one of the roles that it names: a derived role brings its own condition. */
export interface Binding {
  readonly policy: CerbosPolicy;
  readonly rule: CerbosRule;
  readonly derived: DerivedRole | null;
}

export interface CheckResult {
  readonly effect: 'allow' | 'deny';
  /** A rule decided, or the limits of a role policy; otherwise nothing matched. */
  readonly decided: boolean;
  /** As Cerbos names it in its answer. */
  readonly policy: string;
  readonly scope: string;
  readonly bindings: readonly Binding[];
}

/** The policies that a request meets, most specific scope first. */
export interface Relevant {
  readonly principal: readonly CerbosPolicy[];
  readonly resource: readonly CerbosPolicy[];
  readonly role: readonly CerbosPolicy[];
  readonly principalScopes: readonly string[];
  readonly resourceScopes: readonly string[];
}

/** Policies that belong to the request's scopes, versions, principal and resource kind. */
export function relevantPolicies(store: PolicyStore, request: CerbosRequest): Relevant {
  const known = (kinds: readonly CerbosPolicy['kind'][]) =>
    new Set(store.policies.filter(({ kind }) => kinds.includes(kind)).map(({ scope }) => scope));
  const [ofPrincipals, ofResources] = [known(['principal']), known(['resource', 'role'])];
  // Without lenient search the scope itself has to be there; then its parents are looked at too.
  const chain = (scope: string, there: ReadonlySet<string>) =>
    request.lenientScopeSearch || there.has(scope)
      ? scopeChain(scope).filter((found) => there.has(found))
      : [];
  const principalScopes = chain(request.principal.scope, ofPrincipals);
  const resourceScopes = chain(request.resource.scope, ofResources);
  const version = versionOf(request.resource);
  const inScope = (scopes: readonly string[]) =>
    scopes.flatMap((scope) => store.policies.filter((policy) => policy.scope === scope));
  const kind = sanitized(request.resource.kind);
  const resources = inScope(resourceScopes).filter((policy) => policy.version === version);
  const resource = resources.filter(
    (policy) => policy.kind === 'resource' && sanitized(policy.name) === kind,
  );
  const role = resources.filter((policy) => policy.kind === 'role');
  const principals = inScope(principalScopes).filter((policy) => policy.kind === 'principal');
  // Nothing is asked where neither side has a policy of its version, whoever the principal is.
  const asked =
    resource.length > 0 ||
    role.some(({ rules }) => rules.some((rule) => roleAppliesToKind(rule.resource, request))) ||
    principals.some((policy) => policy.version === versionOf(request.principal));
  if (!asked) return { principal: [], resource: [], role: [], principalScopes: [], resourceScopes: [] };
  const principal = principals.filter(
    (policy) => policy.version === version && matchesGlob(policy.name, request.principal.id),
  );
  return { principal, resource, role, principalScopes, resourceScopes };
}

/**
 * Cerbos' decision for one action (https://docs.cerbos.dev/cerbos/latest/policies/compilation and
 * …/scoped_policies): principal policies before resource policies; each role on its own, the first that is allowed
 * wins; within a role the most specific scope first, deny before allow in each; a scope that needs the consent of
 * its parents only narrows; a role policy denies what it does not list. `holds` says whether a binding's
 * conditions are satisfied.
 */
export function check(
  store: PolicyStore,
  relevant: Relevant,
  request: CerbosRequest,
  holds: (binding: Binding, part: 'condition' | 'derived') => boolean,
): CheckResult {
  const checker = new Checker(store, relevant, request, holds);
  const byPrincipal = relevant.principalScopes.length === 0 ? null : checker.roleResult('principal', '*');
  if (byPrincipal?.decided === true) return byPrincipal;
  let first: CheckResult | null = null;
  for (const role of request.principal.roles) {
    const result = checker.roleResult('resource', role);
    if (result.effect === 'allow') return result;
    if (first === null || !first.decided) first = result;
  }
  return first ?? byPrincipal ?? checker.noMatch('resource');
}

class Checker {
  readonly #store: PolicyStore;
  readonly #relevant: Relevant;
  readonly #request: CerbosRequest;
  readonly #holds: (binding: Binding, part: 'condition' | 'derived') => boolean;

  constructor(
    store: PolicyStore,
    relevant: Relevant,
    request: CerbosRequest,
    holds: (binding: Binding, part: 'condition' | 'derived') => boolean,
  ) {
    this.#store = store;
    this.#relevant = relevant;
    this.#request = request;
    this.#holds = holds;
  }

  roleResult(kind: 'principal' | 'resource', role: string): CheckResult {
    const scopes = kind === 'principal' ? this.#relevant.principalScopes : this.#relevant.resourceScopes;
    const roles = this.#withParents(role);
    const policy = this.#mainPolicy(kind);
    for (const scope of scopes) {
      const denied = kind === 'resource' ? this.#deniedByRolePolicy(scope, roles) : null;
      if (denied !== null) return denied;
      const bindings = this.#bindings(kind, scope, roles);
      const denies = bindings.filter((binding) => this.#effectOf(binding) === 'deny');
      if (denies.length > 0) return { effect: 'deny', decided: true, policy, scope, bindings: denies };
      const allows = bindings.filter((binding) => this.#effectOf(binding) === 'allow');
      if (allows.length > 0 && !this.#needsConsent(scope))
        return { effect: 'allow', decided: true, policy, scope, bindings: allows };
    }
    return this.noMatch(kind);
  }

  noMatch(kind: 'principal' | 'resource'): CheckResult {
    return { effect: 'deny', decided: false, policy: this.#mainPolicy(kind), scope: '', bindings: [] };
  }

  /** What a rule does here; null where it does nothing. */
  #effectOf(binding: Binding): 'allow' | 'deny' | null {
    if (binding.derived !== null && !this.#holds(binding, 'derived')) return null;
    const holds = this.#holds(binding, 'condition');
    const { rule, policy } = binding;
    // Where the parents' consent is needed, a conditional allow becomes a denial of everything else.
    if (policy.needsConsent && rule.effect === 'allow' && rule.match !== null) return holds ? null : 'deny';
    return holds ? rule.effect : null;
  }

  #bindings(kind: 'principal' | 'resource', scope: string, roles: readonly string[]): Binding[] {
    const policies = this.#relevant[kind].filter((policy) => policy.scope === scope);
    return policies.flatMap((policy) =>
      policy.rules
        .filter((rule) => ruleApplies(rule, this.#request, kind))
        .flatMap((rule) => bindingsOf(this.#store, policy, rule, roles)),
    );
  }

  /** For each role with a policy in this scope: what the policy does not list is denied. */
  #deniedByRolePolicy(scope: string, roles: readonly string[]): CheckResult | null {
    const policies = this.#relevant.role.filter(
      (policy) => policy.scope === scope && policy.rules.length > 0 && roles.includes(policy.name),
    );
    if (!policies.some((policy) => this.#listsKind(policy)) && !this.#hasRules(scope, roles)) return null;
    for (const policy of policies) {
      const listed = policy.rules.filter(
        ({ resource, actions }) =>
          roleAppliesToKind(resource, this.#request) && listsAction(actions, this.#request.action),
      );
      const failing = listed
        .map((rule): Binding => ({ policy, rule, derived: null }))
        .filter((binding) => !this.#holds(binding, 'condition'));
      if (listed.length > 0 && failing.length === 0) continue;
      return { effect: 'deny', decided: true, policy: policy.key, scope, bindings: failing };
    }
    return null;
  }

  #listsKind({ rules }: CerbosPolicy): boolean {
    return rules.some(({ resource }) => roleAppliesToKind(resource, this.#request));
  }

  /** Cerbos looks at role policies only where the scope has some rule on the resource for one of the roles. */
  #hasRules(scope: string, roles: readonly string[]): boolean {
    return this.#relevant.resource.some(
      (policy) =>
        policy.scope === scope &&
        policy.rules.some((rule) => bindingsOf(this.#store, policy, rule, roles).length > 0),
    );
  }

  #needsConsent(scope: string): boolean {
    return this.#store.policies.some((policy) => policy.scope === scope && policy.needsConsent);
  }

  /** A role and those whose permissions it takes over, by the role policies of the request's own scope. */
  #withParents(role: string): string[] {
    return withParents(this.#store, this.#request.resource.scope, role);
  }

  #mainPolicy(kind: 'principal' | 'resource'): string {
    const { principal, resource } = this.#request;
    const [scope = ''] =
      kind === 'principal' ? this.#relevant.principalScopes : this.#relevant.resourceScopes;
    return kind === 'principal'
      ? policyKey('principal', principal.id, versionOf(principal), scope)
      : policyKey('resource', resource.kind, versionOf(resource), scope);
  }
}

export function withParents(store: PolicyStore, scope: string, role: string): string[] {
  const found = new Set([role]);
  for (const name of found)
    for (const policy of store.policies)
      if (policy.kind === 'role' && policy.scope === scope && policy.name === name)
        for (const parent of policy.parentRoles) found.add(parent);
  return [...found];
}

export function ruleApplies(rule: CerbosRule, request: CerbosRequest, kind: CerbosPolicy['kind']): boolean {
  return (
    (kind === 'resource' || appliesToKind(rule.resource, request)) &&
    actionMatches(rule.actions, request.action)
  );
}

/** A pattern is compared with the kind as it stands in a policy's name: `doc_*` covers `doc:x`, `doc:*` does not. */
export function appliesToKind(pattern: string, request: CerbosRequest): boolean {
  return matchesGlob(sanitized(pattern), sanitized(request.resource.kind));
}

/** In role policies the pattern stands as it is: `doc:x` covers no kind, `doc_x` covers `doc:x`. */
export function roleAppliesToKind(pattern: string, request: CerbosRequest): boolean {
  return matchesGlob(pattern, sanitized(request.resource.kind));
}

export function actionMatches(patterns: readonly string[], action: string): boolean {
  return patterns.some((pattern) => matchesGlob(pattern, action));
}

/** Whether a role policy's rule lists an action. */
export function listsAction(patterns: readonly string[], action: string): boolean {
  return patterns.some((pattern) => matchesFullGlob(pattern, action));
}

/** A rule once for its own roles, and once for each derived role whose parent role is there. */
export function bindingsOf(
  store: PolicyStore,
  policy: CerbosPolicy,
  rule: CerbosRule,
  roles: readonly string[],
): Binding[] {
  const has = (wanted: readonly string[]) =>
    wanted.some((pattern) => pattern === '*' || roles.some((role) => matchesGlob(pattern, role)));
  const own: Binding[] = has(rule.roles) ? [{ policy, rule, derived: null }] : [];
  const derived = rule.derivedRoles.flatMap((name): Binding[] => {
    const role = derivedRole(store, policy, name);
    return role !== undefined && has(role.parentRoles) ? [{ policy, rule, derived: role }] : [];
  });
  return [...own, ...derived];
}

export function derivedRole(store: PolicyStore, policy: CerbosPolicy, name: string): DerivedRole | undefined {
  for (const set of policy.imports) {
    const role = store.derivedRoles.get(set)?.get(name);
    if (role !== undefined) return role;
  }
  return undefined;
}
