import { type RejectedRecord, type SkippedRecords, batchCapacity } from '#shared/domain/batch.ts';
import {
  type DimensionName,
  dimensionEntry,
  dimensionNames,
  dimensionTuple,
  dimensions,
  furtherResources,
} from '#shared/domain/dimensions.ts';
import type { NormalizedEvent } from '#shared/domain/event.ts';
import type { FormatName } from '#shared/domain/format.ts';
import { type PackedBatch, type PackedColumn, packColumns } from '#shared/domain/packed-batch.ts';
import { hash32 } from '#shared/util/hash32.ts';
import type { Instant } from '#shared/util/instant.ts';
import { writeEventKey } from '#electron/evidence/records/event-key.ts';
import type { PartExtractor } from './accelerated/extractor.ts';
import { BatchMemory } from './batch-memory.ts';
import { isOpenAtEnd, packedTexts } from './batch-texts.ts';
import { type RowStore, newRowColumns } from './row-columns.ts';
import { TextDictionary } from './text-dictionary.ts';
import { type Tuple, TupleDictionary, unknownTuple } from './tuple-dictionary.ts';

/** A batch is handed on when its dictionaries hold this many characters, however few its events are. */
const fullCharacters = 8 * 1024 * 1024;

/** The dictionary of one dimension for the batch that is being built. */
class Column<Dictionary> {
  /** Its number: ids go to this column of the rows. */
  readonly number: number;
  dictionary: Dictionary;
  readonly #newDictionary: () => Dictionary;

