import {
  type EventBatch,
  type RejectedRecord,
  type SkippedRecords,
  batchCapacity,
} from '#shared/domain/batch.ts';
import {
  type DimensionName,
  dimensionEntry,
  dimensionNames,
  dimensionTuple,
  dimensions,
  furtherResources,
  hashedFields,
} from '#shared/domain/dimensions.ts';
import type { NormalizedEvent } from '#shared/domain/event.ts';
import type { FormatName } from '#shared/domain/format.ts';
import { hash32 } from '#shared/util/hash32.ts';
import type { Instant } from '#shared/util/instant.ts';
import { writeEventKey } from '#electron/evidence/records/event-key.ts';
import type { Entries } from './accelerated/entries.ts';
import type { PartExtractor } from './accelerated/extractor.ts';
import { TextDictionary } from './text-dictionary.ts';
import { type Tuple, TupleDictionary, unknownTuple } from './tuple-dictionary.ts';

/** A batch is handed on when its dictionaries hold this many characters, however few its events are. */
const fullCharacters = 8 * 1024 * 1024;

/** Ids of one dimension, and the dictionary of the batch that they are of. */
class Column<Dictionary> {
  readonly ids = new Uint32Array(batchCapacity);
  dictionary: Dictionary;
  readonly #newDictionary: () => Dictionary;

  constructor(newDictionary: () => Dictionary) {
    this.#newDictionary = newDictionary;
    this.dictionary = newDictionary();
  }

  /** Starts on the next batch. */
  renew(): void {
    this.dictionary = this.#newDictionary();
  }
}

/** Gathers the records of one file after another into batches of columns. */
export class BatchBuilder {
  #format: FormatName = '';
  #sha256 = '';
  #count = 0;
  /** Whether the dictionaries are full, as it was the last time that it was looked: once in 256 events. */
  #hasMuchText = false;
  #micros = new Float64Array(batchCapacity);
  #nanos = new Uint16Array(batchCapacity);
  #timeDigits = new Uint8Array(batchCapacity);
  #keys = new Uint32Array(batchCapacity * 4);
  #offsets = new Float64Array(batchCapacity);
  #lengths = new Uint32Array(batchCapacity);
  #hashes = hashedFields.map(() => new Uint32Array(batchCapacity));
  readonly #columns = newColumns();
  #rejected: RejectedRecord[] = [];
  #skipped = new Map<string, number>();
  /** Of the batch that is being built. */
  #number = nextNumber++;
  /** Columns of what an extractor reads, in its order. */
  #readEntries: Entries | null = null;
  #readColumns: readonly (Column<TupleDictionary> | Column<TextDictionary>)[] = [];

  /** Starts on a file; what is left of another one is dropped. */
  begin(format: FormatName, sha256: string): void {
    this.#format = format;
    this.#sha256 = sha256;
    if (!this.isEmpty) this.#clear();
  }

  get isFull(): boolean {
    return this.#hasMuchText || this.#count >= batchCapacity || this.#rejected.length >= batchCapacity;
  }

  get isEmpty(): boolean {
    return this.#count === 0 && this.#rejected.length === 0 && this.#skipped.size === 0;
  }

  /** Whether so many events more fit in. */
  hasRoomFor(events: number): boolean {
    return this.#count + events <= batchCapacity;
  }

