import type { EventBatch } from './batch.ts';
import { type DimensionName, dimensionNames, hashedFields } from './dimensions.ts';

/**
 * A batch on its way to the store: its columns and dictionaries as one stretch of bytes, which nobody between reads.
 * First a header of 32-bit words: `mark`, the number of events, then of each dimension the number of its dictionary's
 * entries and their bytes. Then the columns, the widest first, so that each is aligned; then the dictionaries. Both
 * sides run on one machine: its byte order is theirs.
 */
export interface PackedBatch extends Omit<EventBatch, keyof BatchColumns> {
  readonly columns: Uint8Array<ArrayBuffer>;
}

/** The columns of a batch as `EventBatch` has them, with dictionaries as bytes. */
export interface BatchColumns
  extends Pick<EventBatch, 'count' | 'micros' | 'nanos' | 'timeDigits' | 'keys' | 'offsets' | 'lengths'> {
  readonly dimensions: Readonly<Record<DimensionName, PackedColumn>>;
  readonly hashes: readonly Uint32Array[];
}

export interface PackedColumn {
  readonly ids: Uint32Array;
  /** How many entries the dictionary has. */
  readonly entries: number;
  /** Their JSON texts in UTF-8, with a line feed between two. */
  readonly texts: Uint8Array;
}

const mark = 0x31_42_45_52;
const headerWords = 2 + dimensionNames.length * 2;
/** Of the header, so that what follows is aligned to its widest column. */
const headerBytes = Math.ceil((headerWords * 4) / 8) * 8;
/** Bytes of an event in all columns together. */
const eventBytes = 8 * 2 + 4 * (4 + 1 + hashedFields.length + dimensionNames.length) + 2 + 1;

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** Packs columns of at least `count` events, into `memoryOf` as many bytes as it takes. */
export function packColumns(
  columns: BatchColumns,
  memoryOf: (bytes: number) => Uint8Array<ArrayBuffer> = (bytes) => new Uint8Array(bytes),
): Uint8Array<ArrayBuffer> {
  const { count, dimensions } = columns;
  const texts = dimensionNames.map((name) => dimensions[name].texts);
  const bytes = texts.reduce((sum, { length }) => sum + length, headerBytes + eventBytes * count);
  const packed = memoryOf(bytes);
  const header = new Uint32Array(packed.buffer, 0, headerWords);
  header[0] = mark;
  header[1] = count;
  for (const [index, name] of dimensionNames.entries()) {
    header[2 + index * 2] = dimensions[name].entries;
    header[3 + index * 2] = dimensions[name].texts.length;
  }
  const target = viewsOf(packed, count);
  target.micros.set(columns.micros.subarray(0, count));
  target.offsets.set(columns.offsets.subarray(0, count));
  target.keys.set(columns.keys.subarray(0, count * 4));
  target.lengths.set(columns.lengths.subarray(0, count));
  target.nanos.set(columns.nanos.subarray(0, count));
  target.timeDigits.set(columns.timeDigits.subarray(0, count));
  for (const [index, column] of columns.hashes.entries())
    target.hashes[index]?.set(column.subarray(0, count));
  for (const [index, name] of dimensionNames.entries()) {
    target.ids[index]?.set(dimensions[name].ids.subarray(0, count));
  }
  let at = headerBytes + eventBytes * count;
  for (const text of texts) {
    packed.set(text, at);
    at += text.length;
  }
  return packed;
}

/** The columns of a packed batch, as views of it. Throws a `RangeError` where the bytes are no such thing. */
export function openColumns(columns: Uint8Array): BatchColumns {
  const packed = columns.byteOffset % 8 === 0 ? columns : columns.slice();
  const header = new Uint32Array(
    packed.buffer,
    packed.byteOffset,
    packed.length < headerBytes ? 0 : headerWords,
  );
  if (header[0] !== mark) throw new RangeError('batch: no columns');
  const count = header[1] as number;
  let at = headerBytes + eventBytes * count;
  const texts = dimensionNames.map((_, index) => {
    const length = header[3 + index * 2] as number;
    at += length;
    return packed.subarray(at - length, at);
  });
  if (at !== packed.length) throw new RangeError(`batch: ${packed.length} bytes of ${at}`);
  const { ids, ...views } = viewsOf(packed, count);
  const dimensions = Object.fromEntries(
    dimensionNames.map((name, index): [DimensionName, PackedColumn] => [
      name,
      {
        ids: ids[index] as Uint32Array,
        entries: header[2 + index * 2] as number,
        texts: texts[index] as Uint8Array,
      },
    ]),
  ) as Record<DimensionName, PackedColumn>;
  return { count, ...views, dimensions };
}

/** The texts of a dictionary's entries. */
export function entryTexts({ entries, texts }: PackedColumn): string[] {
  return entries === 0 ? [] : decoder.decode(texts).split('\n');
}

/** Rows of a batch column by column. */
export interface RowColumns
  extends Pick<BatchColumns, 'micros' | 'nanos' | 'timeDigits' | 'keys' | 'offsets' | 'lengths' | 'hashes'> {
  /** In the order of `dimensionNames`. */
  readonly ids: readonly Uint32Array[];
}

function viewsOf({ buffer, byteOffset }: Uint8Array, count: number): RowColumns {
  let at = byteOffset + headerBytes;
  /** Where a column of so many bytes lies. */
  const next = (bytes: number): number => {
    at += bytes;
    return at - bytes;
  };
  const words = (each = 1): Uint32Array => new Uint32Array(buffer, next(4 * each * count), each * count);
  return {
    micros: new Float64Array(buffer, next(8 * count), count),
    offsets: new Float64Array(buffer, next(8 * count), count),
    keys: words(4),
    lengths: words(),
    hashes: hashedFields.map(() => words()),
    ids: dimensionNames.map(() => words()),
    nanos: new Uint16Array(buffer, next(2 * count), count),
    timeDigits: new Uint8Array(buffer, next(count), count),
  };
}
