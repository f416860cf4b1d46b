import type { ConditionNode, PolicyRef } from '../../../domain/trace.ts';
import { type Context, evaluateCondition } from '../condition/condition.ts';
import type { CompiledStatement } from '../document/statement.ts';
import type { Attachment } from '../evaluate/attachment.ts';
import type { LayerInput } from '../evaluate/layers.ts';
import type { Tri } from '../tri.ts';
import { type Area, Element, foldAction, foldResource, partsOf, relate, type Relation } from './area.ts';

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

const everything = new Element(false, ['*'], foldResource);

interface Elements {
  readonly action: Element;
  readonly resource: Element;
}

const elements = new WeakMap<CompiledStatement, Elements>();

/** Managed policies are attached again and again: their elements are made ready once. */
function elementsOf(statement: CompiledStatement): Elements {
  const kept = elements.get(statement);
  if (kept !== undefined) return kept;
  const { action, resource } = statement;
  const made = {
    action: elementOf(action, foldAction),
    resource: resource === null ? everything : elementOf(resource, foldResource),
  };
  elements.set(statement, made);
  return made;
}

function elementOf(
  { not, patterns }: { readonly not: boolean; readonly patterns: readonly { readonly text: string }[] },
  fold: (text: string) => string,
): Element {
  const texts = patterns.map(({ text }) => text);
  return new Element(not, texts, fold);
}

/** The statements of a layer that can apply to a subject. */
export function seenStatements(layer: LayerInput | null, context: Context): SeenStatement[] {
  return (layer?.attachments ?? []).flatMap((attachment) =>
    attachment.policy.statements.flatMap((statement, place): SeenStatement[] => {
      const outcome = statement.condition === null ? null : evaluateCondition(statement.condition, context);
      if (outcome?.result === false) return [];
      return [
        {
          statement,
          attachment,
          ref: attachment.refs[place] ?? noRef,
          ...elementsOf(statement),
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
  const action = relate(seen.action, area.action);
  const resource = action === 'disjoint' ? action : relate(seen.resource, area.resource);
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
  const actions = partsOf(area.action, seen.action);
  const resources = partsOf(area.resource, seen.resource);
  return actions.flatMap((action) =>
    resources.map((resource) => ({
      area: { action, resource },
      condition: seen.condition,
      limitedBy: [seen.ref],
    })),
  );
}
