import type { ConditionNode, EvaluationError, Layer, Step } from '../../domain/trace.ts';
import { type Attributes, describeTarget } from './attributes.ts';
import type { Cluster, Shape } from './cluster.ts';
import { type CompiledRule, type RuleMatch, covers, namesIt } from './grant.ts';
import type { Finding } from './finding.ts';
import type { HeldGrant, Reach, UserView } from './view.ts';

/** Bindings that would allow it which a denial lists. */
const mostOthers = 20;

interface Collected {
  readonly determining: string[];
  readonly determiningSteps: string[];
  readonly errors: EvaluationError[];
  readonly missing: string[];
  by: string | null;
  made: number;
}

/**
 * Asks all ClusterRoleBindings, then the RoleBindings of the request's namespace, as `VisitRulesFor` of
 * `pkg/registry/rbac/validation/rule.go` does. The server stops at the first rule that allows; this goes on, to tell
 * every way. A name that no rule lists makes no difference: the finding of such requests is remembered for the user.
 */
export function decide(cluster: Cluster, view: UserView, attributes: Attributes): Finding {
  const shape = cluster.shapeOf(attributes);
  const namespace = attributes.kind === 'url' ? '' : attributes.namespace;
  const [whole, local] = [cluster.covering('', shape).names, cluster.covering(namespace, shape).names];
  const name = attributes.kind === 'url' ? '' : attributes.name;
  const isNamed = whole.has(name) || local.has(name) || whole.has('') || local.has('');
  if (isNamed) return find(cluster, view, namespace, shape, attributes);
  const known = view.findings.get(namespace, shape);
  if (known !== undefined) return known;
  const nameless = attributes.kind === 'url' ? attributes : { ...attributes, name: '' };
  const finding = find(cluster, view, namespace, shape, nameless);
  view.findings.set(namespace, shape, finding);
  return finding;
}

function find(
  cluster: Cluster,
  view: UserView,
  namespace: string,
  shape: Shape,
  attributes: Attributes,
): Finding {
  const found: Collected = {
    determining: [],
    determiningSteps: [],
    errors: [],
    missing: [],
    by: null,
    made: 0,
  };
  const layers = [layerOf(cluster, view.cluster, 'ClusterRoleBindings', shape, attributes, found)];
  if (namespace !== '') {
    const label = `RoleBindings of namespace ${namespace}`;
    layers.push(layerOf(cluster, view.namespace(namespace), label, shape, attributes, found));
  }
  const allowed = found.determining.length > 0;
  const wouldAllow: ConditionNode[] = [];
  if (!allowed) {
    addOthers(cluster, view, '', shape, attributes, layers, wouldAllow);
    if (namespace !== '') addOthers(cluster, view, namespace, shape, attributes, layers, wouldAllow);
  }
  return { allowed, layers, ...found, wouldAllow };
}

/** Adds bindings that would allow it, to others, to the layer of their namespace. */
function addOthers(
  cluster: Cluster,
  view: UserView,
  namespace: string,
  shape: Shape,
  attributes: Attributes,
  layers: Layer[],
  wouldAllow: ConditionNode[],
): void {
  const steps: Step[] = [];
  for (const grant of cluster.covering(namespace, shape).grants) {
    if (wouldAllow.length >= mostOthers) break;
    if (view.holds(grant) || !covers(grant, cluster.match(grant, shape), attributes)) continue;
    wouldAllow.push(grant.othersLeaf);
    steps.push(grant.othersStep);
  }
  const place = namespace === '' ? 0 : 1;
  const layer = layers[place];
  if (steps.length > 0 && layer !== undefined) {
    layers[place] = { ...layer, steps: [...layer.steps, ...steps] };
  }
}

function layerOf(
  cluster: Cluster,
  { held, othersStep }: Reach,
  label: string,
  shape: Shape,
  attributes: Attributes,
  found: Collected,
): Layer {
  const steps: Step[] = [];
  const before = found.determining.length;
  for (const holding of held) {
    if (holding.grant.role === null) dangling(holding, steps, found);
    else grantSteps(holding, cluster.match(holding.grant, shape), attributes, steps, found);
  }
  if (othersStep !== null) steps.push(othersStep);
  const outcome = found.determining.length > before ? 'allow' : 'no-match';
  return { name: 'rbac', label, role: 'grant', outcome, steps };
}

function dangling({ grant, restStep }: HeldGrant, steps: Step[], found: Collected): void {
  steps.push(restStep);
  found.errors.push({
    ref: grant.binding.ref,
    message: `${grant.label} binds ${grant.roleLabel}, which is not in the bundle.`,
  });
  found.missing.push(grant.roleLabel);
}

function grantSteps(
  holding: HeldGrant,
  match: RuleMatch,
  attributes: Attributes,
  steps: Step[],
  found: Collected,
): void {
  const { grant, restStep } = holding;
  let shown = 0;
  let allows = false;
  const allow = (index: number): void => {
    const step = ruleStep(holding, index, attributes, null);
    steps.push(step);
    found.determiningSteps.push(step.id);
    allows = true;
    shown++;
  };
  for (const index of match.covering) allow(index);
  for (const index of match.named) {
    if (namesIt(grant.rules[index], attributes)) allow(index);
    else {
      steps.push(ruleStep(holding, index, attributes, 'name'));
      shown++;
    }
  }
  for (const { index, misses } of match.near) {
    steps.push(ruleStep(holding, index, attributes, misses));
    shown++;
  }
  found.made += shown;
  if (shown < grant.rules.length || grant.rules.length === 0) steps.push(restStep);
  if (allows) {
    found.determining.push(grant.policy);
    found.by ??= `${grant.policy} to ${holding.subject}`;
  }
}

const why = {
  name: 'The rule is limited to other names.',
  apiGroup: 'The rule is for another API group.',
  verb: 'The rule has other verbs.',
} as const;

function ruleStep(
  { grant, subject, via }: HeldGrant,
  index: number,
  attributes: Attributes,
  misses: keyof typeof why | null,
): Step {
  const { rule, verbs, target } = grant.rules[index] as CompiledRule;
  const isVerb = misses === 'verb';
  const isTarget = misses === 'name' || misses === 'apiGroup';
  return {
    id: `${grant.label}#${index}`,
    ref: rule.ref,
    effect: 'allow',
    matched: misses === null,
    // Aggregation took the rule from another role.
    via:
      rule.role === grant.roleLabel
        ? via
        : [...via, { from: grant.roleLabel, to: rule.role, kind: 'aggregates' }],
    ...(misses === null ? {} : { note: why[misses] }),
    tests: {
      subject: { result: 'match', pattern: subject },
      action: { result: isVerb ? 'no-match' : 'match', pattern: verbs, actual: attributes.verb },
      resource: {
        result: isTarget ? 'no-match' : 'match',
        pattern: target,
        actual: describeTarget(attributes),
      },
    },
  };
}
