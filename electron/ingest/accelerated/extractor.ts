import {
  type ColumnFields,
  type FormatParts,
  type Part,
  type RecordPath,
  type RecordView,
  type ValueOf,
  firstText,
  valueWithin,
} from '#shared/domain/event-part.ts';
import { hashedFields } from '#shared/domain/dimensions.ts';
import type { Correlation } from '#shared/domain/event.ts';
import type { ReadContext } from '#shared/domain/format.ts';
import type { Json } from '#shared/domain/json.ts';
import { hash32 } from '#shared/util/hash32.ts';
import { type Instant, parseInstant } from '#shared/util/instant.ts';
import { writeVendorKey } from '#electron/evidence/records/event-key.ts';
import * as scan from '#electron/evidence/records/scan.ts';
import { Entries } from './entries.ts';
import { PartValueNumbers, mostValues } from './part-values.ts';
import { AssembledReader, refused, unlearnt } from './record-reader.ts';

/** The part asked for something that the format did not name: the record is left to the reference extractor. */
const unforeseen = new Error('a part reads what the format does not name');

/** The slot of what has none: it cannot be remembered. */
const nowhere = -1;

/** What a part looked at, in order, and what it saw: 0 for what is like nothing else. */
interface Trail {
  readonly slots: number[];
  readonly seen: number[];
}

/**
 * Reads records of one format from their bytes by the format's own parts. Each part runs once for each combination of
 * values that it looks at; the view that it is given notes what that is, and the module follows these trails for all
 * records to come. Takes nothing for granted: a part that looks at anything the format has not named makes the record
 * one for the reference extractor.
 */
export class PartExtractor {
  readonly scanner: AssembledReader;
  /** Dictionary entries of records. */
  readonly entries: Entries;
  /** Those of the record that was read, by their numbers, in the order of `entries.dimensions`. */
  readonly found: Uint32Array;
  readonly #format: FormatParts;
  readonly #slots: ReadonlyMap<string, number>;
  /** Where the ids may stand, in the order of `hashedFields`. */
  readonly #own: readonly (readonly RecordPath[])[];
  readonly #values: PartValueNumbers;
  readonly #parts: Part<unknown>[] = [];
  readonly #partNumbers = new Map<Part<unknown>, number>();
  /** Parts below this number are columns. */
  readonly #columns: number;
  readonly #trails: Trail[] = [];
  /** Shown to parts while they are watched. */
  readonly #view: RecordView;
  #ofFile: ReadonlyMap<Part<unknown>, unknown> = new Map();
  /** Members of the record that were parsed. */
  #parsed = new Map<number, Json>();

