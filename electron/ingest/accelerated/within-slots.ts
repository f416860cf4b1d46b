import type { Assembled, Layout } from './assembled.ts';

/** Slots of what lies within members, in the module's memory, and the keys that lead there. Both are kept for good. */
export class WithinSlots {
  readonly #module: Assembled;
  readonly #layout: Layout;
  readonly #keys = new Map<string, number>();
  /** By the member's slot, the key, and the inner key. */
  readonly #slots: Map<string, Map<string | undefined, number>>[] = [];
  /** Of each slot, in order. */
  readonly #members: number[] = [];

  constructor(module: Assembled, layout: Layout) {
    this.#module = module;
    this.#layout = layout;
  }

  /** The slot of what lies within a member; null where only parsing finds it, and where there are too many others. */
  slotOf(member: number, key: string, innerKey: string | undefined): number | null {
    const known = this.#slots[member]?.get(key)?.get(innerKey);
    if (known !== undefined) return known;
    const { keyOfNone, firstWithin, firstPart, withins, withinSize } = this.#layout;
    const keys = [this.keyOf(key), innerKey === undefined ? keyOfNone : this.keyOf(innerKey)] as const;
    const added = firstWithin + this.#members.length;
    if (keys[0] === null || keys[1] === null || added >= firstPart) return null;
    const at = withins + (added - firstWithin) * withinSize;
    new Uint16Array(this.#module.memory.buffer, at, withinSize / 2).set([member, keys[0], keys[1]]);
    this.#members.push(member);
    const byKey = (this.#slots[member] ??= new Map<string, Map<string | undefined, number>>());
    const byInnerKey = byKey.get(key) ?? new Map<string | undefined, number>();
    byKey.set(key, byInnerKey.set(innerKey, added));
    return added;
  }

  /** The member in which a slot lies; null for other slots. */
  memberOf(slot: number): number | null {
    return this.#members[slot - this.#layout.firstWithin] ?? null;
  }

  /** The number of a key; null for one that has no place, or that JSON writes with escapes. */
  keyOf(key: string): number | null {
    const known = this.#keys.get(key);
    if (known !== undefined) return known;
    const { keys, keyLengths, mostKeys, nameSize } = this.#layout;
    const number = this.#keys.size;
    const isPlain = key.length <= nameSize && /^[ !#-[\]-~]+$/.test(key);
    if (!isPlain || number >= mostKeys) return null;
    const { buffer } = this.#module.memory;
    // What is plain has a byte a character.
    Buffer.from(buffer, keys + number * nameSize, nameSize).write(key, 'latin1');
    new Uint32Array(buffer, keyLengths, mostKeys)[number] = key.length;
    this.#keys.set(key, number);
    return number;
  }
}
