import type { ConditionNode, GrantEdge, Step } from '../../domain/trace.ts';
import type { Attributes } from './attributes.ts';
import {
  apiGroupMatches,
  nonResourceURLMatches,
  resourceMatches,
  resourceNameMatches,
  verbMatches,
} from './match.ts';
import { type Binding, type PlacedRule, type Role, bindingLabel, roleLabel, subjectLabel } from './model.ts';

/** A rule with its words for the trace. */
export interface CompiledRule {
  readonly rule: PlacedRule;
  readonly verbs: string;
  readonly target: string;
}

/** A binding with the rules that it gives, and what a trace says of it whatever is asked. */
export interface Grant {
  readonly index: number;
  readonly binding: Binding;
  readonly label: string;
  /** `ClusterRoleBinding ops of ClusterRole view`: the name of the decision that it makes. */
  readonly policy: string;
  /** Null where the role that it names is not there. */
  readonly role: Role | null;
  readonly roleLabel: string;
  readonly rules: readonly CompiledRule[];
  /** From the binding to its role. */
  readonly roleEdge: GrantEdge;
  /** Subjects by label. */
  readonly subjects: string;
  /** The binding would allow it, to others. */
  readonly othersStep: Step;
  readonly othersLeaf: ConditionNode;
}

/** Which rules of a grant cover a request, by their index. */
export interface RuleMatch {
  /** Whatever the name. */
  readonly covering: readonly number[];
  /** For the names that they list. */
  readonly named: readonly number[];
  /** Rules that only one thing keeps from covering it. */
  readonly near: readonly NearMiss[];
}

interface NearMiss {
  readonly index: number;
  readonly misses: 'verb' | 'apiGroup';
}

export function createGrant(
  binding: Binding,
  index: number,
  role: Role | null,
  rules: readonly PlacedRule[],
): Grant {
  const label = bindingLabel(binding);
  const { kind, name } = binding.roleRef;
  const namespace = kind === 'Role' ? (binding.namespace ?? '') : null;
  const named = role === null ? refLabel(kind, namespace, name) : roleLabel(role);
  const policy = `${label} of ${named}`;
  const subjects = [...new Set(binding.subjects.map((subject) => subjectLabel(subject, binding.namespace)))];
  const who = subjects.length === 0 ? 'nobody' : subjects.join(', ');
  const edge = {
    from: label,
    to: named,
    kind: 'assigned',
    ...(role === null ? {} : { ref: role.ref }),
  } as const;
  return {
    index,
    binding,
    label,
    policy,
    role,
    roleLabel: named,
    rules: rules.map(compileRule),
    roleEdge: edge,
    subjects: who,
    othersStep: {
      id: `${label}#others`,
      ref: binding.ref,
      effect: 'allow',
      matched: false,
      via: [edge],
      note: `${named} would allow it.`,
      tests: { subject: { result: 'no-match', pattern: who } },
    },
    othersLeaf: {
      op: 'leaf',
      expr: `the subject is one of: ${who}`,
      operator: 'bound-by',
      key: policy,
      result: 'false',
    },
  };
}

function refLabel(kind: string, namespace: string | null, name: string): string {
  return `${kind === '' ? 'role of no kind' : kind} ${namespace === null || namespace === '' ? '' : `${namespace}/`}${name}`;
}

function compileRule(rule: PlacedRule): CompiledRule {
  return { rule, verbs: rule.verbs.join(', '), target: targetText(rule) };
}

/** `pods, pods/log of core`, with the names it is limited to; or the paths. */
function targetText({ apiGroups, resources, resourceNames, nonResourceURLs }: PlacedRule): string {
  if (nonResourceURLs.length > 0) return nonResourceURLs.join(', ');
  const groups = apiGroups.map((group) => (group === '' ? 'core' : group)).join(', ');
  const names = resourceNames.length === 0 ? '' : ` named ${resourceNames.join(', ')}`;
  return `${resources.join(', ')} of ${groups === '' ? 'no group' : groups}${names}`;
}

const nothing: RuleMatch = { covering: [], named: [], near: [] };

/** Compares the rules with a request, but for the name. */
export function matchRules(rules: readonly CompiledRule[], attributes: Attributes): RuleMatch {
  const covering: number[] = [];
  const named: number[] = [];
  const near: NearMiss[] = [];
  for (const [index, { rule }] of rules.entries()) {
    const verb = verbMatches(rule, attributes.verb);
    if (attributes.kind === 'url') {
      if (!nonResourceURLMatches(rule, attributes.url)) continue;
      if (verb) covering.push(index);
      else near.push({ index, misses: 'verb' });
      continue;
    }
    if (!resourceMatches(rule, attributes.combined, attributes.subresource)) continue;
    const group = apiGroupMatches(rule, attributes.apiGroup);
    if (verb && group) (rule.resourceNames.length === 0 ? covering : named).push(index);
    else if (verb || group) near.push({ index, misses: verb ? 'apiGroup' : 'verb' });
  }
  return covering.length + named.length + near.length === 0 ? nothing : { covering, named, near };
}

/** Whether a grant covers a request. */
export function covers(grant: Grant, { covering, named }: RuleMatch, attributes: Attributes): boolean {
  if (covering.length > 0) return true;
  return named.some((index) => namesIt(grant.rules[index], attributes));
}

/** Whether a rule that lists names lists this one. */
export function namesIt(compiled: CompiledRule | undefined, attributes: Attributes): boolean {
  const name = attributes.kind === 'url' ? '' : attributes.name;
  return compiled !== undefined && resourceNameMatches(compiled.rule, name);
}
