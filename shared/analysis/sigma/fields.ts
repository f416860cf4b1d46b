import { type Json, type JsonObject, isObject } from '#shared/domain/json.ts';

/**
 * Every value that a field name can mean: the key as it stands, else step by step at the dots. Lists are entered, so
 * a field below a list has several values. Empty where there is none.
 */
export function fieldValues(record: JsonObject, name: string): Json[] {
  const found: Json[] = [];
  collect(record, name, found);
  return found;
}

function collect(value: Json | undefined, name: string, found: Json[]): void {
  if (Array.isArray(value)) {
    for (const item of value as readonly Json[]) collect(item, name, found);
    return;
  }
  if (!isObject(value)) return;
  if (Object.hasOwn(value, name)) {
    addValues(value[name], found);
    return;
  }
  for (let dot = name.indexOf('.'); dot > 0; dot = name.indexOf('.', dot + 1)) {
    const head = name.slice(0, dot);
    if (Object.hasOwn(value, head)) collect(value[head], name.slice(dot + 1), found);
  }
}

function addValues(value: Json | undefined, found: Json[]): void {
  if (Array.isArray(value)) for (const item of value as readonly Json[]) addValues(item, found);
  else if (value !== undefined) found.push(value);
}

/** A value as the text that a pattern is held against; objects and lists as JSON. */
export function valueText(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** Every text of a record, for keywords. */
export function* allTexts(value: Json | undefined): Iterable<string> {
  if (value === null || value === undefined) return;
  if (Array.isArray(value)) for (const item of value as readonly Json[]) yield* allTexts(item);
  else if (isObject(value)) for (const item of Object.values(value)) yield* allTexts(item);
  else yield valueText(value);
}