  constructor(name: DimensionName, newDictionary: () => Dictionary) {
    this.number = dimensionNames.indexOf(name);
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
  /** Characters of what an extractor has entered into the dictionaries. */
  #readCharacters = 0;
  /** Where the rows lie: here, or with an extractor that adds some itself. */
  readonly #ownRows: RowStore = { columns: newRowColumns(batchCapacity) };
  #rows: RowStore = this.#ownRows;
  readonly #columns = newColumns();
  #rejected: RejectedRecord[] = [];
  #skipped = new Map<string, number>();
  /** Of the batch that is being built. */
  #number = nextNumber++;
  #extractor: PartExtractor | null = null;
  readonly #memoryOf: (bytes: number) => Uint8Array<ArrayBuffer>;

  /** `memory`: where batches are put. */
  constructor(memory = new BatchMemory()) {
    this.#memoryOf = (bytes) => memory.take(bytes);
  }

  /** Starts on a file; what is left of another one is dropped. `extractor`: adds rows of this file itself. */
  begin(format: FormatName, sha256: string, extractor: PartExtractor | null = null): void {
    this.#format = format;
    this.#sha256 = sha256;
    this.#extractor = extractor;
    this.#rows = extractor?.scanner.rows ?? this.#ownRows;
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
    writeEventKey(this.#rows.columns.keys, at * 4, event.vendorId, { sha256: this.#sha256, offset, part });
    this.#addHashes(at, event);
    this.#addDimensions(at, event);
    this.#measureText();
  }

  /** Lets the extractor add rows by `read`. */
  addRead(extractor: PartExtractor, read: () => number): number {
    const { rows } = extractor.scanner;
    const formatId = this.#columns.format.dictionary.idOf(this.#format);
    const dictionaries = dimensionNames.map((name) => this.#columns[name].dictionary);
    const characters = this.#characters;
    rows.begin(this.#number, this.#count, this.isFull, characters, fullCharacters, formatId, dictionaries);
    const position = read();
    this.#count = rows.count;
    this.#readCharacters += rows.characters - characters;
    this.#measureText();
    return position;
  }

  addRejected(record: RejectedRecord): void {
    this.#rejected.push(record);
  }

  addSkipped(reason: string): void {
    this.#skipped.set(reason, (this.#skipped.get(reason) ?? 0) + 1);
  }

  /** The batch so far; the builder starts afresh. */
  take(): PackedBatch {
    const texts = this.#texts();
    const packed = dimensionNames.map((name): [DimensionName, PackedColumn] => {
      const { number, dictionary } = this.#columns[name];
      const ids = this.#rows.columns.ids[number] as Uint32Array;
      return [name, { ids, entries: dictionary.values.length, texts: texts(name) }];
    });
    const dimensions = Object.fromEntries(packed) as Record<DimensionName, PackedColumn>;
    const columns = packColumns({ ...this.#rows.columns, count: this.#count, dimensions }, this.#memoryOf);
    const skipped: SkippedRecords[] = [...this.#skipped].map(([reason, records]) => ({ reason, records }));
    const batch = { columns, rejected: this.#rejected, skipped };
    this.#clear();
    return batch;
  }

  /** The texts of the dictionaries, of which an extractor has some. */
  #texts(): (name: DimensionName) => Uint8Array {
    const rows = this.#extractor?.scanner.rows;
    const areInOrder = dimensionNames.every((name) => isOpenAtEnd(this.#columns[name].dictionary.values));
    const read = areInOrder ? (rows?.newTexts(this.#number) ?? null) : null;
    if (read === null) rows?.fill(this.#number);
    return (name) => {
      const { number, dictionary } = this.#columns[name];
      return packedTexts(dictionary.values, read?.(number) ?? null);
    };
  }

  #measureText(): void {
    if ((this.#count + 1) % 256 === 0) this.#hasMuchText = this.#characters >= fullCharacters;
  }

  get #characters(): number {
    let characters = this.#readCharacters;
    for (const name of dimensionNames) characters += this.#columns[name].dictionary.characters;
    return characters;
  }

  #place(time: Instant, offset: number, length: number): number {
    const at = this.#count++;
    const { micros, nanos, timeDigits, offsets, lengths } = this.#rows.columns;
    micros[at] = time.micros;
    nanos[at] = time.nanos;
    timeDigits[at] = time.digits;
    offsets[at] = offset;
    lengths[at] = length;
    return at;
  }

  #clear(): void {
    this.#count = 0;
    this.#number = nextNumber++;
    this.#readCharacters = 0;
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
    (this.#rows.columns.hashes[column] as Uint32Array)[at] = value === null ? 0 : hash32(value);
  }

  #addDimensions(at: number, event: NormalizedEvent): void {
    const columns = this.#columns;
    this.#addText(columns.format, at, this.#format);
    for (const name of tupleDimensions) this.#addTuple(columns[name], at, dimensionTuple(name, event));
    this.#addId(columns.resource, at, idOfResources(columns.resource.dictionary, event));
    this.#addText(columns.ip, at, event.ip);
    this.#addText(columns.userAgent, at, event.userAgent);
    this.#addText(columns.account, at, event.account);
    this.#addText(columns.region, at, event.region);
  }

  #addText(column: Column<TextDictionary>, at: number, text: string | null): void {
    this.#addId(column, at, column.dictionary.idOf(text));
  }

  #addTuple(column: Column<TupleDictionary>, at: number, values: Tuple): void {
    const { dictionary } = column;
    const id = dictionary.find(values);
    this.#addId(column, at, id === unknownTuple ? dictionary.add(values, JSON.stringify(values)) : id);
  }

  #addId({ number }: Column<unknown>, at: number, id: number): void {
    (this.#rows.columns.ids[number] as Uint32Array)[at] = id;
  }
}

const tupleDimensions = ['operation', 'decision', 'subject', 'actor', 'session', 'credential'] as const;

/** Batches are told apart by their numbers, whichever builder makes them. */
let nextNumber = 1;

function idOfResources(dictionary: TupleDictionary, event: NormalizedEvent): number {
  const { type, id } = event.resource ?? noResource;
  const further = furtherResources(event);
  if (id === null && further.length === 0) return 0;
  const parts = [String(further.length), type, id, ...further];
  const known = dictionary.find(parts);
  return known === unknownTuple ? dictionary.add(parts, dimensionEntry('resource', event)) : known;
}

const noResource = { type: null, id: null } as const;

/** A column of tuples that are mostly told apart by the part `pivot`. */
function tupleColumn(name: DimensionName, pivot: number): Column<TupleDictionary> {
  return new Column(name, () => new TupleDictionary(dimensions[name].length, pivot));
}

function textColumn(name: DimensionName): Column<TextDictionary> {
  return new Column(name, () => new TextDictionary());
}

function newColumns() {
  return {
    format: textColumn('format'),
    operation: tupleColumn('operation', 1), // the operation: actions are made of it
    decision: tupleColumn('decision', 2), // the reason's text
    subject: tupleColumn('subject', 1), // the id
    actor: tupleColumn('actor', 1),
    session: tupleColumn('session', 0),
    credential: tupleColumn('credential', 0),
    resource: tupleColumn('resource', 2), // the id, behind the number of further resources and the type
    ip: textColumn('ip'),
    userAgent: textColumn('userAgent'),
    account: textColumn('account'),
    region: textColumn('region'),
  } satisfies Record<DimensionName, Column<TupleDictionary> | Column<TextDictionary>>;
}
