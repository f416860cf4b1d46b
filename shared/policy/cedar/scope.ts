import type { Test } from '../../domain/trace.ts';
import { type EntityStore, type EntityUid, readUid, uidText } from './entities.ts';
import type { PolicyJson } from './engine.ts';

type Constraint = PolicyJson['principal'] | PolicyJson['action'] | PolicyJson['resource'];

export interface ScopeTest {
  readonly test: Test;
  /** The chain of membership that made an `in` match; empty otherwise. */
  readonly chain: readonly string[];
}

/**
 * One part of a policy's scope against the request: all, `==`, `in`, `is`, `is … in`
 * (https://docs.cedarpolicy.com/policies/syntax-policy.html).
 */
export function testScope(
  part: 'principal' | 'action' | 'resource',
  constraint: Constraint,
  actual: EntityUid,
  entities: EntityStore,
): ScopeTest {
  const pattern = constraintText(part, constraint);
  const base = { pattern, actual: uidText(actual) };
  const no = (why: string): ScopeTest => ({ test: { ...base, result: 'no-match', why }, chain: [] });
  if (constraint.op === 'is' && constraint.entity_type !== actual.type)
    return no(`${uidText(actual)} is not a ${constraint.entity_type}`);
  const groups = groupsOf(constraint);
  if (groups === null) return { test: { ...base, result: 'match' }, chain: [] };
  if (constraint.op === '==')
    return groups.some((group) => uidText(group) === base.actual)
      ? { test: { ...base, result: 'match' }, chain: [] }
      : no(`another ${part}`);
  for (const group of groups) {
    const chain = entities.chain(actual, group);
    if (chain === undefined) continue;
    const why = chain.length > 1 ? { why: chain.join(' in ') } : {};
    return { test: { ...base, result: 'match', ...why }, chain };
  }
  return no(`${base.actual} is not in ${groups.map(uidText).join(' or ')}`);
}

/** Null where the constraint names no entity. */
function groupsOf(constraint: Constraint): EntityUid[] | null {
  if ('entities' in constraint) return constraint.entities.flatMap((entity) => readUid(entity) ?? []);
  if ('entity' in constraint) return [readUid(constraint.entity)].flatMap((uid) => uid ?? []);
  if (constraint.op === 'is' && constraint.in !== undefined) return groupsOf({ op: 'in', ...constraint.in });
  return null;
}

/** As Cedar writes it. */
export function constraintText(part: string, constraint: Constraint): string {
  if (constraint.op === 'All') return part;
  const groups = groupsOf(constraint)?.map(uidText) ?? [];
  const target = 'entities' in constraint ? `[${groups.join(', ')}]` : (groups[0] ?? '?');
  if (constraint.op !== 'is') return `${part} ${constraint.op} ${target}`;
  return `${part} is ${constraint.entity_type}${groups.length === 0 ? '' : ` in ${target}`}`;
}
