import { type Entry, identityOf, RegoObject, RegoSet, sameValue, type Value } from '../value/value.ts';

/** A collection that statements still add to. Read as a value it is what it holds by then. */
export class Draft {
  readonly kind: 'array' | 'object' | 'set';
  readonly #items: Value[] = [];
  readonly #entries = new Map<string, Entry>();
  #value: Value | undefined;

  constructor(kind: Draft['kind']) {
    this.kind = kind;
  }

  add(item: Value): void {
    this.#items.push(item);
    this.#value = undefined;
  }

  /** False where the key holds another value and `once` forbids that. */
  insert(key: Value, value: Value, once: boolean): boolean {
    const identity = identityOf(key);
    const before = this.#entries.get(identity);
    if (once && before !== undefined && !sameValue(before[1], value)) return false;
    this.#entries.set(identity, [key, value]);
    this.#value = undefined;
    return true;
  }

  get value(): Value {
    this.#value ??=
      this.kind === 'array'
        ? [...this.#items]
        : this.kind === 'set'
          ? RegoSet.of(this.#items)
          : RegoObject.of(this.#entries.values());
    return this.#value;
  }
}

/** Local variables of a plan or function. */
export class Locals {
  readonly #slots: (Value | Draft | undefined)[] = [];

  get(index: number): Value | undefined {
    const held = this.#slots[index];
    return held instanceof Draft ? held.value : held;
  }

  set(index: number, value: Value | Draft | undefined): void {
    this.#slots[index] = value;
  }

  /** The collection that is being built there. */
  draft(index: number, kind: Draft['kind']): Draft | undefined {
    const held = this.#slots[index];
    if (held instanceof Draft) return held.kind === kind ? held : undefined;
    const draft = held === undefined ? undefined : thawed(held);
    if (draft === undefined || draft.kind !== kind) return undefined;
    this.#slots[index] = draft;
    return draft;
  }
}

function thawed(value: Value): Draft | undefined {
  if (value instanceof RegoObject) {
    const draft = new Draft('object');
    for (const [key, member] of value.entries) draft.insert(key, member, false);
    return draft;
  }
  const isSet = value instanceof RegoSet;
  if (!isSet && !Array.isArray(value)) return undefined;
  const draft = new Draft(isSet ? 'set' : 'array');
  for (const item of isSet ? value.items : (value as readonly Value[])) draft.add(item);
  return draft;
}
