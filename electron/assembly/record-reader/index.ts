// AssemblyScript, compiled to WebAssembly by `npm run assemble`: reads records of one format from their bytes, as
// electron/ingest/accelerated describes. It finds the members of a record in one pass that also proves that the record
// is valid JSON, gives equal values equal numbers, and follows what the host has learnt of the format's parts.
import { setSeed } from './bytes';
import * as layout from './layout';
import { isAbsent, noKey, scanMembers, setNames, startOf } from './members';
import { quote } from './json';
import { readOwn, setOwn } from './own';
import { forgetTrees, isFullOfTrees, nextRecord, seenAt, valueOf } from './trees';
import { forgetValues, isFullOfValues } from './values';

export { findAt, learn, learnLook, learnValue, setValue, valueOf } from './trees';

export const names = layout.names;
export const nameLengths = layout.nameLengths;
export const starts = layout.starts;
export const ends = layout.ends;
export const escapes = layout.escapes;
export const constants = layout.constants;
export const columnParts = layout.columnParts;
export const columnValues = layout.columnValues;
export const structures = layout.structures;
export const hashes = layout.hashes;
export const eventKey = layout.eventKey;
export const hasEventKey = layout.hasEventKey;
export const time = layout.time;
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

/** Takes what was written: numbers of members, of keys of containers, of columns, structures and ids. */
export function begin(
  members: u32,
  containers: u32,
  columns: u32,
  structureMembers: u32,
  fields: u32,
  timeMember: u32,
  plain: u32,
  seed: u64,
): void {
  setSeed(seed);
  setNames(members, containers);
  setOwn(fields, timeMember);
  columnCount = columns;
  structureCount = structureMembers;
  plainPart = plain;
}

export function setPlainValue(value: u32): void {
  plainValue = value;
}

/** Position after the object that opens at `from`, with its members found; -1 where it is refused. */
export function scan(from: u32): i32 {
  nextRecord();
  return scanMembers(from);
}

/** What is seen at a slot of a question: 0 for what cannot be remembered. */
export function look(slot: u32): u32 {
  return seenAt(slot);
}

/** The record is one for the reference extractor. */
const refused: i32 = -1;
/** Behind this: the part that has to be learnt first. */
const unlearnt: i32 = 0x1_0000;

/**
 * Reads the record that was scanned last into `columnValues` and the ids. Answers a bit for each id that the host has to
 * read; `refused`; or `unlearnt` and the part.
 */
export function read(): i32 {
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

/** Whether nothing more can be remembered. */
export function isFull(): bool {
  return isFullOfTrees() || isFullOfValues();
}

export function forget(): void {
  forgetTrees();
  forgetValues();
}
