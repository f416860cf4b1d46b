// Rows of the batch that is being built: what was read of each record, as columns. New entries get their ids here; the
// host puts their texts into its dictionaries afterwards.
import {
  batchTexts,
  batchTextsSize,
  carried,
  carriedHashes,
  columnValues,
  entryBatches,
  entryEnds,
  entryIds,
  entryTexts,
  eventKey,
  hashes,
  mostDimensions,
  mostOfColumn,
  mostRows,
  mostValues,
  newTexts,
  newTextsSize,
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
  rowTextBytes,
  sources,
  sourceSize,
  time,
  timeDigits,
  timeNanos,
  valueEntries,
} from './layout';

const lineFeed: u8 = 10;

let dimensionCount: u32 = 0;
let fieldCount: u32 = 0;
let carriedCount: u32 = 0;
/** Batches are told apart by their numbers. */
let batch: u32 = 0;
/** So many bytes of texts make the batch full. */
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
  store<u32>(rowTextBytes, bytes);
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
  if (((row + 2) & 255) == 0) isFull = load<u32>(rowTextBytes) >= mostTextBytes;
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
  store<u32>(rowTextBytes, load<u32>(rowTextBytes) + lengthOfText(entry));
  const count = load<u32>(pendingCount);
  const added = pending + (count as usize) * pendingSize;
  store<u32>(added, column);
  store<u32>(added, entry, 4);
  store<u32>(added, id, 8);
  store<u32>(pendingCount, count + 1);
  return id;
}

function startOfText(entry: u32): u32 {
  return load<u32>(entryEnds + ((entry - 1) << 2));
}

function lengthOfText(entry: u32): u32 {
  return load<u32>(entryEnds + (entry << 2)) - startOfText(entry);
}

/**
 * Puts the texts of what is new in the batch together, by column in the order of ids, a line feed behind each. False
 * where they have no room: few texts of great length may be more than a batch should have.
 */
export function packTexts(): bool {
  const count = load<u32>(pendingCount);
  memory.fill(newTexts, 0, mostDimensions * newTextsSize);
  for (let index: u32 = 0; index < count; index++) {
    const added = pending + (index as usize) * pendingSize;
    const size = newTexts + (load<u32>(added) as usize) * newTextsSize + 4;
    store<u32>(size, load<u32>(size) + lengthOfText(load<u32>(added, 4)) + 1);
  }
  let at = batchTexts;
  for (let column: usize = 0; column < mostDimensions; column++) {
    const place = newTexts + column * newTextsSize;
    store<u32>(place, at as u32);
    at += load<u32>(place, 4);
    if (at > batchTexts + batchTextsSize) return false;
  }
  for (let index: u32 = 0; index < count; index++) {
    const added = pending + (index as usize) * pendingSize;
    const place = newTexts + (load<u32>(added) as usize) * newTextsSize;
    const entry = load<u32>(added, 4);
    const target: usize = load<u32>(place);
    const end = target + (lengthOfText(entry) as usize);
    copyText(target, entryTexts + (startOfText(entry) as usize), end);
    store<u8>(end, lineFeed);
    store<u32>(place, (end + 1) as u32);
  }
  for (let column: usize = 0; column < mostDimensions; column++) {
    const place = newTexts + column * newTextsSize;
    store<u32>(place, load<u32>(place) - load<u32>(place, 4));
  }
  return true;
}

/** Copies to `target` up to `end`. Most texts are too short for a call that copies memory. */
function copyText(target: usize, from: usize, end: usize): void {
  let at = target;
  let source = from;
  for (; at + 16 <= end; at += 16, source += 16) v128.store(at, v128.load(source));
  for (; at < end; at++, source++) store<u8>(at, load<u8>(source));
}
