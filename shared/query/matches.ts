import { hashedValues } from '../domain/dimensions.ts';
import type { AccessEvent } from '../domain/event.ts';
import { type Query, literalOf } from './ast.ts';
import { compileFieldTest, fieldTexts } from './event-values.ts';
import { dictionaryFields } from './fields.ts';
import { compileContains } from './glob.ts';

/** Whether an event matches a query: the plain meaning of the language, slow; the store's executor is held to it. */
export function matchesEvent(query: Query, event: AccessEvent): boolean {
  if (query.kind === 'all') return true;
  if (query.kind === 'and') return query.parts.every((part) => matchesEvent(part, event));
  if (query.kind === 'or') return query.parts.some((part) => matchesEvent(part, event));
  if (query.kind === 'not') return !matchesEvent(query.part, event);
  if (query.kind === 'text') return matchesText(query, event);
  const test = compileFieldTest(query.field, query.test);
  return fieldTexts(event, query.field).some((text) => test(text, text.toLowerCase()));
}

function matchesText({ glob }: Extract<Query, { kind: 'text' }>, event: AccessEvent): boolean {
  const contains = compileContains(glob);
  const texts = dictionaryFields.flatMap((field) => fieldTexts(event, field));
  if (texts.some((text) => contains(text.toLowerCase()))) return true;
  const literal = literalOf(glob);
  if (literal === null || !looksLikeId(literal)) return false;
  return literal.toLowerCase() === event.id || hashedValues(event).includes(literal);
}

/** Free text that may be an id is also looked for among the ids: 8 characters or more, no blank, a digit. */
export function looksLikeId(text: string): boolean {
  return text.length >= 8 && /\d/.test(text) && !/\s/.test(text);
}
