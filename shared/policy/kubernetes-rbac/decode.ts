import { type Json, type JsonObject, isObject, objectAt } from '../../domain/json.ts';
import type { BundleProblem } from '../../domain/policy-system.ts';
import type { PolicyRef } from '../../domain/trace.ts';
import type { ManifestObject } from './documents.ts';
import { unknownBecause } from './history/unknown.ts';
import {
  type Binding,
  type BindingKind,
  type LabelSelector,
  type Manifests,
  type PlacedRule,
  type Role,
  type RoleKind,
  type Subject,
  bindingLabel,
  roleLabel,
} from './model.ts';

/** API groups that have these kinds: Kubernetes' own, and OpenShift's older form of the same. */
const groups = /^(?:rbac\.authorization\.k8s\.io|authorization\.openshift\.io)\//;
const subjectKinds = new Set(['User', 'Group', 'ServiceAccount']);
/** Where a manifest of a namespaced object names no namespace, `kubectl apply` takes the current one. */
const usualNamespace = 'default';

/** Reads roles and bindings out of manifests. Other kinds are passed over; what is wrong in these is a problem. */
export function decodeManifests(objects: readonly ManifestObject[], problems: BundleProblem[]): Manifests {
  const roles = new Map<string, Role>();
  const bindings = new Map<string, Binding>();
  const serviceAccounts = new Set<string>();
  for (const object of objects) {
    const decoder = new Decoder(object, problems);
    const { kind, apiVersion } = object.value;
    if (kind === 'ServiceAccount') {
      const name = decoder.name();
      if (name !== null) serviceAccounts.add(`${decoder.namespace()}/${name}`);
    }
    if (apiVersion !== undefined && (typeof apiVersion !== 'string' || !groups.test(apiVersion))) continue;
    if (kind === 'Role' || kind === 'ClusterRole') {
      const role = decoder.role(kind);
      if (role !== null) keep(roles, roleLabel(role), role, decoder);
    } else if (kind === 'RoleBinding' || kind === 'ClusterRoleBinding') {
      const binding = decoder.binding(kind, bindings.size + 1);
      if (binding !== null) keep(bindings, bindingLabel(binding), binding, decoder);
    }
  }
  return { roles: [...roles.values()], bindings: [...bindings.values()], serviceAccounts };
}

function keep<T>(found: Map<string, T>, label: string, object: T, decoder: Decoder): void {
  if (found.has(label)) decoder.warn([], `${label} is in the bundle twice; the later one is used.`);
  found.set(label, object);
}

class Decoder {
  readonly #object: ManifestObject;
  readonly #problems: BundleProblem[];

  constructor(object: ManifestObject, problems: BundleProblem[]) {
    this.#object = object;
    this.#problems = problems;
  }

  warn(parts: readonly (string | number)[], message: string): void {
    this.#report('warning', parts, message);
  }

