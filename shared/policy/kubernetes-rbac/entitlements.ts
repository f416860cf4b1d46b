import type { Entitlement, EntitlementRisk } from '../../domain/entitlement.ts';
import type { ConditionNode } from '../../domain/trace.ts';
import { isNameless } from './attributes.ts';
import type { Cluster } from './cluster.ts';
import type { Grant } from './grant.ts';
import { accessLevel, risksOf } from './risks.ts';
import { type PlacedRule, subjectLabel } from './model.ts';
import { subjectOf } from './who.ts';

type Draft = { -readonly [K in keyof Entitlement]: Entitlement[K] } & {
  grants: Entitlement['grants'][number][];
};

/** What one rule gives, taken apart. */
interface Part {
  readonly verb: string;
  readonly type: string;
  readonly pattern: string;
  readonly condition: ConditionNode | null;
  readonly conditionality: Entitlement['conditionality'];
  readonly risks: readonly EntitlementRisk[];
}

/**
 * Effective permissions: one for each subject, verb and resource in its scope. The pattern of a resource is
 * `SCOPE:GROUP/RESOURCE[/SUBRESOURCE]:NAME`, where a scope of `*` is the whole cluster and `core` the core group, or
 * `url:PATH`; `*` in it means any text, so that patterns can be compared by containment.
 */
export function* entitlementsOf(cluster: Cluster, wanted?: string): Generator<Entitlement> {
  const found = new Map<string, Draft>();
  for (const grant of cluster.grants) {
    const parts = grant.rules.flatMap(({ rule }) => partsOf(rule, grant).map((part) => ({ part, rule })));
    for (const subject of grant.binding.subjects) {
      const entity = subjectOf(subject, grant.binding.namespace);
      if (entity === null || (wanted !== undefined && entity.id !== wanted)) continue;
      const from = subjectLabel(subject, grant.binding.namespace);
      const bound = { from, to: grant.label, kind: 'bound-to', ref: grant.binding.ref } as const;
      for (const { part, rule } of parts) {
        const way = { path: [bound, grant.roleEdge], ref: rule.ref };
        const key = JSON.stringify(['kubernetes-rbac', entity.type, entity.id, part.verb, part.pattern]);
        const known = found.get(key);
        if (known === undefined) found.set(key, draft(key, entity, part, way));
        else known.grants.push(way);
      }
    }
  }
  yield* found.values();
}

function draft(
  key: string,
  subject: Entitlement['subject'],
  { verb, type, pattern, condition, conditionality, risks }: Part,
  way: Entitlement['grants'][number],
): Draft {
  const level = accessLevel(verb);
  const isPublic = subject.id === 'system:anonymous' || subject.id === 'system:unauthenticated';
  return {
    key,
    system: 'kubernetes-rbac',
    subject,
    action: { pattern: verb, ...(level === null ? {} : { level }) },
    resource: { type, pattern },
    condition,
    conditionality,
    grants: [way],
    limitedBy: [],
    risks: isPublic ? [...risks, 'public'] : risks,
  };
}

function partsOf(rule: PlacedRule, { binding }: Grant): Part[] {
  const scope = binding.namespace ?? '*';
  const parts: Part[] = [];
  for (const verb of new Set(rule.verbs)) {
    // Paths that are no resources lie in no namespace: a RoleBinding gives none of them.
    for (const url of binding.namespace === null ? new Set(rule.nonResourceURLs) : []) {
      const risks = url.endsWith('*') || verb === '*' ? (['wildcard'] as const) : [];
      parts.push({ verb, type: 'nonResourceURL', pattern: `url:${url}`, risks, ...always });
    }
    for (const group of new Set(rule.apiGroups)) {
      for (const resource of new Set(rule.resources)) {
        const type = `${group === '' ? 'core' : group}/${resource}`;
        const risks = risksOf(verb, group, resource);
        const names = rule.resourceNames.length === 0 ? ['*'] : new Set(rule.resourceNames);
        for (const name of names) {
          const when = name === '*' ? always : namedCondition(verb, resource, name);
          parts.push({ verb, type, pattern: `${scope}:${type}:${name}`, risks, ...when });
        }
      }
    }
  }
  return parts;
}

const always = { condition: null, conditionality: 'always' } as const;

/**
 * A request that creates objects or deletes a collection carries no name, so a rule with names never covers it; one
 * that lists or watches carries one only by a field selector.
 * Source: https://kubernetes.io/docs/reference/access-authn-authz/rbac/#referring-to-resources
 */
function namedCondition(
  verb: string,
  resource: string,
  name: string,
): Pick<Part, 'condition' | 'conditionality'> {
  const slash = resource.indexOf('/');
  const isWhole = slash < 0;
  if (isNameless(verb, isWhole ? '' : resource.slice(slash + 1))) {
    return { condition: null, conditionality: 'never-effective' };
  }
  if (!isWhole || (verb !== 'list' && verb !== 'watch')) return always;
  const expr = `the request selects metadata.name=${name}`;
  return {
    condition: { op: 'leaf', expr, key: 'metadata.name', expected: name, result: 'unknown' },
    conditionality: 'conditional',
  };
}
