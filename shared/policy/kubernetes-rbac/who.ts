import type { JsonObject } from '../../domain/json.ts';
import type { WhoAnswer, WhoQuestion } from '../../domain/policy-system.ts';
import type { ConditionNode, PolicyRef } from '../../domain/trace.ts';
import { type Attributes, isNameless, resourceAttributes, splitResource } from './attributes.ts';
import type { Cluster } from './cluster.ts';
import { type Grant, type RuleMatch, matchRules } from './grant.ts';
import { resourceNameMatches } from './match.ts';
import { type Subject, subjectLabel } from './model.ts';
import { serviceAccountPrefix } from './user.ts';

interface Target {
  readonly attributes: Attributes;
  /** Null: in any namespace, which the answer then names. */
  readonly namespace: string | null;
  /** Null: any object, also one that a rule names. */
  readonly name: string | null;
}

/**
 * Subjects of bindings that may do something. The resource is written as in rules (`pods`, `pods/log`,
 * `deployments.apps/scale`), as a path of the API (`/api/v1/namespaces/shop/pods/cart`) or as a non-resource URL
 * (`/healthz`); the context may hold `namespace`, `name`, `apiGroup` and `subresource`. Without a namespace grants of
 * every namespace are answered, with the namespace as their condition. Members of `system:masters` may do anything
 * and are not listed.
 */
export function* whoCan(cluster: Cluster, { action, resource, context }: WhoQuestion): Generator<WhoAnswer> {
  const target = targetOf(action, resource, context);
  for (const grant of cluster.grants) {
    const { namespace } = grant.binding;
    if (namespace !== null && (target.attributes.kind === 'url' || target.namespace === '')) continue;
    if (namespace !== null && target.namespace !== null && target.namespace !== namespace) continue;
    const match = matchRules(grant.rules, target.attributes);
    const ways = [...unconditional(match, grant, target.name)];
    const limited = target.name === null ? match.named : [];
    if (ways.length === 0 && limited.length === 0) continue;
    const condition = conditionOf(grant, ways.length > 0 ? [] : limited, target);
    const rules = ways.length > 0 ? ways : limited;
    const policies = [
      grant.binding.ref,
      ...rules.flatMap((index): PolicyRef[] => {
        const rule = grant.rules[index]?.rule;
        return rule === undefined ? [] : [rule.ref];
      }),
    ];
    for (const subject of grant.binding.subjects) {
      const found = subjectOf(subject, namespace);
      if (found === null) continue;
      const from = subjectLabel(subject, namespace);
      const path = [
        { from, to: grant.label, kind: 'bound-to', ref: grant.binding.ref } as const,
        grant.roleEdge,
      ];
      yield {
        subject: found,
        decision: 'allow',
        path,
        policies,
        ...(condition === null ? {} : { condition }),
      };
    }
  }
}

function* unconditional(
  { covering, named }: RuleMatch,
  grant: Grant,
  name: string | null,
): Generator<number> {
  yield* covering;
  if (name === null) return;
  for (const index of named) {
    const rule = grant.rules[index]?.rule;
    if (rule !== undefined && resourceNameMatches(rule, name)) yield index;
  }
}

/** A subject by the name that a request would carry; null for one that never matches. */
export function subjectOf(
  { kind, name, namespace }: Subject,
  bindingNamespace: string | null,
): { readonly type: string; readonly id: string } | null {
  if (kind === 'User') return { type: 'User', id: name };
  if (kind === 'Group') return { type: 'Group', id: name };
  const home = namespace ?? bindingNamespace;
  if (kind !== 'ServiceAccount' || home === null) return null;
  return { type: 'ServiceAccount', id: `${serviceAccountPrefix}${home}:${name}` };
}

function conditionOf(grant: Grant, limited: readonly number[], target: Target): ConditionNode | null {
  const leaves: ConditionNode[] = [];
  const { namespace } = grant.binding;
  if (namespace !== null && target.namespace === null) {
    leaves.push(leaf('namespace', `the namespace is ${namespace}`, [namespace]));
  }
  if (limited.length > 0) {
    const names = [...new Set(limited.flatMap((index) => grant.rules[index]?.rule.resourceNames ?? []))];
    leaves.push(leaf('name', `the name is one of: ${names.join(', ')}`, names));
  }
  const [first, second] = leaves;
  if (first === undefined) return null;
  if (second === undefined) return first;
  return { op: 'all', expr: `${first.expr} and ${second.expr}`, result: 'unknown', children: leaves };
}

function leaf(key: string, expr: string, expected: readonly string[]): ConditionNode {
  return { op: 'leaf', expr, operator: 'in', key, expected, result: 'unknown' };
}

function targetOf(verb: string, resource: string, context: JsonObject): Target {
  const path = apiPath(resource);
  if (path === null && resource.startsWith('/')) {
    return { attributes: { kind: 'url', verb, url: resource }, namespace: '', name: null };
  }
  const named = path ?? { ...splitResource(resource), namespace: null, name: null };
  const text = (key: string): string | null => {
    const value = context[key];
    return typeof value === 'string' ? value : null;
  };
  const subresource = text('subresource') ?? named.subresource;
  const name = isNameless(verb, subresource) ? '' : (text('name') ?? named.name);
  const namespace = text('namespace') ?? named.namespace;
  const attributes = resourceAttributes({
    verb,
    resource: named.resource,
    apiGroup: text('apiGroup') ?? named.apiGroup,
    subresource,
    namespace: namespace ?? '',
    name: name ?? '',
  });
  return { attributes, namespace, name };
}

interface PathTarget {
  readonly resource: string;
  readonly apiGroup: string;
  readonly subresource: string;
  readonly namespace: string | null;
  readonly name: string | null;
}

/** `/api/v1/…` and `/apis/GROUP/VERSION/…` as the API server reads them; null for other paths. */
function apiPath(path: string): PathTarget | null {
  const [, prefix, ...rest] = path.split('/');
  if (prefix !== 'api' && prefix !== 'apis') return null;
  const apiGroup = prefix === 'apis' ? (rest.shift() ?? '') : '';
  rest.shift();
  let namespace: string | null = null;
  // `/api/v1/namespaces/NAME` is the namespace itself.
  if (rest[0] === 'namespaces' && rest.length > 2 && rest[2] !== 'status' && rest[2] !== 'finalize') {
    namespace = rest[1] ?? null;
    rest.splice(0, 2);
  }
  const [resource, name, ...subresource] = rest;
  if (resource === undefined || resource === '') return null;
  return { resource, apiGroup, subresource: subresource.join('/'), namespace, name: name ?? null };
}
