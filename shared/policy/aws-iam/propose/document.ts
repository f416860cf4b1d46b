import { isObject, type Json, type JsonObject } from '../../../domain/json.ts';
import type { CompiledPolicy } from '../document/policy.ts';
import { foldResource } from '../access/area.ts';
import { covers } from '../access/patterns.ts';
import type { CompiledStatement } from '../document/statement.ts';
import type { ResourceWords } from './resources.ts';

/** A permission on its way into the proposal. */
export interface Wanted {
  readonly action: string;
  readonly resources: ResourceWords;
  /** As the statement has it that gives it now; null where it has none. */
  readonly condition: Json | null;
}

/** The statement as the policy has it. */
export function writtenStatement({ document }: CompiledPolicy, { index }: CompiledStatement): JsonObject {
  const element = isObject(document) ? document['Statement'] : undefined;
  const statement = Array.isArray(element) ? (element as readonly Json[])[index] : element;
  return isObject(statement) ? asCurrentVersion(statement, document) : {};
}

/** Before the version of 2012 `${` is a text; in the proposal it would be a variable. */
function asCurrentVersion(statement: JsonObject, document: Json): JsonObject {
  if (isObject(document) && document['Version'] === '2012-10-17') return statement;
  const text = JSON.stringify(statement);
  return text.includes('${') ? (JSON.parse(text.replaceAll('${', '${$}{')) as JsonObject) : statement;
}

/** The policy as few statements: actions that are wanted for the same resources under the same condition stand together. */
export function documentOf(wanted: readonly Wanted[], denies: readonly JsonObject[]): JsonObject {
  const byAction = new Map<
    string,
    { action: string; condition: Json | null; texts: Set<string>; element: string }
  >();
  for (const { action, resources, condition } of wanted) {
    const { element, texts } = resources;
    // Lists of what is left out cannot be joined.
    const apart = element === 'NotResource' ? JSON.stringify(texts) : '';
    const key = JSON.stringify([action.toLowerCase(), element, apart, condition]);
    const known = byAction.get(key) ?? { action, condition, texts: new Set<string>(), element };
    byAction.set(key, known);
    for (const text of texts) known.texts.add(text);
  }
  const statements = new Map<
    string,
    { actions: string[]; condition: Json | null; texts: string[]; element: string }
  >();
  for (const { action, condition, texts, element } of byAction.values()) {
    const list = element === 'Resource' ? withoutCovered([...texts]) : [...texts].toSorted();
    const key = JSON.stringify([element, list, condition]);
    const known = statements.get(key) ?? { actions: [], condition, texts: list, element };
    statements.set(key, known);
    known.actions.push(action);
  }
  const allows = [...statements.values()].map(({ actions, condition, texts, element }) => ({
    Effect: 'Allow',
    Action: actions.toSorted(),
    [element]: texts.length === 1 && texts[0] === '*' ? '*' : texts,
    ...(condition === null ? null : { Condition: condition }),
  }));
  return { Version: '2012-10-17', Statement: [...allows.toSorted(byText), ...denies] };
}

function byText(one: JsonObject, other: JsonObject): number {
  return JSON.stringify(one) < JSON.stringify(other) ? -1 : 1;
}

/** Patterns that no other one of the list takes in. */
function withoutCovered(texts: readonly string[]): string[] {
  return texts
    .filter(
      (text) =>
        !texts.some((other) => other !== text && !other.includes('${') && covers(other, foldResource(text))),
    )
    .toSorted();
}
