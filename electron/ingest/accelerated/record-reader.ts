import { randomBytes } from 'node:crypto';
import { type AssembledMemory, assembledModule } from '#electron/platform/assembled.ts';
import { wasm } from './record-reader-module.ts';

/** What electron/assembly/record-reader exports. */
interface Assembled {
  readonly memory: AssembledMemory;
  begin(
    members: number,
    containers: number,
    columns: number,
    structures: number,
    fields: number,
    timeMember: number,
    plain: number,
    seed: bigint,
  ): void;
  setPlainValue(value: number): void;
  scan(from: number): number;
  read(): number;
  look(slot: number): number;
  valueOf(part: number): number;
  setValue(part: number, value: number): void;
  findAt(slot: number): number;
  learn(part: number): void;
  learnLook(slot: number, seen: number): void;
  learnValue(value: number): void;
  isFull(): number;
  forget(): void;
}

/** Numbers that it exports, of electron/assembly/record-reader/layout.ts: where things lie, and how many there may be. */
const layoutNames = [
  'names',
  'nameLengths',
  'starts',
  'ends',
  'escapes',
  'constants',
  'columnParts',
  'columnValues',
  'structures',
  'hashes',
  'eventKey',
  'hasEventKey',
  'time',
  'fieldPaths',
  'keys',
  'keyLengths',
  'withins',
  'input',
  'withinSlot',
  'mostMembers',
  'nameSize',
  'mostParts',
  'mostFields',
  'mostPaths',
  'pathSize',
  'mostKeys',
  'withinSize',
  'firstWithin',
  'firstPart',
  'keyOfNone',
] as const;
type LayoutName = (typeof layoutNames)[number];
type Layout = Readonly<Record<LayoutName, number>>;

function layoutOf(exported: Readonly<Record<LayoutName, { readonly value: number }>>): Layout {
  return Object.fromEntries(layoutNames.map((name) => [name, exported[name].value])) as Layout;
}

const pageSize = 64 * 1024;
/** Zero bytes behind the input, at which every walk ends. */
const padding = 64;

const instance = assembledModule(wasm);

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
}

export interface FieldPath {
  readonly slot: number;
  readonly key: string | undefined;
  readonly innerKey: string | undefined;
}

/** What `read` answers besides the bits of ids that the host has to read. */
export const refused = -1;
export const unlearnt = 0x1_0000;

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
  /** Values of the columns' parts for the record that was read last, and its ids. */
  columnValues = new Uint32Array(0);
  hashes = new Uint32Array(0);
  eventKey = new Uint32Array(0);
  /** 1 where `eventKey` is the vendor's id. */
  hasEventKey = new Uint32Array(0);
  /** Microseconds since 1970; negative where the host has to read it. */
  time = new Float64Array(0);
  /** The slot of what was found within a member. */
  readonly withinSlot: number;
  /** From this slot on questions are about parts; below are members, and what lies within members. */
  readonly firstPart: number;
  readonly #module: Assembled;
  readonly #layout: Layout;
  readonly #keys = new Map<string, number>();
  readonly #withinSlots = new Map<string, number>();
  #bytes: Buffer = Buffer.alloc(0);

  constructor(plan: ReaderPlan) {
    const exported = instance() as Assembled & Parameters<typeof layoutOf>[0];
    this.#module = exported;
    this.#layout = layoutOf(exported);
    this.withinSlot = this.#layout.withinSlot;
    this.firstPart = this.#layout.firstPart;
    this.#reserve(0);
    this.#write(plan);
  }

  /** The bytes that are held. */
  get bytes(): Buffer {
    return this.#bytes;
  }

  /** Forgets the bytes before `position` and adds a chunk; answers with all that are held, until the next call. */
  append(position: number, chunk: Uint8Array): Buffer {
    const kept = Math.max(0, this.#bytes.length - position);
    const length = kept + chunk.length;
    if (kept > 0) this.#bytes.copyWithin(0, position);
    this.#reserve(length);
    const bytes = Buffer.from(this.#module.memory.buffer, this.#layout.input, length + padding);
    bytes.set(chunk, kept);
    bytes.fill(0, length);
    this.#bytes = bytes.subarray(0, length);
    return this.#bytes;
  }

  /** Position after the object that opens at `from`, with its members found; -1 where it is refused. */
  scan(from: number): number {
    return this.#module.scan(from);
  }

  /** Reads the record that was scanned last: a bit for each id that is left to read, `refused`, or `unlearnt` + part. */
  read(): number {
    return this.#module.read();
  }

  /** What is seen at a slot; 0 for what cannot be remembered. */
  look(slot: number): number {
    return this.#module.look(slot) >>> 0;
  }

  /** The value of a part for this record; 0 where it has to be learnt. */
  valueOf(part: number): number {
    return this.#module.valueOf(part);
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

  /** Remembers what a part came to: the slots that it looked at, in order, and what it saw there. */
  learn(part: number, slots: readonly number[], seen: readonly number[], value: number): void {
    this.#module.learn(part);
    for (const [index, slot] of slots.entries()) this.#module.learnLook(slot, seen[index] as number);
    this.#module.learnValue(value);
  }

  isFull(): boolean {
    return this.#module.isFull() !== 0;
  }

  forget(): void {
    this.#module.forget();
  }

  /** The slot of what lies within a member; null where only parsing finds it, and where there are too many others. */
  slotWithin(slot: number, key: string, innerKey: string | undefined): number | null {
    const { keyOfNone, firstWithin, firstPart, withins, withinSize } = this.#layout;
    const name = `${slot}\0${key}\0${innerKey ?? ''}`;
    const known = this.#withinSlots.get(name);
    if (known !== undefined) return known;
    const keys = [this.#keyOf(key), innerKey === undefined ? keyOfNone : this.#keyOf(innerKey)] as const;
    const added = firstWithin + this.#withinSlots.size;
    if (keys[0] === null || keys[1] === null || added >= firstPart) return null;
    const at = withins + (added - firstWithin) * withinSize;
    new Uint16Array(this.#module.memory.buffer, at, withinSize / 2).set([slot, keys[0], keys[1]]);
    this.#withinSlots.set(name, added);
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
    this.columnValues = this.#words(this.#layout.columnValues, this.#layout.mostParts);
    this.hashes = this.#words(this.#layout.hashes, this.#layout.mostFields);
    this.eventKey = this.#words(this.#layout.eventKey, 4);
    this.hasEventKey = this.#words(this.#layout.hasEventKey, 1);
    this.time = new Float64Array(buffer, this.#layout.time, 1);
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
