import type { Entitlement } from '../../domain/entitlement.ts';
import type { ConditionNode, GrantPath, PolicyRef } from '../../domain/trace.ts';
import type { ConditionTree } from '../../util/boolean-expression.ts';
import { edges } from './considered.ts';
import { type EntityStore, type EntityUid, readUid, uidText } from './entities.ts';
import type { CedarPolicy } from './policies.ts';
import type { CedarSchema } from './schema.ts';
import { constraintText, testScope } from './scope.ts';

interface Draft extends Entitlement {
  readonly grants: { readonly path: GrantPath; readonly ref: PolicyRef }[];
}

/**
 * Effective permissions of the principals in the bundle: one for each principal, action and resource that the
 * scope of a permit names. A resource is an entity as Cedar writes it, `Type::*` for a type, `*` for all; what a
 * scope names as a group stands for the entities of the bundle that are in it, and for the group itself.
 */
export function* entitlementsOf(
  policies: readonly CedarPolicy[],
  entities: EntityStore,
  schema: CedarSchema | null,
  wanted?: string,
): Iterable<Entitlement> {
  const found = new Map<string, Draft>();
  const all = entities.uids();
  const principals = all.filter(
    (uid) =>
      isPrincipal(uid, schema) && (wanted === undefined || uid.id === wanted || uidText(uid) === wanted),
  );
  const forbids = policies.filter(({ effect }) => effect === 'forbid');
  for (const policy of policies.filter(({ effect }) => effect === 'permit')) {
    const { principal, action, resource } = policy.json;
    const actions = patternsOf('action', action, all, entities);
    const resources = patternsOf('resource', resource, all, entities);
    for (const subject of principals) {
      const { test, chain } = testScope('principal', principal, subject, entities);
      if (test.result !== 'match') continue;
      const limits = forbids.filter(
        ({ json }) => testScope('principal', json.principal, subject, entities).test.result === 'match',
      );
      const grant = { path: edges(chain), ref: policy.ref };
      for (const act of actions)
        for (const on of resources) {
          const key = JSON.stringify(['cedar', subject.type, subject.id, act, on]);
          const known = found.get(key);
          if (known === undefined) found.set(key, draft(key, subject, act, on, policy, grant, limits));
          else found.set(key, merged(known, policy, grant));
        }
    }
  }
  yield* found.values();
}

function isPrincipal({ type }: EntityUid, schema: CedarSchema | null): boolean {
  if (/(?:^|::)Action$/.test(type)) return false;
  return schema === null || [...schema.principalTypes.values()].some((types) => types.includes(type));
}

function draft(
  key: string,
  subject: EntityUid,
  action: string,
  resource: string,
  policy: CedarPolicy,
  grant: Draft['grants'][number],
  limits: readonly CedarPolicy[],
): Draft {
  const condition = conditionOf(policy);
  return {
    key,
    system: 'cedar',
    subject: { ...subject },
    action: { pattern: action },
    resource: { pattern: resource },
    condition,
    conditionality: condition === null ? 'always' : 'conditional',
    grants: [grant],
    limitedBy: limits.map(({ ref }) => ref),
    risks: action === '*' || resource === '*' ? ['wildcard'] : [],
  };
}

/** Held once without a condition, it is held without one. */
function merged(known: Draft, policy: CedarPolicy, grant: Draft['grants'][number]): Draft {
  const condition = conditionOf(policy);
  const grants = [...known.grants, grant];
  if (known.condition === null || condition === null)
    return { ...known, grants, condition: null, conditionality: 'always' };
  const expr = `${known.condition.expr} or ${condition.expr}`;
  return {
    ...known,
    grants,
    condition: { op: 'any', expr, result: 'unknown', children: [known.condition, condition] },
  };
}

function conditionOf({ parts }: CedarPolicy): ConditionNode | null {
  return parts.condition === null ? null : open(parts.condition);
}

function open(tree: ConditionTree): ConditionNode {
  const { op, expr } = tree;
  if (op === 'leaf') return { op, expr, result: 'unknown' };
  return { op, expr, result: 'unknown', children: tree.children.map(open) };
}

function patternsOf(
  part: 'action' | 'resource',
  constraint: CedarPolicy['json']['action'] | CedarPolicy['json']['resource'],
  all: readonly EntityUid[],
  entities: EntityStore,
): string[] {
  if (constraint.op === 'All') return ['*'];
  if (constraint.op === 'is' && constraint.in === undefined) return [`${constraint.entity_type}::*`];
  const named =
    'entities' in constraint
      ? constraint.entities.flatMap((entity) => readUid(entity) ?? [])
      : 'entity' in constraint
        ? [readUid(constraint.entity)].flatMap((uid) => uid ?? [])
        : [];
  if (constraint.op === '==') return named.map(uidText);
  const inside = all.filter((uid) => testScope(part, constraint, uid, entities).test.result === 'match');
  const patterns = [...new Set([...named, ...inside].map(uidText))];
  return patterns.length === 0 ? [constraintText(part, constraint)] : patterns;
}
