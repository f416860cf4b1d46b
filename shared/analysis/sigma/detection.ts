import { type Json, type JsonObject, isObject } from '#shared/domain/json.ts';
import { allTexts, fieldValues, valueText } from './fields.ts';
import { compilePattern } from './pattern.ts';
import { RuleError, type ValueTest, compileValue } from './value-test.ts';

/** A part of a rule that holds or does not hold for a record. */
export interface Search {
  readonly matches: (record: JsonObject) => boolean;
  /** What a matching record needs: field → the only texts (lower case) that pass. */
  readonly needs: ReadonlyMap<string, readonly string[]>;
}

const modifiersKnown: readonly string[] =
  'contains startswith endswith all re cidr exists windash base64 base64offset wide utf16 utf16le lt lte gt gte cased fieldref i m s'.split(
    ' ',
  );

/**
 * A search identifier: a map holds when all its fields do, a list when one of its items does; a list of plain values
 * are keywords, one of which stands somewhere in the record (Sigma specification, "Detection").
 */
export function compileSearch(search: Json): Search {
  if (Array.isArray(search)) return anyOf((search as readonly Json[]).map(itemSearch));
  if (isObject(search))
    return allOf(Object.entries(search).map(([key, value]) => fieldSearch(key, value ?? null)));
  return keyword(search);
}

function itemSearch(item: Json): Search {
  return isObject(item) ? compileSearch(item) : keyword(item);
}

function keyword(value: Json): Search {
  if (typeof value === 'object') throw new RuleError('A keyword is a text or a number.');
  const test = compilePattern(String(value), 'contains', false);
  return {
    needs: new Map(),
    matches: (record) => {
      for (const text of allTexts(record)) if (test(text)) return true;
      return false;
    },
  };
}

function fieldSearch(key: string, wanted: Json): Search {
  const [name = '', ...modifiers] = key.split('|');
  const unknown = modifiers.find((modifier) => !modifiersKnown.includes(modifier));
  if (unknown !== undefined) throw new RuleError(`The modifier |${unknown} is not supported.`);
  const values = Array.isArray(wanted) ? (wanted as readonly Json[]) : [wanted];
  if (modifiers.includes('exists')) return exists(name, wanted);
  if (modifiers.includes('fieldref')) return sameAs(name, values, modifiers);
  const tests = values.map((value) => compileValue(value, modifiers));
  if (name === '') return keywordsOf(tests, modifiers.includes('all'));
  if (modifiers.includes('all'))
    return allOf(tests.map((alternatives) => oneField(name, alternatives, false)));
  return oneField(name, tests.flat(), values.includes(null));
}

/** One of the field's values passes one of the tests; a missing field is null. */
function oneField(name: string, tests: readonly ValueTest[], allowsMissing: boolean): Search {
  const exact = tests.map((test) => test.exact);
  return {
    needs: exact.every((text) => text !== null)
      ? new Map([[name, exact.filter((text) => text !== null)]])
      : new Map(),
    matches: (record) => {
      const values = fieldValues(record, name);
      if (values.length === 0) return allowsMissing;
      return values.some((value) => tests.some(({ test }) => test(value)));
    },
  };
}

function keywordsOf(tests: readonly (readonly ValueTest[])[], all: boolean): Search {
  return {
    needs: new Map(),
    matches: (record) =>
      all ? tests.every((each) => standsIn(record, each)) : tests.some((each) => standsIn(record, each)),
  };
}

function standsIn(record: JsonObject, alternatives: readonly ValueTest[]): boolean {
  for (const text of allTexts(record)) if (alternatives.some(({ test }) => test(text))) return true;
  return false;
}

function exists(name: string, wanted: Json): Search {
  const should = wanted === true || wanted === 'true';
  return { needs: new Map(), matches: (record) => fieldValues(record, name).length > 0 === should };
}

function sameAs(name: string, others: readonly Json[], modifiers: readonly string[]): Search {
  return {
    needs: new Map(),
    matches: (record) =>
      others.some((other) =>
        fieldValues(record, valueText(other)).some((wanted) =>
          fieldValues(record, name).some((value) => {
            const [one, two] = [valueText(value).toLowerCase(), valueText(wanted).toLowerCase()];
            if (modifiers.includes('contains')) return one.includes(two);
            if (modifiers.includes('startswith')) return one.startsWith(two);
            return modifiers.includes('endswith') ? one.endsWith(two) : one === two;
          }),
        ),
      ),
  };
}

export function allOf(searches: readonly Search[]): Search {
  const needs = new Map<string, readonly string[]>();
  for (const search of searches) for (const [name, texts] of search.needs) needs.set(name, texts);
  return { needs, matches: (record) => searches.every((search) => search.matches(record)) };
}

export function anyOf(searches: readonly Search[]): Search {
  const [first] = searches;
  const needs = new Map<string, readonly string[]>();
  for (const name of first?.needs.keys() ?? []) {
    const lists = searches.map((search) => search.needs.get(name));
    if (lists.every((texts) => texts !== undefined))
      needs.set(name, [...new Set(lists.flatMap((texts) => texts ?? []))]);
  }
  return { needs, matches: (record) => searches.some((search) => search.matches(record)) };
}

export function not(search: Search): Search {
  return { needs: new Map(), matches: (record) => !search.matches(record) };
}