  #report(severity: BundleProblem['severity'], parts: readonly (string | number)[], message: string): void {
    const { path, locate } = this.#object;
    this.#problems.push({ severity, path, locator: locate(parts), message });
  }

  name(): string | null {
    const name = objectAt(this.#object.value, 'metadata')?.['name'];
    if (typeof name === 'string' && name !== '') return name;
    this.#report('error', ['metadata'], 'The object has no name; it is not used.');
    return null;
  }

  /**
   * The name of a binding. Nothing refers to a binding, so that one without a name grants all the same: the server
   * makes up the end of a `generateName`.
   */
  #bindingName(number: number): string {
    const metadata = objectAt(this.#object.value, 'metadata');
    const name = textOf(metadata?.['name']);
    if (name !== '') return name;
    this.warn(['metadata'], 'The binding has no name; it is numbered.');
    const begin = textOf(metadata?.['generateName']);
    return `${begin === '' ? 'unnamed-' : begin}${number}`;
  }

  namespace(): string {
    const namespace = objectAt(this.#object.value, 'metadata')?.['namespace'];
    if (typeof namespace === 'string' && namespace !== '') return namespace;
    if (this.#object.value['kind'] !== 'ServiceAccount') {
      this.warn(['metadata'], `No namespace is named; it is taken as in “${usualNamespace}”.`);
    }
    return usualNamespace;
  }

  role(kind: RoleKind): Role | null {
    const { value, path, locate } = this.#object;
    const name = this.name();
    if (name === null) return null;
    const metadata = objectAt(value, 'metadata');
    const namespace = kind === 'Role' ? this.namespace() : null;
    const label = roleLabel({ kind, namespace, name });
    const ref: PolicyRef = { path, locator: locate([]), policyId: label };
    return {
      kind,
      name,
      namespace,
      labels: textMap(objectAt(metadata, 'labels')),
      rules: this.#rules(value['rules'], label),
      selectors: kind === 'ClusterRole' ? this.#selectors() : null,
      fromServer: metadata?.['uid'] !== undefined || metadata?.['resourceVersion'] !== undefined,
      ref,
      ...this.#unknown(),
    };
  }

  #rules(rules: Json | undefined, label: string): PlacedRule[] {
    if (rules === undefined || rules === null) return [];
    if (!Array.isArray(rules)) {
      this.#report('error', ['rules'], `The rules of ${label} are no list; none is used.`);
      return [];
    }
    return (rules as readonly Json[]).flatMap((rule, index) => {
      const parts = ['rules', index];
      if (!isObject(rule)) {
        this.#report('error', parts, `Rule ${index} of ${label} is no object; it is not used.`);
        return [];
      }
      return [this.#rule(rule, parts, index, label)];
    });
  }

  #rule(rule: JsonObject, parts: readonly (string | number)[], index: number, label: string): PlacedRule {
    const { path, locate } = this.#object;
    const texts = (name: string): readonly string[] => this.#texts(rule[name], [...parts, name]);
    const placed: PlacedRule = {
      verbs: texts('verbs'),
      apiGroups: texts('apiGroups'),
      resources: texts('resources'),
      resourceNames: texts('resourceNames'),
      nonResourceURLs: texts('nonResourceURLs'),
      ref: { path, locator: locate(parts), policyId: label, index },
      role: label,
    };
    this.#checkRule(placed, parts);
    return placed;
  }

  /** What the API server would refuse (`pkg/apis/rbac/validation`): such a rule may never have been in force. */
  #checkRule(rule: PlacedRule, parts: readonly (string | number)[]): void {
    const { verbs, apiGroups, resources, resourceNames, nonResourceURLs, role } = rule;
    if (verbs.length === 0) this.warn(parts, 'The rule has no verbs; it grants nothing.');
    if (nonResourceURLs.length > 0) {
      if (apiGroups.length > 0 || resources.length > 0 || resourceNames.length > 0) {
        this.warn(parts, 'A rule cannot have both resources and nonResourceURLs; a server refuses it.');
      }
      if (role.startsWith('Role ')) {
        this.warn(parts, 'A rule of a namespace cannot have nonResourceURLs; a server refuses it.');
      }
    } else if (apiGroups.length === 0) {
      this.warn(parts, 'The rule has no apiGroups; it grants nothing.');
    } else if (resources.length === 0) this.warn(parts, 'The rule has no resources; it grants nothing.');
  }

  #texts(value: Json | undefined, parts: readonly (string | number)[]): readonly string[] {
    if (value === undefined || value === null) return [];
    if (!Array.isArray(value)) {
      this.#report('error', parts, 'This is a list of texts; what is here is not used.');
      return [];
    }
    const list = value as readonly Json[];
    const texts = list.filter((item) => typeof item === 'string');
    if (texts.length < list.length)
      this.#report('error', parts, 'A list of texts; other items are not used.');
    return texts;
  }

  /** Null where the role is not aggregated. */
  #selectors(): readonly LabelSelector[] | null {
    const aggregation = this.#object.value['aggregationRule'];
    if (!isObject(aggregation)) return null;
    const selectors = aggregation['clusterRoleSelectors'];
    if (!Array.isArray(selectors)) return [];
    return (selectors as readonly Json[]).filter(isObject).map((selector) => ({
      matchLabels: textMap(objectAt(selector, 'matchLabels')),
      matchExpressions: listOf(selector['matchExpressions']).map((expression) => ({
        key: textOf(expression['key']),
        operator: textOf(expression['operator']),
        values: Array.isArray(expression['values'])
          ? (expression['values'] as readonly Json[]).filter((value) => typeof value === 'string')
          : [],
      })),
    }));
  }

  /** `number` makes up a name where the binding has none. */
  binding(kind: BindingKind, number: number): Binding | null {
    const { value, path, locate } = this.#object;
    const name = this.#bindingName(number);
    const roleRef = value['roleRef'];
    if (!isObject(roleRef) || typeof roleRef['name'] !== 'string') {
      this.#report('error', ['roleRef'], 'The binding names no role; it is not used.');
      return null;
    }
    const namespace = kind === 'RoleBinding' ? this.namespace() : null;
    const role = {
      kind: textOf(roleRef['kind']),
      name: roleRef['name'],
      apiGroup: typeof roleRef['apiGroup'] === 'string' ? roleRef['apiGroup'] : 'rbac.authorization.k8s.io',
    };
    if (kind === 'ClusterRoleBinding' && role.kind === 'Role') {
      this.#report('warning', ['roleRef'], 'A ClusterRoleBinding cannot bind a Role: it finds none.');
    }
    const subjects = this.#subjects(value['subjects'], kind);
    const ref: PolicyRef = {
      path,
      locator: locate([]),
      policyId: bindingLabel({ kind, namespace, name }),
    };
    return { kind, name, namespace, subjects, roleRef: role, ref, ...this.#unknown() };
  }

  #unknown(): { readonly unknown?: string } {
    const unknown = unknownBecause(this.#object.value);
    if (unknown === null) return {};
    this.warn([], unknown);
    return { unknown };
  }

  #subjects(value: Json | undefined, kind: BindingKind): readonly Subject[] {
    if (value === undefined || value === null) return [];
    if (!Array.isArray(value)) {
      this.#report('error', ['subjects'], 'The subjects are no list; none is used.');
      return [];
    }
    return (value as readonly Json[]).flatMap((subject, index) => {
      if (isObject(subject)) return [this.#subject(subject, index, kind)];
      this.#report('error', ['subjects', index], 'A subject is an object; this is not used.');
      return [];
    });
  }

  #subject(subject: JsonObject, index: number, binding: BindingKind): Subject {
    const parts = ['subjects', index];
    const { namespace } = subject;
    const kind = textOf(subject['kind']);
    const found = {
      kind,
      name: textOf(subject['name']),
      namespace: typeof namespace === 'string' && namespace !== '' ? namespace : null,
    };
    if (!subjectKinds.has(kind)) {
      this.warn(parts, `A subject of kind “${kind}” never matches: User, Group or ServiceAccount.`);
    } else if (kind === 'ServiceAccount' && found.namespace === null && binding === 'ClusterRoleBinding') {
      this.warn(parts, 'A ServiceAccount without a namespace never matches in a ClusterRoleBinding.');
    }
    return found;
  }
}

function listOf(value: Json | undefined): readonly JsonObject[] {
  return Array.isArray(value) ? (value as readonly Json[]).filter(isObject) : [];
}

function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}

function textMap(value: JsonObject | undefined): ReadonlyMap<string, string> {
  const entries = Object.entries(value ?? {}).flatMap(([key, text]): [string, string][] =>
    typeof text === 'string' ? [[key, text]] : [],
  );
  return new Map(entries);
}