  /** `part`: which of its record's events it is, from 0. */
  addEvent(event: NormalizedEvent, time: Instant, offset: number, length: number, part = 0): void {
    const at = this.#place(time, offset, length);
    writeEventKey(this.#keys, at * 4, event.vendorId, { sha256: this.#sha256, offset, part });
    this.#addHashes(at, event);
    this.#addDimensions(at, event);
    this.#measureText();
  }

  /** Adds the event that an extractor has read. */
  addRead(extractor: PartExtractor, time: Instant, offset: number, length: number): void {
    const { hashes, eventKey, hasEventKey } = extractor.scanner;
    const at = this.#place(time, offset, length);
    if (hasEventKey[0] === 1) {
      for (let word = 0; word < 4; word++) this.#keys[at * 4 + word] = eventKey[word] as number;
    } else writeEventKey(this.#keys, at * 4, null, { sha256: this.#sha256, offset, part: 0 });
    for (let column = 0; column < this.#hashes.length; column++) {
      (this.#hashes[column] as Uint32Array)[at] = hashes[column] as number;
    }
    addText(this.#columns.format, at, this.#format);
    const { entries, found } = extractor;
    if (entries !== this.#readEntries) this.#readInto(entries);
    for (let index = 0; index < found.length; index++) {
      const { ids, dictionary } = this.#readColumns[index] as
        | Column<TupleDictionary>
        | Column<TextDictionary>;
      ids[at] = entries.idIn(this.#number, index, found[index] as number, dictionary);
    }
    this.#measureText();
  }

  addRejected(record: RejectedRecord): void {
    this.#rejected.push(record);
  }

  addSkipped(reason: string): void {
    this.#skipped.set(reason, (this.#skipped.get(reason) ?? 0) + 1);
  }

  /** The batch so far; the builder starts afresh. */
  take(): EventBatch {
    const count = this.#count;
    this.#readEntries?.fill(this.#number);
    const columnOf = (name: DimensionName): EventBatch['dimensions'][DimensionName] => {
      const { ids, dictionary } = this.#columns[name];
      return { ids: ids.slice(0, count), values: dictionary.values };
    };
    const skipped: SkippedRecords[] = [...this.#skipped].map(([reason, records]) => ({ reason, records }));
    const batch: EventBatch = {
      count,
      micros: this.#micros.slice(0, count),
      nanos: this.#nanos.slice(0, count),
      timeDigits: this.#timeDigits.slice(0, count),
      keys: this.#keys.slice(0, count * 4),
      offsets: this.#offsets.slice(0, count),
      lengths: this.#lengths.slice(0, count),
      dimensions: Object.fromEntries(
        dimensionNames.map((name) => [name, columnOf(name)]),
      ) as EventBatch['dimensions'],
      hashes: this.#hashes.map((column) => column.slice(0, count)),
      rejected: this.#rejected,
      skipped,
    };
    this.#clear();
    return batch;
  }

  #measureText(): void {
    if ((this.#count + 1) % 256 !== 0) return;
    let characters = 0;
    for (const name of dimensionNames) characters += this.#columns[name].dictionary.characters;
    this.#hasMuchText = characters >= fullCharacters;
  }

  #readInto(entries: Entries): void {
    this.#readEntries = entries;
    this.#readColumns = entries.dimensions.map((name) => this.#columns[name]);
  }

  #place(time: Instant, offset: number, length: number): number {
    const at = this.#count++;
    this.#micros[at] = time.micros;
    this.#nanos[at] = time.nanos;
    this.#timeDigits[at] = time.digits;
    this.#offsets[at] = offset;
    this.#lengths[at] = length;
    return at;
  }

  #clear(): void {
    this.#count = 0;
    this.#number = nextNumber++;
    this.#hasMuchText = false;
    this.#rejected = [];
    this.#skipped = new Map();
    for (const name of dimensionNames) this.#columns[name].renew();
  }

  #addHashes(at: number, event: NormalizedEvent): void {
    const { requestId, traceId, spanId, sessionId, sharedId } = event.correlation;
    this.#addHash(0, at, event.vendorId);
    this.#addHash(1, at, requestId);
    this.#addHash(2, at, traceId);
    this.#addHash(3, at, spanId);
    this.#addHash(4, at, sessionId);
    this.#addHash(5, at, sharedId);
  }

  #addHash(column: number, at: number, value: string | null): void {
    (this.#hashes[column] as Uint32Array)[at] = value === null ? 0 : hash32(value);
  }

  #addDimensions(at: number, event: NormalizedEvent): void {
    const columns = this.#columns;
    addText(columns.format, at, this.#format);
    for (const name of tupleDimensions) addTuple(columns[name], at, dimensionTuple(name, event));
    addResources(columns.resource, at, event);
    addText(columns.ip, at, event.ip);
    addText(columns.userAgent, at, event.userAgent);
    addText(columns.account, at, event.account);
    addText(columns.region, at, event.region);
  }
}

const tupleDimensions = ['operation', 'decision', 'subject', 'actor', 'session', 'credential'] as const;

/** Batches are told apart by their numbers, whichever builder makes them. */
let nextNumber = 1;

function addText({ ids, dictionary }: Column<TextDictionary>, at: number, text: string | null): void {
  ids[at] = dictionary.idOf(text);
}

function addTuple({ ids, dictionary }: Column<TupleDictionary>, at: number, values: Tuple): void {
  const id = dictionary.find(values);
  ids[at] = id === unknownTuple ? dictionary.add(values, JSON.stringify(values)) : id;
}

function addResources(
  { ids, dictionary }: Column<TupleDictionary>,
  at: number,
  event: NormalizedEvent,
): void {
  const { type, id } = event.resource ?? noResource;
  const further = furtherResources(event);
  if (id === null && further.length === 0) {
    ids[at] = 0;
    return;
  }
  const parts = [String(further.length), type, id, ...further];
  const known = dictionary.find(parts);
  ids[at] = known === unknownTuple ? dictionary.add(parts, dimensionEntry('resource', event)) : known;
}

const noResource = { type: null, id: null } as const;

/** A column of tuples that are mostly told apart by the part `pivot`. */
function tupleColumn(name: DimensionName, pivot: number): Column<TupleDictionary> {
  return new Column(() => new TupleDictionary(dimensions[name].length, pivot));
}

function textColumn(): Column<TextDictionary> {
  return new Column(() => new TextDictionary());
}

function newColumns() {
  return {
    format: textColumn(),
    operation: tupleColumn('operation', 1), // the operation: actions are made of it
    decision: tupleColumn('decision', 2), // the reason's text
    subject: tupleColumn('subject', 1), // the id
    actor: tupleColumn('actor', 1),
    session: tupleColumn('session', 0),
    credential: tupleColumn('credential', 0),
    resource: tupleColumn('resource', 2), // the id, behind the number of further resources and the type
    ip: textColumn(),
    userAgent: textColumn(),
    account: textColumn(),
    region: textColumn(),
  } satisfies Record<DimensionName, Column<TupleDictionary> | Column<TextDictionary>>;
}
