import { arrayAt, isObject, type Json, type JsonObject, objectAt } from '../../domain/json.ts';

export interface EntityUid {
  readonly type: string;
  readonly id: string;
}

/** As Cedar writes it: `Type::"id"`. */
export function uidText({ type, id }: EntityUid): string {
  return `${type}::${JSON.stringify(id)}`;
}

/** Reads `{type, id}`, with or without the `__entity` escape; undefined where it is neither. */
export function readUid(value: unknown): EntityUid | undefined {
  if (!isObject(value)) return undefined;
  const { type, id } = objectAt(value, '__entity') ?? value;
  return typeof type === 'string' && typeof id === 'string' ? { type, id } : undefined;
}

/** Reads `Type::"id"`; undefined where it is not one. */
export function parseUid(text: string): EntityUid | undefined {
  const match = /^((?:[A-Za-z_]\w*::)*[A-Za-z_]\w*)::("(?:[^"\\]|\\.)*")$/s.exec(text);
  if (match === null) return undefined;
  try {
    return { type: match[1] ?? '', id: String(JSON.parse(match[2] ?? '')) };
  } catch {
    return undefined;
  }
}

interface StoredEntity {
  readonly uid: EntityUid;
  readonly json: JsonObject;
  /** The same entity again: Cedar says what it makes of that. */
  readonly repeated: readonly JsonObject[];
  readonly parents: readonly string[];
  /** Entities that its attributes and tags refer to. */
  readonly refers: readonly string[];
}

/** The entities of a bundle: their hierarchy, and the few that one request can reach. */
export class EntityStore {
  readonly #entities = new Map<string, StoredEntity>();
  /** What is not found here is looked for there. */
  readonly #base: EntityStore | null;

  constructor(entities: readonly JsonObject[], base: EntityStore | null = null) {
    this.#base = base;
    for (const json of entities) this.#add(json);
  }

  /** The entities of the bundle itself. */
  uids(): EntityUid[] {
    return [...this.#entities.values()].map(({ uid }) => uid);
  }

  /** With attributes that a request brings for one of its entities: they come before those of the bundle. */
  with(uid: EntityUid, attributes: JsonObject): EntityStore {
    const known = this.find(uid);
    const attrs = { ...objectAt(known, 'attrs'), ...attributes };
    const { type, id } = uid;
    return new EntityStore([{ parents: [], ...known, uid: { type, id }, attrs }], this);
  }

  find(uid: EntityUid): JsonObject | undefined {
    return this.#get(uidText(uid))?.json;
  }

  /** The chain from an entity up to an ancestor, both included; undefined where it is not in it. An entity is in itself. */
  chain(from: EntityUid, to: EntityUid): readonly string[] | undefined {
    const goal = uidText(to);
    const start = uidText(from);
    const cameFrom = new Map<string, string | null>([[start, null]]);
    for (const key of cameFrom.keys()) {
      if (key === goal) return pathTo(cameFrom, key);
      for (const parent of this.#get(key)?.parents ?? [])
        if (!cameFrom.has(parent)) cameFrom.set(parent, key);
    }
    return undefined;
  }

  /** Every entity that an evaluation which starts from these can reach, in a stable order. */
  reachable(from: readonly string[]): JsonObject[] {
    const seen = new Set(from);
    const found: JsonObject[] = [];
    for (const key of seen) {
      const entity = this.#get(key);
      if (entity === undefined) continue;
      found.push(entity.json, ...entity.repeated);
      for (const next of entity.parents) seen.add(next);
      for (const next of entity.refers) seen.add(next);
    }
    return found;
  }

  #get(key: string): StoredEntity | undefined {
    const own = this.#entities.get(key);
    return own ?? (this.#base === null ? undefined : this.#base.#get(key));
  }

  #add(json: JsonObject): void {
    const uid = readUid(json['uid']);
    if (uid === undefined) return;
    const parents = arrayAt(json, 'parents').flatMap((parent) => readUid(parent) ?? []);
    const refers = [...references(json['attrs']), ...references(json['tags'])];
    const key = uidText(uid);
    const before = this.#entities.get(key);
    const repeated = before === undefined ? [] : [before.json, ...before.repeated];
    this.#entities.set(key, { uid, json, repeated, parents: parents.map(uidText), refers });
  }
}

function pathTo(cameFrom: ReadonlyMap<string, string | null>, end: string): string[] {
  const path: string[] = [];
  for (let key: string | null = end; key !== null; key = cameFrom.get(key) ?? null) path.unshift(key);
  return path;
}

/** Entities that a value refers to. A record that only looks like a reference is one entity too many, no harm. */
export function references(value: Json | undefined): string[] {
  if (Array.isArray(value)) return value.flatMap((item: Json) => references(item));
  if (!isObject(value)) return [];
  const uid = readUid(value);
  return uid === undefined ? Object.values(value).flatMap(references) : [uidText(uid)];
}
