import { type FieldName, dimensions } from '#shared/domain/dimensions.ts';
import type { SourceName } from './event-table.ts';

/** The distinct values of one field, and which of them each dictionary entry has. */
export interface FieldValues {
  readonly values: readonly (string | null)[];
  /** Entry → index into `values`. */
  readonly indexes: Uint32Array;
  /** What can be searched for in the values. */
  readonly texts: FieldTexts;
}

/** A value is one text; null is none; a list of resources is the id of each. */
export interface FieldTexts {
  readonly texts: readonly string[];
  readonly lower: readonly string[];
  /** Text → index of the value that holds it, ascending. */
  readonly owners: Uint32Array;
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

/** Tuples of field values by id. An entry is the JSON text of its tuple, parsed when it is needed. */
export class Dictionary {
  readonly #entries: readonly string[];
  readonly #fields: readonly FieldName[];
  readonly #values = new Map<string, FieldValues>();

  constructor(source: SourceName, entries: readonly string[]) {
    this.#entries = entries;
    this.#fields = source === 'evidence' ? evidenceFields : dimensions[source];
  }

  get size(): number {
    return this.#entries.length;
  }

  get fields(): readonly FieldName[] {
    return this.#fields;
  }

  /** The field values of an entry, in the order of `fields`; nulls for an entry that is none. */
  tuple(id: number): readonly (string | null)[] {
    const parsed: unknown = JSON.parse(this.#entries[id] ?? 'null');
    const values: readonly unknown[] = Array.isArray(parsed) ? parsed : [];
    return this.#fields.map((_, index) => (typeof values[index] === 'string' ? values[index] : null));
  }

  /** Distinct values of a field of this dictionary, in the order of their first entry. */
  field(name: string): FieldValues {
    const known = this.#values.get(name);
    if (known !== undefined) return known;
    for (const [field, values] of this.#index()) this.#values.set(field, values);
    const found = this.#values.get(name);
    if (found === undefined) throw new RangeError(`no field ${name} in this dictionary`);
    return found;
  }

  #index(): Map<string, FieldValues> {
    const columns = this.#fields.map((name) => ({
      name,
      seen: new Map<string | null, number>(),
      indexes: new Uint32Array(this.size),
    }));
    for (let id = 0; id < this.size; id++) {
      const tuple = this.tuple(id);
      for (const [position, column] of columns.entries()) {
        const value = tuple[position] ?? null;
        let index = column.seen.get(value);
        if (index === undefined) {
          index = column.seen.size;
          column.seen.set(value, index);
        }
        column.indexes[id] = index;
      }
    }
    return new Map(
      columns.map(({ name, seen, indexes }) => {
        const values = [...seen.keys()];
        return [name, { values, indexes, texts: textsOf(name, values) }];
      }),
    );
  }
}

function textsOf(field: string, values: readonly (string | null)[]): FieldTexts {
  const texts: string[] = [];
  const owners: number[] = [];
  for (const [index, value] of values.entries()) {
    if (value === null) continue;
    for (const text of field === 'resources' ? resourceIds(value) : [value]) {
      texts.push(text);
      owners.push(index);
    }
  }
  return { texts, lower: texts.map((text) => text.toLowerCase()), owners: Uint32Array.from(owners) };
}

/** The ids of the resources in the JSON text of a list. */
function resourceIds(value: string): readonly string[] {
  const parsed: unknown = JSON.parse(value);
  if (!Array.isArray(parsed)) return [];
  return parsed.flatMap((resource: unknown) => {
    const id = (resource as { id?: unknown } | null)?.id;
    return typeof id === 'string' ? [id] : [];
  });
}
