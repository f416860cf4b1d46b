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
import { parseInstant } from '#shared/util/instant.ts';
import { type EventPlace, writeEventKey } from '#electron/evidence/records/event-key.ts';
import * as scan from '#electron/evidence/records/scan.ts';
import { Entries } from './entries.ts';
import { PartValueNumbers, mostValues } from './part-values.ts';
import { AssembledReader } from './record-reader.ts';
import { Trails, unseen } from './trails.ts';

/** The part asked for something that the format did not name: the record is left to the reference extractor. */
const unforeseen = new Error('a part reads what the format does not name');

/** Records on the way from a stream into a batch. */
export interface Stretch {
  /** SHA-256 of the file, of which keys are made where the vendor gives no id. */
  readonly sha256: string;
  /** Records that end at or before this offset of the stream are passed over. */
  readonly resumeAt: number;
}

/** The slot of what has none: it cannot be remembered. */
const nowhere = -1;

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
  /** End of the record at which `take` has stopped, which it found but leaves to the caller; -1 where it found none. */
  left = -1;
  readonly #format: FormatParts;
  readonly #slots: ReadonlyMap<string, number>;
  /** Where the ids may stand, in the order of `hashedFields`. */
  readonly #own: readonly (readonly RecordPath[])[];
  readonly #values: PartValueNumbers;
  readonly #parts: Part<unknown>[] = [];
  readonly #partNumbers = new Map<Part<unknown>, number>();
  /** Parts below this number are columns. */
  readonly #columns: number;
  readonly #trails: Trails;
  /** Shown to parts while they are watched. */
  readonly #view: RecordView;
  #ofFile: ReadonlyMap<Part<unknown>, unknown> = new Map();
  /** Members that were parsed last, by their slots, and the record that each is of, counted from 1 on. */
  readonly #parsed: Json[];
  readonly #parsedOf: Uint32Array;
  #record = 1;
  #recordAt = -1;

  /** `capacity`: values of parts that are remembered, at most `mostValues`; then all are forgotten. */
  constructor(format: FormatParts, containerKeys: readonly string[], capacity = mostValues) {
    const { members, columns, structures, time, isPlain, own } = format;
    this.#format = format;
    this.#values = new PartValueNumbers(capacity);
    this.#slots = new Map(members.map((name, slot) => [name, slot]));
    this.#parsed = members.map(() => null);
    this.#parsedOf = new Uint32Array(members.length);
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
      dimensions: columns.flatMap(({ dimensions }) => dimensions).length,
    });
    this.#trails = new Trails(this.scanner);
    this.entries = new Entries(columns, this.scanner.columnValues, this.scanner.texts);
    this.scanner.setPlainValue(this.#values.numberOf(true));
    this.#view = this.#watchedView();
  }

  /** Starts on a file: values that hold for all of its records. */
  begin(context: ReadContext): void {
    this.#ofFile = this.#format.ofFile(context);
    this.#setConstants();
  }

  /**
   * Adds rows to `scanner.rows` for the records from `from` on, at most `most`, until there is one that it does not
   * read, or no room. `base` is where the scanner's bytes begin in the stream. Answers with the position where it
   * stopped.
   */
  take(from: number, most: number, base: number, stretch: Stretch): number {
    const { scanner } = this;
    const { stopped, paused, stoppedAtRecord } = scanner.asks;
    this.#recordAt = -1;
    let answer = scanner.take(from, most, base, stretch.resumeAt);
    while (answer !== stopped && answer !== stoppedAtRecord) {
      if (answer === paused) {
        this.#forget();
        answer = scanner.next();
      } else answer = this.#fulfil(answer, base, stretch) ?? stoppedAtRecord;
    }
    this.left = answer === stoppedAtRecord ? scanner.recordEnd : -1;
    scanner.rows.enter();
    return scanner.stoppedAt;
  }

  /** Does what the module asks for; null where the record is one for the reference extractor. */
  #fulfil(asked: number, base: number, { sha256 }: Stretch): number | null {
    const { scanner } = this;
    const { unlearnt } = scanner.asks;
    const { recordStart } = scanner;
    if (recordStart !== this.#recordAt) this.#record++;
    this.#recordAt = recordStart;
    try {
      if (asked >= unlearnt) {
        this.#learn(asked - unlearnt);
        this.#watchRoom();
        return scanner.readAgain();
      }
      return this.#readOwn(asked, { sha256, offset: base + recordStart, part: 0 }) ? scanner.add() : null;
    } catch {
      // Whatever a part throws is for the reference extractor to judge: it costs the record and not the import.
      this.#trails.clear();
      this.#watchRoom();
      return null;
    }
  }

  /** Has everything forgotten before the next record where there is much. */
  #watchRoom(): void {
    if (this.#values.isFull() || this.entries.isFull()) this.scanner.wantPause();
  }

  /** Everything is forgotten and learnt anew: memory has its bounds. */
  #forget(): void {
    this.scanner.rows.enter();
    this.scanner.rows.fill();
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

  /** Reads what the module left: ids by their bits, and the time. False where there is none. */
  #readOwn(left: number, place: EventPlace): boolean {
    const { hashes, eventKey, hasEventKey, time, timeRest } = this.scanner;
    for (const [field, paths] of this.#own.entries()) {
      if ((left & (1 << field)) === 0) continue;
      const text = firstText(this.#view, paths);
      hashes[field] = text === null ? 0 : hash32(text);
      if (field === 0 && hasEventKey[0] === 0) writeEventKey(eventKey, 0, text, place);
    }
    if ((left & (1 << this.#own.length)) === 0) return true;
    const written = this.#format.time.part.read(this.#view, this.#valueOf);
    const instant = written === null ? null : parseInstant(written);
    if (instant === null) return false;
    time[0] = instant.micros;
    timeRest[0] = instant.nanos;
    timeRest[1] = instant.digits;
    return true;
  }

  /** Runs a part, and remembers what it came to for what it looked at. */
  #learn(number: number): number {
    this.#trails.begin();
    const part = this.#parts[number] as Part<unknown>;
    const result = part.read(this.#view, this.#valueOf);
    const isColumn = number < this.#columns;
    const value = isColumn ? this.#values.next() : this.#values.numberOf(result);
    if (isColumn) this.entries.add(number, value, result as ColumnFields);
    this.#trails.finish(number, value, part.isSeenThrough === true);
    this.scanner.setValue(number, value);
    return value;
  }

  readonly #valueOf: ValueOf = <Value>(part: Part<Value>): Value => {
    const number = this.#numberOf(part);
    if (number < this.#columns) throw new Error('a part reads a column');
    const isSeenThrough = part.isSeenThrough === true;
    const known = isSeenThrough ? this.#trails.trace(number) : this.scanner.valueOf(number);
    const value = known === 0 ? this.#learn(number) : known;
    const slot = this.scanner.firstPart + number;
    if (!isSeenThrough && !this.#trails.has(slot)) this.#trails.add(slot, value);
    return this.#values.valueOf(value) as Value;
  };

  /** The part that runs looks at a slot. */
  #note(slot: number): void {
    if (!this.#trails.has(slot)) this.#trails.add(slot, slot === nowhere ? unseen : this.scanner.look(slot));
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
        this.#note(slot);
        return this.#valueAt(slot);
      };
      Object.defineProperty(members, name, { get });
    }
    return {
      members,
      within: (member, key, innerKey) => this.#within(member, key, innerKey),
      whole: (member) => this.#note(this.#slotOf(member)),
    };
  }

  #within(member: string, key: string, innerKey: string | undefined): Json | undefined {
    const slot = this.#slotOf(member);
    const within = this.scanner.withins.slotOf(slot, key, innerKey);
    // Whoever has looked at a whole member has seen what lies within.
    if (!this.#trails.has(slot)) this.#note(within ?? nowhere);
    const isThere = within === null ? null : this.scanner.findWithin(within);
    if (isThere === null) return valueWithin(this.#valueAt(slot), key, innerKey);
    return isThere ? this.#read(this.scanner.withinSlot) : undefined;
  }

  #valueAt(slot: number): Json | undefined {
    if ((this.scanner.starts[slot] as number) < 0) return undefined;
    if (this.#parsedOf[slot] !== this.#record) {
      this.#parsed[slot] = this.#read(slot);
      this.#parsedOf[slot] = this.#record;
    }
    return this.#parsed[slot];
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
