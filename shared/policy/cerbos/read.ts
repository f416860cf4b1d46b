import { arrayAt, isObject, type Json, type JsonObject, objectAt, textAt } from '../../domain/json.ts';
import type { BundleProblem } from '../../domain/policy-system.ts';
import type { PolicyRef } from '../../domain/trace.ts';
import { kindOf, type PolicyDocument, problem } from './documents.ts';
import { defaultVersion, policyKey } from './names.ts';
import type { CerbosPolicy, CerbosRule, Definitions, DerivedRole, Match, PolicyStore } from './policies.ts';

interface Exports {
  readonly variables: ReadonlyMap<string, JsonObject>;
  readonly constants: ReadonlyMap<string, JsonObject>;
}

/** Reads policy documents (https://docs.cerbos.dev/cerbos/latest/policies). */
export function readPolicies(documents: readonly PolicyDocument[], problems: BundleProblem[]): PolicyStore {
  const exports: Exports = {
    variables: exported(documents, 'exportVariables'),
    constants: exported(documents, 'exportConstants'),
  };
  const reader = new PolicyReader(exports, problems);
  const derivedRoles = new Map<string, ReadonlyMap<string, DerivedRole>>();
  const policies: CerbosPolicy[] = [];
  for (const document of documents) {
    const kind = kindOf(document.json);
    if (kind === 'derivedRoles') {
      const name = textAt(objectAt(document.json, kind), 'name') ?? '';
      derivedRoles.set(name, reader.derivedRoles(document));
    } else if (kind === 'resourcePolicy') policies.push(reader.resource(document));
    else if (kind === 'principalPolicy') policies.push(reader.principal(document));
    else if (kind === 'rolePolicy') policies.push(reader.role(document));
  }
  return { policies: checked(policies, derivedRoles, problems), derivedRoles };
}

/** Two policies of one name, and imports of what is not there, are refused by Cerbos. */
function checked(
  policies: readonly CerbosPolicy[],
  derivedRoles: PolicyStore['derivedRoles'],
  problems: BundleProblem[],
): CerbosPolicy[] {
  const seen = new Map<string, string>();
  return policies.filter(({ key, path, imports }) => {
    for (const name of imports)
      if (!derivedRoles.has(name)) problems.push(problem(path, '', `there are no derived roles ${name}`));
    const other = seen.get(key);
    seen.set(key, other ?? path);
    if (other !== undefined)
      for (const [one, two] of [
        [path, other],
        [other, path],
      ] as const)
        problems.push(problem(one, '', `${key} is defined in ${two} too`));
    return other === undefined;
  });
}

function exported(documents: readonly PolicyDocument[], kind: string): Map<string, JsonObject> {
  return new Map(
    documents.flatMap(({ json }) => {
      const content = objectAt(json, kind);
      const name = textAt(content, 'name');
      return name === null ? [] : [[name, objectAt(content, 'definitions') ?? {}] as const];
    }),
  );
}

type Path = readonly (string | number)[];

class PolicyReader {
  readonly #exports: Exports;
  readonly #problems: BundleProblem[];

  constructor(exports: Exports, problems: BundleProblem[]) {
    this.#exports = exports;
    this.#problems = problems;
  }

  resource(document: PolicyDocument): CerbosPolicy {
    const content = objectAt(document.json, 'resourcePolicy') ?? {};
    const head = this.#head(document, content, 'resource', textAt(content, 'resource') ?? '');
    const rules = objects(content, 'rules').map(([rule, index]): UnnamedRule => {
      const name = textAt(rule, 'name') ?? numbered('rule', index);
      return {
        ...this.#rule(document, rule, name, head.key, ['resourcePolicy', 'rules', index]),
        actions: texts(rule, 'actions'),
        resource: head.name,
        roles: texts(rule, 'roles'),
        derivedRoles: texts(rule, 'derivedRoles'),
      };
    });
    return { ...head, rules: identified(rules), imports: texts(content, 'importDerivedRoles') };
  }

