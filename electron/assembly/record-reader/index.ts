// AssemblyScript, compiled to WebAssembly by `npm run assemble`: reads records of one format from their bytes, as
// electron/ingest/accelerated describes. It finds the members of a record in one pass that also proves that the record
// is valid JSON, gives equal values equal numbers, and follows what the host has learnt of the format's parts.
import { setSeed } from './bytes';
import * as layout from './layout';
import { scanMembers } from './members';
import { setNames } from './names';
import { forgetShapes } from './shapes';
import { comma, openBrace, quote, skipBlanks } from './json';
import { forgetNumbers } from './numbers';
import { readOwn, setOwn } from './own';
import { addRow, isBatchFull, setRows } from './rows';
import { isAbsent, startOf } from './slots';
import { forgetTrees, isFullOfTrees, nextRecord, seenAt, valueOf } from './trees';
import { forgetValues, isFullOfValues } from './values';
import { forgetLists, noKey } from './within';

export { beginRows, packTexts, setCarried } from './rows';
export { findAt, learn, setValue, trace, tracedLooks, valueOf } from './trees';

export const names = layout.names;
export const nameLengths = layout.nameLengths;
export const starts = layout.starts;
export const ends = layout.ends;
export const escapes = layout.escapes;
export const constants = layout.constants;
export const columnParts = layout.columnParts;
export const structures = layout.structures;
export const hashes = layout.hashes;
export const eventKey = layout.eventKey;
export const hasEventKey = layout.hasEventKey;
export const time = layout.time;
export const timeNanos = layout.timeNanos;
export const timeDigits = layout.timeDigits;
export const recordStart = layout.recordStart;
export const recordEnd = layout.recordEnd;
export const stoppedAt = layout.stoppedAt;
export const takenTo = layout.takenTo;
export const rowCount = layout.rowCount;
export const valueEntries = layout.valueEntries;
export const mostValues = layout.mostValues;
export const mostOfColumn = layout.mostOfColumn;
export const carried = layout.carried;
export const mostCarried = layout.mostCarried;
export const carriedHashes = layout.carriedHashes;
export const mostEntries = layout.mostEntries;
export const entryEnds = layout.entryEnds;
export const entryTexts = layout.entryTexts;
export const entryTextsSize = layout.entryTextsSize;
export const newTexts = layout.newTexts;
export const newTextsSize = layout.newTextsSize;
export const sources = layout.sources;
export const sourceSize = layout.sourceSize;
export const mostDimensions = layout.mostDimensions;
export const nextIds = layout.nextIds;
export const mostRows = layout.mostRows;
export const rowMicros = layout.rowMicros;
export const rowOffsets = layout.rowOffsets;
export const rowKeys = layout.rowKeys;
export const rowLengths = layout.rowLengths;
export const rowHashes = layout.rowHashes;
export const rowIds = layout.rowIds;
export const rowNanos = layout.rowNanos;
export const rowDigits = layout.rowDigits;
export const pendingSize = layout.pendingSize;
export const pending = layout.pending;
export const fieldPaths = layout.fieldPaths;
export const keys = layout.keys;
export const keyLengths = layout.keyLengths;
export const withins = layout.withins;
export const input = layout.input;
export const withinSlot = layout.withinSlot;
export const mostMembers = layout.mostMembers;
export const nameSize = layout.nameSize;
export const mostParts = layout.mostParts;
export const mostFields = layout.mostFields;
export const mostPaths = layout.mostPaths;
export const pathSize = layout.pathSize;
export const trail = layout.trail;
export const mostLooks = layout.mostLooks;
export const mostKeys = layout.mostKeys;
export const withinSize = layout.withinSize;
export const firstWithin = layout.firstWithin;
export const firstPart = layout.firstPart;
export const keyOfNone = noKey;

let columnCount: u32 = 0;
let structureCount: u32 = 0;
let plainPart: u32 = 0;
/** The value of the part that tells whether a record is plain, where it is. */
let plainValue: u32 = 0;

/** Of `take`: where the input begins in the stream, up to where records are known, and how many more it may take. */
let base: f64 = 0;
let knownTo: f64 = 0;
let wanted: u32 = 0;
let at: usize = 0;
/** The host asks for a pause before the next record. */
let isPauseWanted: bool = false;

