import type { ConditionNode, PolicyRef } from '../../../domain/trace.ts';
import { type Context, evaluateCondition } from '../condition/condition.ts';
import type { CompiledStatement } from '../document/statement.ts';
import type { Attachment } from '../evaluate/attachment.ts';
import type { LayerInput } from '../evaluate/layers.ts';
import type { Tri } from '../tri.ts';
import {
  type Area,
  type Element,
  foldAction,
  foldResource,
  meet,
  relate,
  type Relation,
  type Side,
} from './area.ts';

/** A statement as seen for one subject: its condition as far as what is known of the subject decides it. */
export interface SeenStatement {
  readonly statement: CompiledStatement;
  readonly attachment: Attachment;
  readonly ref: PolicyRef;
  readonly action: Element;
  readonly resource: Element;
  readonly applies: Tri;
  /** What else must hold; null where nothing must. */
  readonly condition: ConditionNode | null;
}

const everything: Element = { not: false, patterns: ['*'] };

/** The statements of a layer that can apply to a subject. */
export function seenStatements(layer: LayerInput | null, context: Context): SeenStatement[] {
  return (layer?.attachments ?? []).flatMap((attachment) =>
    attachment.policy.statements.flatMap((statement, place): SeenStatement[] => {
      const outcome = statement.condition === null ? null : evaluateCondition(statement.condition, context);
      if (outcome?.result === false) return [];
      const { action, resource } = statement;
      return [
        {
          statement,
          attachment,
          ref: attachment.refs[place] ?? noRef,
          action: { not: action.not, patterns: action.patterns.map(({ text }) => text) },
          resource:
            resource === null
              ? everything
              : { not: resource.not, patterns: resource.patterns.map(({ text }) => text) },
          applies: outcome?.result ?? true,
          condition: outcome === null || outcome.result === true ? null : openPart(outcome.node),
        },
      ];
    }),
  );
}

const noRef: PolicyRef = { path: '', locator: '', policyId: '' };

/** The tests that what is known does not decide. */
function openPart(node: ConditionNode): ConditionNode {
  const open = (node.children ?? []).filter(({ result }) => result === 'unknown');
  const [first] = open;
  return open.length === 1 && first !== undefined
    ? first
    : { op: 'all', expr: open.map(({ expr }) => expr).join(' AND '), result: 'unknown', children: open };
}

export function relateStatement(seen: SeenStatement, area: Area): Relation {
  const action = relate(seen.action, area.action, foldAction);
  const resource = action === 'disjoint' ? action : relate(seen.resource, area.resource, foldResource);
  if (action === 'disjoint' || resource === 'disjoint') return 'disjoint';
  return action === 'covers' && resource === 'covers' ? 'covers' : 'overlaps';
}

/** What a limit leaves of an area. */
export interface Remainder {
  readonly area: Area;
  readonly condition: ConditionNode | null;
  readonly limitedBy: readonly PolicyRef[];
}

/** More parts than this are not told apart: the area stays whole and names its limits. */
const mostParts = 200;

/** What the Allow statements of a boundary or of one organizational level leave of an area; empty: nothing. */
export function limit(area: Area, allows: readonly SeenStatement[]): Remainder[] {
  const relations = allows.map((seen) => ({ seen, relation: relateStatement(seen, area) }));
  const whole = relations.filter(({ relation }) => relation === 'covers');
  if (whole.some(({ seen }) => seen.condition === null)) return [{ area, condition: null, limitedBy: [] }];
  const partial = relations.filter(({ relation }) => relation !== 'disjoint');
  const parts = partial.flatMap(({ seen }) => narrow(area, seen));
  if (parts.length <= mostParts) return parts;
  return [{ area, condition: null, limitedBy: partial.map(({ seen }) => seen.ref) }];
}

function narrow(area: Area, seen: SeenStatement): Remainder[] {
  const actions = partsOf(area.action, seen.action, foldAction);
  const resources = partsOf(area.resource, seen.resource, foldResource);
  return actions.flatMap((action) =>
    resources.map((resource) => ({
      area: { action, resource },
      condition: seen.condition,
      limitedBy: [seen.ref],
    })),
  );
}

function partsOf(side: Side, element: Element, fold: (text: string) => string): Side[] {
  if (element.not) return relate(element, side, fold) === 'disjoint' ? [] : [side];
  return element.patterns.map((pattern) => meet(side, pattern, fold)).filter((part) => part !== null);
}