  principal(document: PolicyDocument): CerbosPolicy {
    const content = objectAt(document.json, 'principalPolicy') ?? {};
    const head = this.#head(document, content, 'principal', textAt(content, 'principal') ?? '');
    const rules = objects(content, 'rules').flatMap(([rule, index]) => {
      const resource = textAt(rule, 'resource') ?? '';
      return objects(rule, 'actions').map(([action, place]): UnnamedRule => {
        const name = textAt(action, 'name') ?? numbered(`${resource}_rule`, place);
        return {
          ...this.#rule(document, action, name, head.key, [
            'principalPolicy',
            'rules',
            index,
            'actions',
            place,
          ]),
          actions: [textAt(action, 'action') ?? ''],
          resource,
          roles: ['*'],
          derivedRoles: [],
        };
      });
    });
    return { ...head, rules: identified(rules) };
  }

  role(document: PolicyDocument): CerbosPolicy {
    const content = objectAt(document.json, 'rolePolicy') ?? {};
    const name = textAt(content, 'role') ?? '';
    const head = this.#head(document, content, 'role', name);
    const rules = objects(content, 'rules').map(
      ([rule, index]): UnnamedRule => ({
        ...this.#rule(document, rule, textAt(rule, 'name') ?? numbered(`${name}_rule`, index), head.key, [
          'rolePolicy',
          'rules',
          index,
        ]),
        effect: 'allow',
        actions: texts(rule, 'allowActions'),
        resource: textAt(rule, 'resource') ?? '',
        roles: [name],
        derivedRoles: [],
      }),
    );
    return { ...head, rules: identified(rules), parentRoles: texts(content, 'parentRoles') };
  }

  derivedRoles(document: PolicyDocument): Map<string, DerivedRole> {
    const content = objectAt(document.json, 'derivedRoles') ?? {};
    const definitions = this.#definitions(document, content);
    const set = textAt(content, 'name') ?? '';
    const seen = new Set<string>();
    return new Map(
      objects(content, 'definitions').map(([role, index]) => {
        const name = textAt(role, 'name') ?? '';
        const locator = document.locate(['derivedRoles', 'definitions', index]);
        if (seen.has(name))
          this.#problems.push(problem(document.path, locator, `there are two derived roles ${name}`));
        seen.add(name);
        const ref: PolicyRef = {
          path: document.path,
          locator,
          policyId: `derived_roles.${set}`,
          statementId: name,
        };
        const match = this.#match(document, objectAt(role, 'condition'));
        return [name, { name, parentRoles: texts(role, 'parentRoles'), match, definitions, ref }] as const;
      }),
    );
  }

  #head(
    document: PolicyDocument,
    content: JsonObject,
    kind: CerbosPolicy['kind'],
    name: string,
  ): CerbosPolicy {
    const version = textAt(content, 'version') ?? defaultVersion;
    const scope = textAt(content, 'scope') ?? '';
    return {
      kind,
      name,
      version,
      scope,
      key: policyKey(kind, name, version, scope),
      path: document.path,
      needsConsent: content['scopePermissions'] === 'SCOPE_PERMISSIONS_REQUIRE_PARENTAL_CONSENT_FOR_ALLOWS',
      rules: [],
      imports: [],
      definitions: this.#definitions(document, content),
      parentRoles: [],
    };
  }

  #rule(
    document: PolicyDocument,
    rule: JsonObject,
    name: string,
    policyId: string,
    part: Path,
  ): Pick<CerbosRule, 'name' | 'effect' | 'match' | 'output' | 'ref'> {
    const output = objectAt(rule, 'output');
    const when = objectAt(output, 'when');
    return {
      name,
      effect: rule['effect'] === 'EFFECT_DENY' ? 'deny' : 'allow',
      match: this.#match(document, objectAt(rule, 'condition')),
      output: {
        activated: textAt(when, 'ruleActivated') ?? textAt(output, 'expr'),
        notMet: textAt(when, 'conditionNotMet'),
      },
      ref: { path: document.path, locator: document.locate(part), policyId, statementId: name },
    };
  }

  #match(document: PolicyDocument, condition: JsonObject | undefined): Match | null {
    const match = objectAt(condition, 'match');
    return match === undefined ? null : this.#readMatch(document, match);
  }

  #readMatch(document: PolicyDocument, match: JsonObject): Match {
    const expr = match['expr'];
    if (typeof expr === 'string' || typeof expr === 'boolean') return { op: 'expr', expr: String(expr) };
    for (const op of ['all', 'any', 'none'] as const) {
      const of = objectAt(match, op);
      if (of === undefined) continue;
      return { op, of: objects(of, 'of').map(([part]) => this.#readMatch(document, part)) };
    }
    this.#problems.push(problem(document.path, '', 'a condition that is neither expr, all, any nor none'));
    return { op: 'expr', expr: 'false' };
  }

  /** Local names, imported ones, and those that old policies put on top. */
  #definitions(document: PolicyDocument, content: JsonObject): Definitions {
    const variables = this.#named(document, content, 'variables');
    const old = Object.entries(objectAt(document.json, 'variables') ?? {});
    const all = [...old, ...variables].flatMap(([name, value]) =>
      value === undefined ? [] : [[name, typeof value === 'string' ? value : JSON.stringify(value)] as const],
    );
    return { variables: new Map(all), constants: new Map(this.#named(document, content, 'constants')) };
  }

  #named(
    document: PolicyDocument,
    content: JsonObject,
    kind: 'variables' | 'constants',
  ): [string, Json | undefined][] {
    const block = objectAt(content, kind);
    const imported = texts(block, 'import').flatMap((name) => {
      const found = this.#exports[kind].get(name);
      if (found === undefined)
        this.#problems.push(problem(document.path, '', `there are no ${kind} ${name}`));
      return Object.entries(found ?? {});
    });
    const all = [...imported, ...Object.entries(objectAt(block, 'local') ?? {})];
    const twice = all.find(([name], index) => all.findIndex(([other]) => other === name) < index)?.[0];
    if (twice !== undefined)
      this.#problems.push(problem(document.path, '', `${kind} ${twice} is defined twice`));
    return all;
  }
}

function objects(value: JsonObject | undefined, key: string): [JsonObject, number][] {
  return arrayAt(value, key).flatMap((item, index) => (isObject(item) ? [[item, index]] : []));
}

function texts(value: JsonObject | undefined, key: string): string[] {
  return arrayAt(value, key).flatMap((item) => (typeof item === 'string' ? [item] : []));
}

type UnnamedRule = Omit<CerbosRule, 'id'>;

function identified(rules: readonly UnnamedRule[]): CerbosRule[] {
  const times = new Map<string, number>();
  return rules.map((rule) => {
    const time = (times.get(rule.name) ?? 0) + 1;
    times.set(rule.name, time);
    return { ...rule, id: time === 1 ? rule.name : `${rule.name}~${time}` };
  });
}

/** As Cerbos names rules that have no name. */
function numbered(prefix: string, index: number): string {
  return `${prefix}-${String(index + 1).padStart(3, '0')}`;
}