  /** `capacity`: values of parts that are remembered, at most `mostValues`; then all are forgotten. */
  constructor(format: FormatParts, containerKeys: readonly string[], capacity = mostValues) {
    const { members, columns, structures, time, isPlain, own } = format;
    this.#format = format;
    this.#values = new PartValueNumbers(capacity);
    this.#slots = new Map(members.map((name, slot) => [name, slot]));
    this.#columns = columns.length;
    const columnParts = columns.map(({ part }) => this.#numberOf(part));
    this.#own = hashedFields.map((field) => {
      if (field === 'vendorId') return own.vendorId;
      return own.correlation[field.slice('correlation.'.length) as keyof Correlation] ?? [];
    });
    this.scanner = new AssembledReader({
      members,
      containerKeys,
      columnParts,
      structures: structures.map((name) => this.#slotOf(name)),
      timeMember: this.#slotOf(time.member),
      plainPart: this.#numberOf(isPlain),
      fields: this.#own.map((paths) =>
        paths.map(([member, key, innerKey]) => ({ slot: this.#slotOf(member), key, innerKey })),
      ),
    });
    this.entries = new Entries(columns, capacity);
    this.found = new Uint32Array(this.entries.dimensions.length);
    this.scanner.setPlainValue(this.#values.numberOf(true));
    this.#view = this.#watchedView();
  }

  /** Starts on a file: values that hold for all of its records. */
  begin(context: ReadContext): void {
    this.#ofFile = this.#format.ofFile(context);
    this.#setConstants();
  }

  /**
   * Reads the record that the scanner found last: its entries into `found`, its ids into the scanner's `hashes` and
   * `eventKey`. Answers its time; null where it is one for the reference extractor.
   */
  read(): Instant | null {
    if (this.#values.isFull() || this.scanner.isFull() || this.entries.isFull()) this.#forget();
    if (this.#parsed.size > 0) this.#parsed.clear();
    try {
      let answer = this.scanner.read();
      while (answer >= unlearnt) {
        this.#learn(answer - unlearnt);
        answer = this.scanner.read();
      }
      if (answer === refused) return null;
      const time = answer === 0 ? plainTime(this.scanner) : this.#readOwn(answer);
      if (time !== null) this.entries.collect(this.scanner.columnValues, this.found, this.scanner.hashes);
      return time;
    } catch {
      // Whatever a part throws is for the reference extractor to judge: it costs the record and not the import.
      this.#trails.length = 0;
      return null;
    }
  }

  /** Everything is forgotten and learnt anew: memory has its bounds. */
  #forget(): void {
    this.scanner.forget();
    this.#values.forget();
    this.entries.forget();
    this.scanner.setPlainValue(this.#values.numberOf(true));
    this.#setConstants();
  }

  #setConstants(): void {
    for (const [part, value] of this.#ofFile) {
      this.scanner.setConstant(this.#numberOf(part), this.#values.numberOf(value));
    }
  }

  /** What the module left: ids by their bits, and the time. */
  #readOwn(left: number): Instant | null {
    const { hashes, eventKey, hasEventKey } = this.scanner;
    for (const [field, paths] of this.#own.entries()) {
      if ((left & (1 << field)) === 0) continue;
      const text = firstText(this.#view, paths);
      hashes[field] = text === null ? 0 : hash32(text);
      if (field === 0) hasEventKey[0] = text === null ? 0 : 1;
      if (field === 0 && text !== null) writeVendorKey(eventKey, 0, text);
    }
    if ((left & (1 << this.#own.length)) === 0) return plainTime(this.scanner);
    const time = this.#format.time.part.read(this.#view, this.#valueOf);
    return time === null ? null : parseInstant(time);
  }

  /** Runs a part, and remembers what it came to for what it looked at. */
  #learn(number: number): number {
    const trail: Trail = { slots: [], seen: [] };
    this.#trails.push(trail);
    const result = (this.#parts[number] as Part<unknown>).read(this.#view, this.#valueOf);
    this.#trails.pop();
    const isColumn = number < this.#columns;
    const value = isColumn ? this.#values.next() : this.#values.numberOf(result);
    if (isColumn) this.entries.add(number, value, result as ColumnFields);
    if (!trail.seen.includes(0)) this.scanner.learn(number, trail.slots, trail.seen, value);
    this.scanner.setValue(number, value);
    return value;
  }

  readonly #valueOf: ValueOf = <Value>(part: Part<Value>): Value => {
    const number = this.#numberOf(part);
    if (number < this.#columns) throw new Error('a part reads a column');
    const known = this.scanner.valueOf(number);
    const value = known === 0 ? this.#learn(number) : known;
    this.#note(this.scanner.firstPart + number, value);
    return this.#values.valueOf(value) as Value;
  };

  #note(slot: number, seen: number): void {
    const trail = this.#trails.at(-1);
    if (trail === undefined || trail.slots.includes(slot)) return;
    trail.slots.push(slot);
    trail.seen.push(seen);
  }

  #slotOf(member: string): number {
    const slot = this.#slots.get(member);
    if (slot === undefined) throw unforeseen;
    return slot;
  }

  #numberOf(part: Part<unknown>): number {
    const known = this.#partNumbers.get(part);
    if (known !== undefined) return known;
    const number = this.#parts.push(part) - 1;
    this.#partNumbers.set(part, number);
    return number;
  }

  #watchedView(): RecordView {
    const members = Object.create(refusing) as Record<string, Json>;
    for (const [name, slot] of this.#slots) {
      const get = (): Json | undefined => {
        this.#note(slot, this.scanner.look(slot));
        return this.#valueAt(slot);
      };
      Object.defineProperty(members, name, { get });
    }
    return { members, within: (member, key, innerKey) => this.#within(member, key, innerKey) };
  }

  #within(member: string, key: string, innerKey: string | undefined): Json | undefined {
    const slot = this.#slotOf(member);
    const within = this.scanner.slotWithin(slot, key, innerKey);
    this.#note(within ?? nowhere, within === null ? 0 : this.scanner.look(within));
    const isThere = within === null ? null : this.scanner.findWithin(within);
    if (isThere === null) return valueWithin(this.#valueAt(slot), key, innerKey);
    return isThere ? this.#read(this.scanner.withinSlot) : undefined;
  }

  #valueAt(slot: number): Json | undefined {
    if ((this.scanner.starts[slot] as number) < 0) return undefined;
    const known = this.#parsed.get(slot);
    if (known !== undefined) return known;
    const value = this.#read(slot);
    this.#parsed.set(slot, value);
    return value;
  }

  /** The value that lies at a slot. */
  #read(slot: number): Json {
    const { starts, ends, escapes, bytes, withinSlot } = this.scanner;
    const [start, end] = [starts[slot] as number, ends[slot] as number];
    // What is found within a member lies in one without escapes.
    if (bytes[start] === scan.quote && (slot === withinSlot || escapes[slot] === 0)) {
      return bytes.toString('utf8', start + 1, end - 1);
    }
    return JSON.parse(bytes.toString('utf8', start, end)) as Json;
  }
}

function plainTime({ time }: AssembledReader): Instant {
  return { micros: time[0] as number, nanos: 0, digits: 0 };
}

/** Stands behind the members that a format names: any other name is refused. */
const refusing: object = new Proxy(
  {},
  {
    get: () => {
      throw unforeseen;
    },
    has: () => {
      throw unforeseen;
    },
  },
);
