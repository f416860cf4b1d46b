import type { EvaluationRequest } from '../../domain/evaluation-request.ts';
import { type Json, type JsonObject, isObject } from '../../domain/json.ts';
import type { Layer, Step } from '../../domain/trace.ts';
import { type ResourceAttributes, resourceAttributes } from './attributes.ts';
import type { Cluster } from './cluster.ts';
import { uncovered } from './cover.ts';
import { decide } from './decide.ts';
import type { PolicyRule } from './model.ts';
import type { UserView } from './view.ts';

const rbacGroup = 'rbac.authorization.k8s.io';
const writes = new Set(['create', 'update', 'patch']);
const roleResources = new Set(['roles', 'clusterroles']);
const bindingResources = new Set(['rolebindings', 'clusterrolebindings']);

/** All that there is: what an aggregated role may come to hold. */
const fullAuthority: readonly PolicyRule[] = [
  { verbs: ['*'], apiGroups: ['*'], resources: ['*'], resourceNames: [], nonResourceURLs: [] },
  { verbs: ['*'], apiGroups: [], resources: [], resourceNames: [], nonResourceURLs: ['*'] },
];

export type EscalationCheck =
  /** The request writes no roles or bindings. */
  | { readonly kind: 'none' }
  /** It does, and the object that it writes is not known. */
  | { readonly kind: 'unknown' }
  | { readonly kind: 'checked'; readonly allowed: boolean; readonly layer: Layer };

/**
 * What keeps a subject from giving rights that it does not have: who writes a role needs all of its rules, or the
 * verb `escalate` on it; who writes a binding needs all rules of the role that it names, or the verb `bind` on that.
 * The object is `resource.properties.object`.
 * Source: `pkg/registry/rbac/{role,clusterrole,rolebinding,clusterrolebinding}/policybased/storage.go`,
 * https://kubernetes.io/docs/reference/access-authn-authz/rbac/#privilege-escalation-prevention-and-bootstrapping
 */
export function checkEscalation(
  cluster: Cluster,
  view: UserView,
  attributes: ResourceAttributes,
  { resource }: EvaluationRequest,
): EscalationCheck {
  const { apiGroup, resource: type, subresource, verb } = attributes;
  const isRole = roleResources.has(type);
  if (apiGroup !== rbacGroup || subresource !== '' || !writes.has(verb)) return { kind: 'none' };
  if (!isRole && !bindingResources.has(type)) return { kind: 'none' };
  const object = resource.properties?.['object'];
  if (!isObject(object)) return { kind: 'unknown' };
  return isRole
    ? checkRole(cluster, view, attributes, object)
    : checkBinding(cluster, view, attributes, object);
}

function checkRole(
  cluster: Cluster,
  view: UserView,
  attributes: ResourceAttributes,
  object: JsonObject,
): EscalationCheck {
  const { namespace, resource, verb, name } = attributes;
  // A request that creates an object names none.
  const escalate = resourceAttributes({
    verb: 'escalate',
    apiGroup: rbacGroup,
    resource,
    subresource: '',
    name: verb === 'create' ? '' : name,
    namespace,
  });
  if (decide(cluster, view, escalate).allowed) return passed(`The subject may “escalate” ${resource}.`);
  // Who changes a role that is aggregated could take the aggregation away, and with it what tightens the role later.
  const before = verb === 'create' ? null : cluster.role('ClusterRole', name, null);
  const isAggregated =
    resource === 'clusterroles' && (selectsRoles(object) || (before?.selectors?.length ?? 0) > 0);
  const rules = [...rulesOf(object['rules']), ...(isAggregated ? fullAuthority : [])];
  return ownRights(view, namespace, rules, 'the role');
}

function selectsRoles({ aggregationRule }: JsonObject): boolean {
  const selectors = isObject(aggregationRule) ? aggregationRule['clusterRoleSelectors'] : undefined;
  return Array.isArray(selectors) && selectors.length > 0;
}

function checkBinding(
  cluster: Cluster,
  view: UserView,
  { namespace }: ResourceAttributes,
  object: JsonObject,
): EscalationCheck {
  const roleRef = isObject(object['roleRef']) ? object['roleRef'] : {};
  const kind = textOf(roleRef['kind']);
  const name = textOf(roleRef['name']);
  if (kind === 'ClusterRole' || kind === 'Role') {
    const bind = resourceAttributes({
      verb: 'bind',
      apiGroup: typeof roleRef['apiGroup'] === 'string' ? roleRef['apiGroup'] : rbacGroup,
      resource: kind === 'ClusterRole' ? 'clusterroles' : 'roles',
      subresource: '',
      name,
      namespace,
    });
    if (decide(cluster, view, bind).allowed) return passed(`The subject may “bind” ${kind} ${name}.`);
  }
  const role = cluster.role(kind, name, namespace === '' ? null : namespace);
  if (role === null)
    return refused(`${kind} ${name} is not in the bundle, so its rights cannot be compared.`);
  return ownRights(view, namespace, cluster.rulesOf(role), `${kind} ${name}`);
}

/** The rules must be among the subject's own, in that namespace. */
function ownRights(
  view: UserView,
  namespace: string,
  rules: readonly PolicyRule[],
  what: string,
): EscalationCheck {
  const reaches = namespace === '' ? [view.cluster] : [view.cluster, view.namespace(namespace)];
  const own = reaches.flatMap(({ held }) => held.flatMap(({ grant }) => grant.rules.map(({ rule }) => rule)));
  const missing = uncovered(own, rules);
  if (missing.length === 0) return passed(`The subject has every right of ${what} itself.`);
  return refused(
    `The subject does not have all rights of ${what}; missing: ${missing.map(ruleText).join('; ')}.`,
  );
}

function passed(note: string): EscalationCheck {
  return { kind: 'checked', allowed: true, layer: layer('allow', note) };
}

function refused(note: string): EscalationCheck {
  return { kind: 'checked', allowed: false, layer: layer('deny', note) };
}

function layer(outcome: 'allow' | 'deny', note: string): Layer {
  const step: Step = {
    id: 'escalation#rights',
    ref: { path: '', locator: '', policyId: 'privilege escalation prevention' },
    effect: 'deny',
    matched: outcome === 'deny',
    note,
    tests: {},
  };
  return { name: 'escalation', role: 'guard', outcome, why: note, steps: [step] };
}

function rulesOf(value: Json | undefined): PolicyRule[] {
  if (!Array.isArray(value)) return [];
  return (value as readonly Json[]).filter(isObject).map((rule) => ({
    verbs: textsOf(rule['verbs']),
    apiGroups: textsOf(rule['apiGroups']),
    resources: textsOf(rule['resources']),
    resourceNames: textsOf(rule['resourceNames']),
    nonResourceURLs: textsOf(rule['nonResourceURLs']),
  }));
}

function ruleText({ verbs, apiGroups, resources, resourceNames, nonResourceURLs }: PolicyRule): string {
  if (nonResourceURLs.length > 0) return `${verbs.join()} ${nonResourceURLs.join()}`;
  const group = apiGroups.join() === '' ? '' : `.${apiGroups.join()}`;
  const names = resourceNames.length === 0 ? '' : ` “${resourceNames.join()}”`;
  return `${verbs.join()} ${resources.join()}${group}${names}`;
}

function textsOf(value: Json | undefined): string[] {
  return Array.isArray(value) ? (value as readonly Json[]).filter((item) => typeof item === 'string') : [];
}

function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}
