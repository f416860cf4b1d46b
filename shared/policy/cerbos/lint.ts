import type { BundleProblem } from '../../domain/policy-system.ts';
import type { PolicyRef } from '../../domain/trace.ts';
import { refusalOf } from './cel-check.ts';
import { derivedRole } from './check.ts';
import { problem } from './documents.ts';
import { policyKey, scopeChain } from './names.ts';
import type { Definitions, Match, PolicyStore } from './policies.ts';

/** What Cerbos refuses a whole bundle for. */
export function lint(store: PolicyStore): BundleProblem[] {
  return [
    ...conflicts(store),
    ...missingParents(store),
    ...undefinedNames(store),
    ...wrongTypes(store),
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

interface Written {
  /** Of a condition and of outputs. */
  readonly expressions: readonly string[];
  readonly definitions: Definitions;
  readonly ref: PolicyRef;
}

/** The expressions of each rule and of each derived role. */
function expressions({ policies, derivedRoles }: PolicyStore): Written[] {
  const ofRules = policies.flatMap(({ rules, definitions }) =>
    rules.map(({ match, output, ref }) => ({
      expressions: [...expressionsOf(match), output.activated ?? '', output.notMet ?? ''],
      definitions,
      ref,
    })),
  );
  const roles = [...derivedRoles.values()].flatMap((set) => [...set.values()]);
  const ofRoles = roles.map(({ match, definitions, ref }) => ({
    expressions: expressionsOf(match),
    definitions,
    ref,
  }));
  return [...ofRules, ...ofRoles];
}

function undefinedNames(store: PolicyStore): BundleProblem[] {
  return expressions(store).flatMap((written) =>
    undefinedIn(written.expressions, written.definitions, written.ref),
  );
}

/** Expressions whose types do not fit; of variables also those that nothing reads. */
function wrongTypes(store: PolicyStore): BundleProblem[] {
  const ofRules = expressions(store).flatMap(({ expressions: list, ref }) =>
    list.map((expression) => ({ expression, path: ref.path, locator: ref.locator })),
  );
  const ofVariables = definitionsOf(store).flatMap(({ path, definitions: { variables } }) =>
    [...variables.values()].map((expression) => ({ expression, path, locator: '' })),
  );
  const refusals = new Map<string, string | null>();
  const told = new Set<string>();
  return [...ofRules, ...ofVariables].flatMap(({ expression, path, locator }) => {
    const known = refusals.get(expression);
    const refusal = known === undefined ? refusalOf(expression) : known;
    refusals.set(expression, refusal);
    const key = JSON.stringify([path, locator, expression]);
    if (refusal === null || told.has(key)) return [];
    told.add(key);
    return [problem(path, locator, `${expression}: ${refusal}`)];
  });
}

function definitionsOf({
  policies,
  derivedRoles,
}: PolicyStore): { path: string; definitions: Definitions }[] {
  return [
    ...policies.map(({ path, definitions }) => ({ path, definitions })),
    ...[...derivedRoles.values()]
      .flatMap((set) => [...set.values()])
      .map(({ ref, definitions }) => ({ path: ref.path, definitions })),
  ];
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
function circles(store: PolicyStore): BundleProblem[] {
  return definitionsOf(store).flatMap(({ path, definitions: { variables } }) => {
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
