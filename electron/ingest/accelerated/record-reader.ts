import { randomBytes } from 'node:crypto';
import { type Assembled, type Layout, newAssembled } from './assembled.ts';
import { ColumnValues } from './column-values.ts';
import { ModuleRows } from './rows.ts';
import { TextPool } from './text-pool.ts';

const pageSize = 64 * 1024;
/** Zero bytes behind the input, at which every walk ends. */
const padding = 64;

/** What a record is read by. Members and parts go by their numbers. */
export interface ReaderPlan {
  readonly members: readonly string[];
  readonly containerKeys: readonly string[];
  readonly structures: readonly number[];
  readonly timeMember: number;
  readonly plainPart: number;
  readonly columnParts: readonly number[];
  /** Where each id may stand. */
  readonly fields: readonly (readonly FieldPath[])[];
  /** How many dimensions the columns tell. */
  readonly dimensions: number;
}

export interface FieldPath {
  readonly slot: number;
  readonly key: string | undefined;
  readonly innerKey: string | undefined;
}

/**
 * The WebAssembly module that reads records from their bytes, and its memory. It finds the top-level members of a JSON
 * object in one pass that also proves that the object is valid JSON (RFC 8259); whatever is unusual it refuses: escapes
 * in top-level keys, a key twice, deep nesting, great length.
 */
export class AssembledReader {
  /** Where the value of each member begins and ends; a negative start where there is none. */
  starts = new Int32Array(0);
  ends = new Int32Array(0);
  /** 1 where the value holds a backslash. */
  escapes = new Uint8Array(0);
  /** Ids of the record that was read last. */
  hashes = new Uint32Array(0);
  eventKey = new Uint32Array(0);
  /** 1 where `eventKey` is the vendor's id. */
  hasEventKey = new Uint32Array(0);
  /** Pairs of slots that parts looked at and of what they saw there. */
  trail = new Uint32Array(0);
  /** Microseconds since 1970; nanoseconds below them, and digits that the time is written with. */
  time = new Float64Array(0);
  timeRest = new Uint32Array(0);
  /** The slot of what was found within a member. */
  readonly withinSlot: number;
  /** From this slot on questions are about parts; below are members, and what lies within members. */
  readonly firstPart: number;
  /** Rows of the batch that is being built. */
  readonly rows: ModuleRows;
  /** Texts of dictionary entries. */
  readonly texts: TextPool;
  /** What the values of columns bring along. */
  readonly columnValues: ColumnValues;
  /** What `take` and its kin ask for. */
  readonly asks: Pick<Layout, 'stopped' | 'stoppedAtRecord' | 'paused' | 'unlearnt'>;
  readonly #module: Assembled;
  readonly #layout: Layout;
  /** Of the record that was found last; where `take` has stopped, and what it took. */
  #state = new Uint32Array(0);
  readonly #keys = new Map<string, number>();
  /** Slots of what lies within members, by the member's slot, the key, and the inner key. */
  readonly #withinSlots: Map<string, Map<string | undefined, number>>[] = [];
  readonly #membersOfWithin: number[] = [];
  #bytes: Buffer = Buffer.alloc(0);

  constructor(plan: ReaderPlan) {
    const { module, layout } = newAssembled();
    this.#module = module;
    this.#layout = layout;
    this.asks = layout;
    this.texts = new TextPool(module, layout);
    this.rows = new ModuleRows(module, layout, this.texts);
    this.columnValues = new ColumnValues(module, layout);
    this.withinSlot = this.#layout.withinSlot;
    this.firstPart = this.#layout.firstPart;
    this.#reserve(0);
    this.#write(plan);
  }

  /** The bytes that are held. */
  get bytes(): Buffer {
    return this.#bytes;
  }