/** Takes what was written: numbers of members, of keys of containers, of columns, structures, ids and dimensions. */
export function begin(
  members: u32,
  containers: u32,
  columns: u32,
  structureMembers: u32,
  fields: u32,
  dimensions: u32,
  timeMember: u32,
  plain: u32,
  seed: u64,
): void {
  setSeed(seed);
  setNames(members, containers);
  forgetShapes();
  setOwn(fields, timeMember);
  setRows(dimensions, fields);
  columnCount = columns;
  structureCount = structureMembers;
  plainPart = plain;
}

export function setPlainValue(value: u32): void {
  plainValue = value;
}

/** Position after the object that opens at `from`, with its members found; -1 where it is refused. */
function scan(from: u32): i32 {
  nextRecord();
  forgetLists();
  const end = scanMembers(from);
  store<u32>(layout.recordStart, from);
  store<u32>(layout.recordEnd, end as u32);
  return end;
}

/** What is seen at a slot of a question: 0 for what cannot be remembered. */
export function look(slot: u32): u32 {
  return seenAt(slot);
}

/** What the host is asked for: nothing, `take` has stopped before anything that it could take. */
export const stopped: i32 = -1;
/** It has stopped at a record that it leaves to the host. */
export const stoppedAtRecord: i32 = -2;
/** To forget, and to call `next`. */
export const paused: i32 = -3;
/** To learn this part, and to call `readAgain`. Below: to read the ids whose bits are set, and to call `add`. */
export const unlearnt: i32 = 0x1_0000;

/** The record is one for the reference extractor. */
const refused: i32 = -1;

/**
 * Adds rows for the records from `from` on and passes over blanks and commas between them: at most `most`, while the
 * batch has room for them. Records that end at `known` in the stream or before are passed over. `start`: where the input
 * begins in the stream. Answers with what the host is asked for.
 */
export function take(from: u32, most: u32, start: f64, known: f64): i32 {
  at = layout.input + from;
  wanted = most;
  base = start;
  knownTo = known;
  store<u32>(layout.takenTo, 0);
  return next();
}

/** Goes on with the next record. */
export function next(): i32 {
  while (true) {
    at = skipSeparators(at);
    const from = (at - layout.input) as u32;
    store<u32>(layout.stoppedAt, from);
    if (wanted == 0 || load<u8>(at) != openBrace) return stopped;
    if (isPauseWanted || isFullOfTrees() || isFullOfValues()) return paused;
    const end = scan(from);
    if (end < 0) return stopped;
    if (base + (end as f64) <= knownTo) {
      pass();
      continue;
    }
    if (isBatchFull()) return stoppedAtRecord;
    const answer = read();
    if (answer == refused) return stoppedAtRecord;
    if (answer != 0) return answer;
    addTaken();
  }
}

/** Reads the record again after a part was learnt, and goes on. */
export function readAgain(): i32 {
  const answer = read();
  if (answer == refused) return stoppedAtRecord;
  return answer == 0 ? add() : answer;
}

/** Adds the record whose ids the host has read, and goes on. */
export function add(): i32 {
  addTaken();
  return next();
}

function addTaken(): void {
  addRow(base);
  pass();
}

function pass(): void {
  const end = load<u32>(layout.recordEnd);
  wanted--;
  at = layout.input + end;
  store<u32>(layout.takenTo, end);
}

function skipSeparators(from: usize): usize {
  let place = skipBlanks(from);
  while (load<u8>(place) == comma) place = skipBlanks(place + 1);
  return place;
}

/**
 * Reads the record that was scanned last. Answers 0; a bit for each id that the host has to read; `unlearnt` and the
 * part; `refused`.
 */
function read(): i32 {
  for (let index: u32 = 0; index < structureCount; index++) {
    const slot = load<u32>(layout.structures + (index << 2));
    if (!isAbsent(slot) && load<u8>(startOf(slot)) == quote) return refused;
  }
  const plain = valueOf(plainPart);
  if (plain == 0) return unlearnt + plainPart;
  if (plain != plainValue) return refused;
  for (let column: u32 = 0; column < columnCount; column++) {
    const part = load<u32>(layout.columnParts + (column << 2));
    const value = valueOf(part);
    if (value == 0) return unlearnt + part;
    store<u32>(layout.columnValues + (column << 2), value);
  }
  return readOwn();
}

/** Asks for a pause before the next record. */
export function wantPause(): void {
  isPauseWanted = true;
}

export function forget(): void {
  isPauseWanted = false;
  forgetTrees();
  forgetNumbers();
  forgetValues();
  memory.fill(layout.entryBatches, 0, (layout.mostEntries as usize) * 4);
}
