import { type FieldName, dimensions } from '#shared/domain/dimensions.ts';
import type { EntryTexts } from './entry-texts.ts';
import type { SourceName } from './event-table.ts';

/** The distinct values of one field, and which of them each dictionary entry has. */
export interface FieldValues {
  readonly values: readonly (string | null)[];
  /** Entry → index into `values`. */
  readonly indexes: Uint32Array;
  /** What can be searched for in the values. */
  readonly texts: FieldTexts;
}

const evidenceFields = ['evidence.sha256', 'evidence.path'] as const;

/** Where the values of a field lie; null for times, ids and hashed fields. */
export function sourceOf(field: string): { readonly source: SourceName; readonly position: number } | null {
  const position = evidenceFields.findIndex((name) => name === field);
  if (position !== -1) return { source: 'evidence', position };
  for (const [source, fields] of Object.entries(dimensions)) {
    const found = fields.findIndex((name: string) => name === field);
    if (found !== -1) return { source: source as SourceName, position: found };
  }
  return null;
}

/** Tuples of field values by id. An entry is the JSON text of its tuple, read when it is needed. */
export class Dictionary {
  readonly #entries: EntryTexts;
  readonly #fields: readonly FieldName[];
  readonly #values = new Map<string, FieldValues>();

  constructor(source: SourceName, entries: EntryTexts) {
    this.#entries = entries;
    this.#fields = source === 'evidence' ? evidenceFields : dimensions[source];
  }

  get size(): number {
    return this.#entries.size;
  }

  get fields(): readonly FieldName[] {
    return this.#fields;
  }

  /** The field values of an entry, in the order of `fields`; nulls for an entry that is none, and for lists. */
  tuple(id: number): readonly (string | null)[] {
    const values = parsed(this.#entries.at(id) ?? 'null');
    return this.#fields.map((_, index) => textOf(values[index]));
  }

  /** Distinct values of a field of this dictionary, in the order of their first entry. */
  field(name: string): FieldValues {
    const known = this.#values.get(name);
    if (known !== undefined) return known;
    const position = this.#positionOf(name);
    const values = this.#index(name === 'resources' ? resourcesText : (entry) => partOf(entry, position));
    const found = { ...values, texts: new FieldTexts(name, values.values) };
    this.#values.set(name, found);
    return found;
  }

  /** Does step by step what the first search for a text would wait for; for the empty one what any would. */
  makeSearchable(literal: string): Iterable<void> {
    return this.#entries.makeSearchable(jsonOf(literal));
  }

  /** Whether the values of a field are at hand. */
  hasField(name: string): boolean {
    return this.#values.has(name);
  }

  /** The entries with a value that holds `literal`, which is in lower case and not empty: 1 for each, by id. */
  holding(literal: string): Uint8Array {
    const lookup = new Uint8Array(this.size);
    // What cannot be part of the JSON between the values is a value's own wherever it is found.
    const isPlain = !/["\\,[\]]/.test(literal) && !'null'.includes(literal);
    this.#entries.search(jsonOf(literal), (id, entryIsPlain) => {
      if ((isPlain && entryIsPlain) || hasValue(this.#entries.at(id) ?? '', literal)) lookup[id] = 1;
    });
    return lookup;
  }

  /**
   * The entries with a text of the field that passes the test: 1 for each, by id. Only those are read that hold
   * `literal`, which is in lower case and in every text that passes. An index of all values of millions of entries
   * takes seconds and much memory; this takes neither.
   */
  passing(name: string, literal: string, test: (text: string, lower: string) => boolean): Uint8Array {
    const position = this.#positionOf(name);
    const lookup = new Uint8Array(this.size);
    this.#entries.search(jsonOf(literal), (id) => {
      const entry = this.#entries.at(id) ?? 'null';
      const texts = name === 'resources' ? resourceIds(entry) : [partOf(entry, position)];
      const passes = texts.some((text) => text !== null && test(text, text.toLowerCase()));
      if (passes) lookup[id] = 1;
    });
    return lookup;
  }

  #positionOf(name: string): number {
    const position = this.#fields.findIndex((field) => field === name);
    if (position === -1) throw new RangeError(`no field ${name} in this dictionary`);
    return position;
  }

  #index(valueOf: (entry: string) => string | null): Omit<FieldValues, 'texts'> {
    const seen = new Map<string | null, number>();
    const indexes = new Uint32Array(this.size);
    this.#entries.forEach((entry, id) => {
      const value = valueOf(entry);
      let index = seen.get(value);
      if (index === undefined) {
        index = seen.size;
        seen.set(value, index);
      }
      indexes[id] = index;
    });
    return { values: [...seen.keys()], indexes };
  }
}

/** A value is one text; null is none; a list of resources is the id of each. */
export class FieldTexts {
  readonly texts: readonly string[];
  /** Text → index of the value that holds it, ascending. */
  readonly owners: Uint32Array;
  #lower: readonly string[] | null = null;

  constructor(field: string, values: readonly (string | null)[]) {
    const texts: string[] = [];
    const owners: number[] = [];
    for (const [index, value] of values.entries()) {
      if (value === null) continue;
      for (const text of field === 'resources' ? parsed(value) : [value]) {
        texts.push(textOf(text) ?? '');
        owners.push(index);
      }
    }
    this.texts = texts;
    this.owners = Uint32Array.from(owners);
  }

  get lower(): readonly string[] {
    this.#lower ??= this.texts.map((text) => text.toLowerCase());
    return this.#lower;
  }
}

function parsed(entry: string): readonly unknown[] {
  const value: unknown = JSON.parse(entry);
  return Array.isArray(value) ? value : [];
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

/** One value of an entry. Without an escape in it, its quotes alone tell where it is. */
function partOf(entry: string, position: number): string | null {
  if (entry.includes('\\')) return textOf(parsed(entry)[position]);
  let at = 1;
  for (let skipped = 0; skipped < position; skipped++) {
    at = entry[at] === '"' ? entry.indexOf('"', at + 1) + 2 : entry.indexOf(',', at) + 1;
    if (at < 2) return null;
  }
  return entry[at] === '"' ? entry.slice(at + 1, entry.indexOf('"', at + 1)) : null;
}

/** The ids of all resources of an entry, as a JSON array; null where there are none. */
function resourcesText(entry: string): string | null {
  const ids = resourceIds(entry);
  return ids.length === 0 ? null : JSON.stringify(ids);
}

function resourceIds(entry: string): readonly string[] {
  const [, id, further] = parsed(entry);
  const ids: unknown[] = [id, ...(Array.isArray(further) ? further : [])];
  return ids.filter((each) => typeof each === 'string');
}

/** A text as it stands between the quotes of JSON. */
function jsonOf(literal: string): string {
  return JSON.stringify(literal).slice(1, -1);
}

function hasValue(entry: string, literal: string): boolean {
  return parsed(entry)
    .flat()
    .some((value) => textOf(value)?.toLowerCase().includes(literal) === true);
}