  /**
   * Memory for a chunk of so many bytes: one that is made there, and lies there when it is appended to nothing, is not
   * copied. Ends when anything else is appended.
   */
  room(length: number): Uint8Array {
    this.#reserve(length);
    return new Uint8Array(this.#module.memory.buffer, this.#layout.input, length);
  }

  /** Forgets the bytes before `position` and adds a chunk; answers with all that are held, until the next call. */
  append(position: number, chunk: Uint8Array): Buffer {
    const kept = Math.max(0, this.#bytes.length - position);
    const length = kept + chunk.length;
    if (kept > 0) this.#bytes.copyWithin(0, position);
    this.#reserve(length);
    const { buffer } = this.#module.memory;
    const { input } = this.#layout;
    const bytes = Buffer.from(buffer, input, length + padding);
    const isInPlace = kept === 0 && chunk.buffer === buffer && chunk.byteOffset === input;
    if (!isInPlace) bytes.set(chunk, kept);
    // What begins afresh may do so in front of a chunk that lies here already.
    if (length > 0) bytes.fill(0, length);
    this.#bytes = bytes.subarray(0, length);
    return this.#bytes;
  }

  /**
   * Adds rows for the records from `from` on, at most `most`; `base` is where the bytes begin in the stream, of which
   * records up to `known` are passed over. Answers with what is asked for, as electron/assembly/record-reader/index.ts
   * tells: one of `asks`, `asks.unlearnt` + part, or a bit for each id that is to be read.
   */
  take(from: number, most: number, base: number, known: number): number {
    return this.#module.take(from, Math.min(most, 0xffff_ffff), base, known);
  }

  /** Goes on after a pause. */
  next(): number {
    return this.#module.next();
  }

  /** Goes on when a part is learnt. */
  readAgain(): number {
    return this.#module.readAgain();
  }

  /** Goes on when the ids are read. */
  add(): number {
    return this.#module.add();
  }

  /** Asks for a pause before the next record. */
  wantPause(): void {
    this.#module.wantPause();
  }

  /** Of the record that was found last. */
  get recordStart(): number {
    return this.#state[0] as number;
  }

  get recordEnd(): number {
    return this.#state[1] as number;
  }

  /** Where `take` has stopped. */
  get stoppedAt(): number {
    return this.#state[2] as number;
  }

  /** End of the last record that it took; 0 for none. */
  get takenTo(): number {
    return this.#state[3] as number;
  }

  /** What is seen at a slot; 0 for what cannot be remembered. */
  look(slot: number): number {
    return this.#module.look(slot) >>> 0;
  }

  /** The value of a part for this record; 0 where it has to be learnt. */
  valueOf(part: number): number {
    return this.#module.valueOf(part);
  }

  /** As `valueOf`; what it looks at is put into the trail from the given look on, `tracedLooks` of them. */
  trace(part: number, from: number): number {
    return this.#module.trace(part, from);
  }

  get tracedLooks(): number {
    return this.#module.tracedLooks();
  }

  /** The member in which a slot of `slotWithin` lies; null for other slots. */
  memberOf(slot: number): number | null {
    return this.#membersOfWithin[slot - this.#layout.firstWithin] ?? null;
  }

  setValue(part: number, value: number): void {
    this.#module.setValue(part, value);
  }

  setPlainValue(value: number): void {
    this.#module.setPlainValue(value);
  }

  /** The value of a part for all records until it is set again. */
  setConstant(part: number, value: number): void {
    this.#words(this.#layout.constants, this.#layout.mostParts)[part] = value;
  }

  /** Remembers what a part came to: its looks lie in the trail, `count` of them from the one on that is given. */
  learn(part: number, from: number, count: number, value: number): void {
    this.#module.learn(part, from, count, value);
  }

  forget(): void {
    this.#module.forget();
  }

  /** The slot of what lies within a member; null where only parsing finds it, and where there are too many others. */
  slotWithin(slot: number, key: string, innerKey: string | undefined): number | null {
    const { keyOfNone, firstWithin, firstPart, withins, withinSize } = this.#layout;
    const known = this.#withinSlots[slot]?.get(key)?.get(innerKey);
    if (known !== undefined) return known;
    const keys = [this.#keyOf(key), innerKey === undefined ? keyOfNone : this.#keyOf(innerKey)] as const;
    const added = firstWithin + this.#membersOfWithin.length;
    if (keys[0] === null || keys[1] === null || added >= firstPart) return null;
    const at = withins + (added - firstWithin) * withinSize;
    new Uint16Array(this.#module.memory.buffer, at, withinSize / 2).set([slot, keys[0], keys[1]]);
    this.#membersOfWithin.push(slot);
    const byKey = (this.#withinSlots[slot] ??= new Map<string, Map<string | undefined, number>>());
    const byInnerKey = byKey.get(key) ?? new Map<string | undefined, number>();
    byKey.set(key, byInnerKey.set(innerKey, added));
    return added;
  }

  /** Finds what lies at a slot of `slotWithin`, at `withinSlot` then; null where only parsing can tell. */
  findWithin(within: number): boolean | null {
    const found = this.#module.findAt(within);
    return found < 0 ? null : found > 0;
  }

  #reserve(length: number): void {
    const { memory } = this.#module;
    const missing = this.#layout.input + length + padding - memory.buffer.byteLength;
    if (missing <= 0) return;
    memory.grow(Math.ceil(missing / pageSize));
    this.#view();
  }

  /** Growing takes the memory away from below its views. */
  #view(): void {
    const { buffer } = this.#module.memory;
    const slots = this.#layout.mostMembers + 1;
    this.starts = new Int32Array(buffer, this.#layout.starts, slots);
    this.ends = new Int32Array(buffer, this.#layout.ends, slots);
    this.escapes = new Uint8Array(buffer, this.#layout.escapes, slots);
    this.hashes = this.#words(this.#layout.hashes, this.#layout.mostFields);
    this.eventKey = this.#words(this.#layout.eventKey, 4);
    this.hasEventKey = this.#words(this.#layout.hasEventKey, 1);
    this.trail = this.#words(this.#layout.trail, this.#layout.mostLooks * 2);
    this.time = new Float64Array(buffer, this.#layout.time, 1);
    this.timeRest = this.#words(this.#layout.timeNanos, 2);
    this.#state = this.#words(this.#layout.recordStart, 4);
    this.texts.view();
    this.rows.view();
    this.columnValues.view();
  }

  #words(at: number, length: number): Uint32Array<ArrayBuffer> {
    return new Uint32Array(this.#module.memory.buffer, at, length);
  }

  #write(plan: ReaderPlan): void {
    const { members, containerKeys, structures, columnParts, fields } = plan;
    const names = [...new Set([...members, ...containerKeys])];
    if (
      names.length > this.#layout.mostMembers ||
      fields.length > this.#layout.mostFields ||
      columnParts.length > this.#layout.mostParts
    ) {
      throw new Error(`a format names ${names.length} members and ${columnParts.length} columns`);
    }
    const lengths = this.#words(this.#layout.nameLengths, this.#layout.mostMembers);
    for (const [slot, name] of names.entries()) {
      lengths[slot] = this.#writeText(this.#layout.names + slot * this.#layout.nameSize, name);
    }
    this.#words(this.#layout.structures, this.#layout.mostMembers).set(structures);
    this.#words(this.#layout.columnParts, this.#layout.mostParts).set(columnParts);
    for (const [field, paths] of fields.entries()) this.#writePaths(field, paths);
    this.#module.begin(
      members.length,
      names.length - members.length,
      columnParts.length,
      structures.length,
      fields.length,
      plan.dimensions,
      plan.timeMember,
      plan.plainPart,
      randomBytes(8).readBigUInt64LE(),
    );
  }

  #writePaths(field: number, paths: readonly FieldPath[]): void {
    const { fieldPaths, keyOfNone, mostPaths, pathSize } = this.#layout;
    if (paths.length > mostPaths) throw new Error(`an id stands in ${paths.length} places`);
    const numberOf = (key: string | undefined): number => {
      const number = key === undefined ? keyOfNone : this.#keyOf(key);
      if (number === null) throw new Error(`a format names a key ${key}`);
      return number;
    };
    for (const [index, { slot, key, innerKey }] of paths.entries()) {
      const at = fieldPaths + (field * mostPaths + index) * pathSize;
      const words = new Uint16Array(this.#module.memory.buffer, at, pathSize / 2);
      // The second byte says that there is a path.
      words.set([slot | 0x100, numberOf(key), numberOf(innerKey)]);
    }
  }

  /** The number of a key; null for one that has no place, or that JSON writes with escapes. */
  #keyOf(key: string): number | null {
    const { keys, keyLengths, mostKeys, nameSize } = this.#layout;
    const known = this.#keys.get(key);
    if (known !== undefined) return known;
    const number = this.#keys.size;
    const isPlain = key.length <= nameSize && /^[ !#-[\]-~]+$/.test(key);
    if (!isPlain || number >= mostKeys) return null;
    this.#words(keyLengths, mostKeys)[number] = this.#writeText(keys + number * nameSize, key);
    this.#keys.set(key, number);
    return number;
  }

  #writeText(at: number, text: string): number {
    const bytes = new TextEncoder().encode(text);
    if (bytes.length > this.#layout.nameSize) throw new Error(`a format names a member ${text}`);
    new Uint8Array(this.#module.memory.buffer, at, bytes.length).set(bytes);
    return bytes.length;
  }
}
