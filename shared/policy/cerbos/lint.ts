import type { BundleProblem } from '../../domain/policy-system.ts';
import type { PolicyRef } from '../../domain/trace.ts';
import { derivedRole } from './check.ts';
import { problem } from './documents.ts';
import { policyKey, scopeChain } from './names.ts';
import type { Definitions, Match, PolicyStore } from './policies.ts';

/** What Cerbos refuses a whole bundle for, as far as it shows without compiling expressions. */
export function lint(store: PolicyStore): BundleProblem[] {
  return [
    ...conflicts(store),
    ...missingParents(store),
    ...undefinedNames(store),
    ...undefinedRoles(store),
    ...rulesWithoutRoles(store),
    ...sameNames(store),
    ...circles(store),
  ];
}

/** Policies of one scope that have rules have to agree whether parents must consent. */
function conflicts({ policies }: PolicyStore): BundleProblem[] {
  const scoped = policies.filter(
    ({ kind, scope, rules }) => kind !== 'role' && scope !== '' && rules.length > 0,
  );
  return [...new Set(scoped.map(({ scope }) => scope))].flatMap((scope) => {
    const inScope = scoped.filter((policy) => policy.scope === scope);
    const odd = inScope.find(({ needsConsent }) => needsConsent !== inScope[0]?.needsConsent);
    return odd === undefined
      ? []
      : [problem(odd.path, '', `scope ${scope} has conflicting scope permissions`)];
  });
}

/** A scoped policy needs one in each parent scope, up to the root. */
function missingParents({ policies }: PolicyStore): BundleProblem[] {
  const there = new Set(policies.map(({ key }) => key));
  return policies
    .filter(({ kind }) => kind !== 'role')
    .flatMap((policy) => {
      const missing = scopeChain(policy.scope).find(
        (scope) => !there.has(policyKey(policy.kind, policy.name, policy.version, scope)),
      );
      if (missing === undefined) return [];
      return [problem(policy.path, '', `${policy.key} needs a policy in scope "${missing}"`)];
    });
}

function undefinedNames({ policies, derivedRoles }: PolicyStore): BundleProblem[] {
  const ofPolicies = policies.flatMap(({ rules, definitions }) =>
    rules.flatMap(({ match, output, ref }) =>
      undefinedIn([...expressionsOf(match), output.activated ?? '', output.notMet ?? ''], definitions, ref),
    ),
  );
  const roles = [...derivedRoles.values()].flatMap((set) => [...set.values()]);
  const ofRoles = roles.flatMap(({ match, definitions, ref }) =>
    undefinedIn(expressionsOf(match), definitions, ref),
  );
  return [...ofPolicies, ...ofRoles];
}

function undefinedIn(
  expressions: readonly string[],
  { variables, constants }: Definitions,
  { path, locator }: PolicyRef,
): BundleProblem[] {
  return [...expressions, ...variables.values()].flatMap((expression) =>
    [...withoutStrings(expression).matchAll(/(?<![.\w])(V|variables|C|constants)\.(\w+)/g)].flatMap(
      ([, root = '', name = '']) => {
        const constant = root.toLowerCase().startsWith('c');
        const known = constant ? constants.has(name) : variables.has(name);
        return known
          ? []
          : [problem(path, locator, `undefined ${constant ? 'constant' : 'variable'} ${name}`)];
      },
    ),
  );
}

function withoutStrings(expression: string): string {
  return expression.replaceAll(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'/g, '""');
}

function expressionsOf(match: Match | null): string[] {
  if (match === null) return [];
  return match.op === 'expr' ? [match.expr] : match.of.flatMap(expressionsOf);
}

function undefinedRoles(store: PolicyStore): BundleProblem[] {
  return store.policies.flatMap((policy) =>
    policy.rules.flatMap(({ derivedRoles, ref }) =>
      derivedRoles
        .filter((name) => derivedRole(store, policy, name) === undefined)
        .map((name) => problem(ref.path, ref.locator, `there is no derived role ${name}`)),
    ),
  );
}

function rulesWithoutRoles({ policies }: PolicyStore): BundleProblem[] {
  return policies
    .flatMap(({ rules }) => rules)
    .filter(({ roles, derivedRoles }) => roles.length === 0 && derivedRoles.length === 0)
    .map(({ ref }) => problem(ref.path, ref.locator, 'a rule that names no role'));
}

function sameNames({ policies }: PolicyStore): BundleProblem[] {
  return policies.flatMap(({ rules }) =>
    rules
      .filter(
        ({ name, resource }, index) =>
          rules.findIndex((rule) => rule.name === name && rule.resource === resource) < index,
      )
      .map(({ name, ref }) => problem(ref.path, ref.locator, `there are two rules ${name}`)),
  );
}

/** Variables that are defined by each other. */
function circles({ policies, derivedRoles }: PolicyStore): BundleProblem[] {
  const sets = [
    ...policies.map(({ path, definitions }) => ({ path, definitions })),
    ...[...derivedRoles.values()]
      .flatMap((set) => [...set.values()])
      .map(({ ref, definitions }) => ({ path: ref.path, definitions })),
  ];
  return sets.flatMap(({ path, definitions: { variables } }) => {
    const reads = new Map(
      [...variables].map(([name, expression]) => [
        name,
        [...withoutStrings(expression).matchAll(/(?<![.\w])(?:V|variables)\.(\w+)/g)].map(
          ([, read = '']) => read,
        ),
      ]),
    );
    const reached = (name: string): Set<string> => {
      const found = new Set(reads.get(name));
      for (const next of found) for (const further of reads.get(next) ?? []) found.add(further);
      return found;
    };
    const circular = [...variables.keys()].find((name) => reached(name).has(name));
    return circular === undefined ? [] : [problem(path, '', `variable ${circular} is defined by itself`)];
  });
}
