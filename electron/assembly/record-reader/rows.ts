// Rows of the batch that is being built: what was read of each record, as columns. New entries get their ids here; the
// host puts their texts into its dictionaries afterwards.
import {
  carried,
  carriedHashes,
  columnValues,
  entryBatches,
  entryIds,
  entryLengths,
  eventKey,
  hashes,
  mostOfColumn,
  mostRows,
  mostValues,
  nextIds,
  pending,
  pendingCount,
  pendingSize,
  recordEnd,
  recordStart,
  rowCount,
  rowDigits,
  rowHashes,
  rowIds,
  rowKeys,
  rowLengths,
  rowMicros,
  rowNanos,
  rowOffsets,
  sources,
  sourceSize,
  time,
  timeDigits,
  timeNanos,
  valueEntries,
} from './layout';

let dimensionCount: u32 = 0;
let fieldCount: u32 = 0;
let carriedCount: u32 = 0;
/** Batches are told apart by their numbers. */
let batch: u32 = 0;
/** Of all new entries, and how many make the batch full. */
let textBytes: u32 = 0;
let mostTextBytes: u32 = 0;
let isFull: bool = false;
/** Column of the file's format, whose id is the same in all rows. */
let formatIds: usize = 0;
let formatId: u32 = 0;

/** Takes the number of dimensions that columns tell and of ids. */
export function setRows(dimensions: u32, fields: u32): void {
  dimensionCount = dimensions;
  fieldCount = fields;
}

/** Takes the number of the kinds of ids that values of columns bring along. */
export function setCarried(count: u32): void {
  carriedCount = count;
}

/**
 * Goes on with a batch that has this many rows and so much text, and may be full for the host's own reasons. `column`:
 * number of the ids' column of the format.
 */
export function beginRows(
  number: u32,
  rows: u32,
  full: bool,
  bytes: u32,
  mostBytes: u32,
  column: u32,
  id: u32,
): void {
  if (number != batch) store<u32>(pendingCount, 0);
  batch = number;
  store<u32>(rowCount, rows);
  textBytes = bytes;
  mostTextBytes = mostBytes;
  isFull = full;
  formatIds = idsOf(column);
  formatId = id;
}

export function isBatchFull(): bool {
  return isFull || load<u32>(rowCount) >= mostRows;
}

/** Adds the record that was read last. `base`: where the input begins in the stream. */
export function addRow(base: f64): void {
  const row: usize = load<u32>(rowCount);
  const start = load<u32>(recordStart);
  store<f64>(rowMicros + (row << 3), load<f64>(time));
  store<u16>(rowNanos + (row << 1), load<u32>(timeNanos) as u16);
  store<u8>(rowDigits + row, load<u32>(timeDigits) as u8);
  v128.store(rowKeys + (row << 4), v128.load(eventKey));
  store<f64>(rowOffsets + (row << 3), base + (start as f64));
  store<u32>(rowLengths + (row << 2), load<u32>(recordEnd) - start);
  addHashes(row);
  addIds(row);
  store<u32>(rowCount, (row as u32) + 1);
  // Looked at as often as by the host.
  if (((row + 2) & 255) == 0) isFull = textBytes >= mostTextBytes;
}

function addHashes(row: usize): void {
  for (let index: u32 = 0; index < carriedCount; index++) {
    const column = load<u32>(carried + (index << 3));
    const hash = hashes + (load<u32>(carried + (index << 3), 4) << 2);
    const place = index * mostValues + load<u32>(columnValues + (column << 2));
    if (load<u32>(hash) == 0) store<u32>(hash, load<u32>(carriedHashes + (place << 2)));
  }
  for (let field: u32 = 0; field < fieldCount; field++) {
    store<u32>(rowHashes + ((((field * mostRows) as usize) + row) << 2), load<u32>(hashes + (field << 2)));
  }
}

function addIds(row: usize): void {
  store<u32>(formatIds + (row << 2), formatId);
  for (let index: u32 = 0; index < dimensionCount; index++) {
    const source = sources + (index as usize) * sourceSize;
    const value: usize = load<u32>(columnValues + (load<u32>(source) << 2));
    const entry = load<u32>(valueEntries + ((value * mostOfColumn + load<u32>(source, 4)) << 2));
    const column = load<u32>(source, 8);
    store<u32>(idsOf(column) + (row << 2), entry == 0 ? 0 : idOf(entry, column));
  }
}

function idsOf(column: u32): usize {
  return rowIds + ((column * mostRows) << 2);
}

function idOf(entry: u32, column: u32): u32 {
  const place = entry << 2;
  if (load<u32>(entryBatches + place) == batch) return load<u32>(entryIds + place);
  const id = load<u32>(nextIds + (column << 2));
  store<u32>(nextIds + (column << 2), id + 1);
  store<u32>(entryBatches + place, batch);
  store<u32>(entryIds + place, id);
  textBytes += load<u32>(entryLengths + place);
  const count = load<u32>(pendingCount);
  const added = pending + (count as usize) * pendingSize;
  store<u32>(added, column);
  store<u32>(added, entry, 4);
  store<u32>(added, id, 8);
  store<u32>(pendingCount, count + 1);
  return id;
}
