import type { Entitlement } from '../../../domain/entitlement.ts';
import type { ConditionNode, GrantPath, PolicyRef } from '../../../domain/trace.ts';
import type { Area } from './area.ts';

/** One way in which one permission is held. */
export interface Found {
  readonly area: Area;
  readonly condition: ConditionNode | null;
  readonly conditionality: Entitlement['conditionality'];
  readonly limitedBy: readonly PolicyRef[];
  /** What Deny statements take out of a part of it. */
  readonly except: readonly string[];
  readonly path: GrantPath;
  readonly ref: PolicyRef;
  /** Set where the policy of a resource gives it. */
  readonly resourceAccount?: string;
}

export function allOf(parts: readonly (ConditionNode | null)[]): ConditionNode | null {
  return joined(
    'all',
    ' AND ',
    parts.filter((part) => part !== null),
  );
}

export function anyOf(parts: readonly (ConditionNode | null)[]): ConditionNode | null {
  return parts.includes(null)
    ? null
    : joined(
        'any',
        ' OR ',
        parts.filter((part) => part !== null),
      );
}

function joined(op: 'all' | 'any', word: string, parts: readonly ConditionNode[]): ConditionNode | null {
  const distinct = [...new Map(parts.map((part) => [part.expr, part])).values()];
  const [first] = distinct;
  if (first === undefined || distinct.length === 1) return first ?? null;
  return {
    op,
    expr: distinct.map(({ expr }) => `(${expr})`).join(word),
    result: 'unknown',
    children: distinct,
  };
}
