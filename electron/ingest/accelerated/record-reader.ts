import { type Assembled, type Layout, newAssembled } from './assembled.ts';
import { ColumnValues } from './column-values.ts';
import { type ReaderPlan, writePlan } from './plan.ts';
import { ModuleRows } from './rows.ts';
import { TextPool } from './text-pool.ts';
import { WithinSlots } from './within-slots.ts';

const pageSize = 64 * 1024;
/** Zero bytes behind the input, at which every walk ends. */
const padding = 64;

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
  /** Slots of what lies within members. */
  readonly withins: WithinSlots;
  /** What `take` and its kin ask for. */
  readonly asks: Pick<Layout, 'stopped' | 'stoppedAtRecord' | 'paused' | 'unlearnt'>;
  readonly #module: Assembled;
  readonly #layout: Layout;
  /** Of the record that was found last; where `take` has stopped, and what it took. */
  #state = new Uint32Array(0);
  #bytes: Buffer = Buffer.alloc(0);

  constructor(plan: ReaderPlan) {
    const { module, layout } = newAssembled();
    this.#module = module;
    this.#layout = layout;
    this.asks = layout;
    this.texts = new TextPool(module, layout);
    this.rows = new ModuleRows(module, layout, this.texts);
    this.columnValues = new ColumnValues(module, layout);
    this.withins = new WithinSlots(module, layout);
    this.withinSlot = this.#layout.withinSlot;
    this.firstPart = this.#layout.firstPart;
    this.#reserve(0);
    writePlan(plan, module, layout, this.withins);
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

  /** Finds what lies at a slot of `withins`, at `withinSlot` then; null where only parsing can tell. */
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
}
