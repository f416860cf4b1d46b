import { effectiveRules } from './aggregate.ts';
import type { Attributes } from './attributes.ts';
import { Budget } from './finding.ts';
import { type Grant, type RuleMatch, createGrant, matchRules } from './grant.ts';
import { type Binding, type Manifests, type PlacedRule, type Role, roleLabel, subjectKey } from './model.ts';

/** Shapes of requests whose matches are remembered; a cluster's log has some hundreds. */
const mostShapes = 10_000;

/** What distinguishes requests for rules without resource names: everything but name, namespace and subject. */
export interface Shape {
  readonly attributes: Attributes;
  /** By the index of the grant; filled in when it is first asked for. */
  readonly matches: (RuleMatch | undefined)[];
  /** Grants with a rule for it, by namespace; the empty name is that of ClusterRoleBindings. */
  readonly covering: Map<string, Covering>;
}

export interface Covering {
  readonly grants: readonly Grant[];
  /** Names that rules of them are limited to: any other name makes no difference. */
  readonly names: ReadonlySet<string>;
}

/** Roles and bindings as they work together, compiled for many requests. */
export class Cluster {
  /** Of ClusterRoleBindings, in the order of the bundle. */
  readonly clusterGrants: readonly Grant[];
  /** Of RoleBindings by namespace. */
  readonly grantsByNamespace: ReadonlyMap<string, readonly Grant[]>;
  readonly grants: readonly Grant[];
  readonly budget = new Budget();
  readonly #roles = new Map<string, Role>();
  readonly #rules: ReadonlyMap<Role, readonly PlacedRule[]>;
  readonly #bySubject = new Map<string, Grant[]>();
  readonly #shapes = new Map<string, Shape>();

  constructor({ roles, bindings }: Manifests) {
    this.#rules = effectiveRules(roles);
    for (const role of roles) this.#roles.set(roleLabel(role), role);
    this.grants = bindings.map((binding, index) => this.#grant(binding, index));
    this.clusterGrants = this.grants.filter(({ binding }) => binding.namespace === null);
    const byNamespace = new Map<string, Grant[]>();
    for (const grant of this.grants) {
      const { namespace } = grant.binding;
      if (namespace !== null) append(byNamespace, namespace, grant);
      const keys = grant.binding.subjects.map((subject) => subjectKey(subject, namespace));
      for (const key of new Set(keys)) if (key !== null) append(this.#bySubject, key, grant);
    }
    this.grantsByNamespace = byNamespace;
  }

  /** Grants whose bindings name a subject of this key. */
  grantsTo(key: string): readonly Grant[] {
    return this.#bySubject.get(key) ?? [];
  }

  /** The role of that kind and name; a Role is looked for in the namespace. */
  role(kind: string, name: string, namespace: string | null): Role | null {
    if (kind === 'ClusterRole') {
      return this.#roles.get(roleLabel({ kind: 'ClusterRole', namespace: null, name })) ?? null;
    }
    if (kind !== 'Role' || namespace === null) return null;
    return this.#roles.get(roleLabel({ kind: 'Role', namespace, name })) ?? null;
  }

  /** The rules of a role that are in force, aggregation included. */
  rulesOf(role: Role): readonly PlacedRule[] {
    return this.#rules.get(role) ?? [];
  }

  /** What the rules of a grant say to a request, whoever asks. */
  match(grant: Grant, shape: Shape): RuleMatch {
    return (shape.matches[grant.index] ??= matchRules(grant.rules, shape.attributes));
  }

  /** The grants of a namespace (of ClusterRoleBindings by the empty name) with a rule for it, names aside. */
  covering(namespace: string, shape: Shape): Covering {
    let found = shape.covering.get(namespace);
    if (found === undefined) {
      const grants = namespace === '' ? this.clusterGrants : (this.grantsByNamespace.get(namespace) ?? []);
      const names = new Set<string>();
      const covering = grants.filter((grant) => {
        const { covering: whole, named } = this.match(grant, shape);
        for (const index of named) {
          for (const name of grant.rules[index]?.rule.resourceNames ?? []) names.add(name);
        }
        return whole.length > 0 || named.length > 0;
      });
      found = { grants: covering, names };
      shape.covering.set(namespace, found);
    }
    return found;
  }

  /** Requests that differ in name, namespace and subject alone have the same shape. */
  shapeOf(attributes: Attributes): Shape {
    const key =
      attributes.kind === 'url'
        ? `${attributes.verb}\n${attributes.url}`
        : `${attributes.verb}\n${attributes.apiGroup}\n${attributes.combined}\n`;
    let shape = this.#shapes.get(key);
    if (shape === undefined) {
      if (this.#shapes.size >= mostShapes) this.#shapes.clear();
      shape = { attributes, matches: [], covering: new Map() };
      this.#shapes.set(key, shape);
    }
    return shape;
  }

  #grant(binding: Binding, index: number): Grant {
    const { roleRef, namespace } = binding;
    const role = this.role(roleRef.kind, roleRef.name, namespace);
    return createGrant(binding, index, role, role === null ? [] : this.rulesOf(role));
  }
}

function append<T>(map: Map<string, T[]>, key: string, value: T): void {
  const known = map.get(key);
  if (known === undefined) map.set(key, [value]);
  else known.push(value);
}
