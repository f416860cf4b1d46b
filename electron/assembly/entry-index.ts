// AssemblyScript, compiled to WebAssembly by `npm run assemble`: the index behind electron/store/write/entry-index.ts.
// It finds the entries of all dictionaries of a case by their bytes. Of each it keeps 128 bits of a hash whose key is
// drawn at random, since whoever writes a log chooses its texts, and the id within its dictionary.
import {
  begin as beginTable,
  count,
  hashOf,
  numberOf,
  prepareTable,
  recordOf,
  reserve,
  touch,
  touchRecords,
} from './key-table';
import { hash128, hashHigh } from './siphash';

/** Two words for each dictionary. */
const secretsAt: usize = 0x8000;
/** How many entries each dictionary has. */
const sizesAt: usize = 0xc000;
const unassigned: u32 = 0xffff_ffff;
const none: u32 = 0xffff_ffff;
const lineFeed: u8 = 10;
const pad: u64 = 32;

/** Answers of `map`. */
const wrongCount: i32 = -1;
const wrongRow: i32 = -2;

/** The key of an entry, and its id. */
const recordSize: usize = 20;
/** Of an entry that is used: its key, the hash of that, and which entry it is. */
const useSize: usize = 32;

// Behind the table lies what is at hand, from one call to the next.
let usesAt: usize = 0;
let knownAt: usize = 0;
let startsAt: usize = 0;
let rowsAt: usize = 0;
let textsAt: usize = 0;
let freshAt: usize = 0;
let freshSize: u32 = 0;
let problem: u32 = 0;

export function secretsAddress(): usize {
  return secretsAt;
}

/** Before anything else. */
export function begin(): void {
  beginTable(recordSize);
}

/** Makes room for so many rows of a column, and the entries and bytes of its dictionary. */
export function prepare(rows: u32, entries: u32, bytes: u32): void {
  const uses = (prepareTable(entries) + 15) & ~(15 as u64);
  const known = uses + (entries as u64) * useSize;
  const starts = known + (entries as u64) * 4;
  const rowsFrom = starts + ((entries as u64) + 1) * 4;
  const texts = (rowsFrom + (rows as u64) * 4 + 15) & ~(15 as u64);
  const fresh = (texts + bytes + pad) & ~(15 as u64);
  reserve(fresh + bytes + pad);
  usesAt = uses as usize;
  knownAt = known as usize;
  startsAt = starts as usize;
  rowsAt = rowsFrom as usize;
  textsAt = texts as usize;
  freshAt = fresh as usize;
}

/** Of each entry of the dictionary at hand: its id, or all ones where no row uses it. */
export function knownAddress(): usize {
  return knownAt;
}

/** Of each entry: where its text begins. The next one begins a line feed behind its end. */
export function startsAddress(): usize {
  return startsAt;
}

/** In: which entry each row has. Out: its id. */
export function rowsAddress(): usize {
  return rowsAt;
}

/** The texts of the entries, with a line feed between two. */
export function textsAddress(): usize {
  return textsAt;
}

/** The texts of the entries that were new, in the order of their ids, each followed by a line feed. */
export function freshAddress(): usize {
  return freshAt;
}

export function freshLength(): u32 {
  return freshSize;
}

/** The entry that is not there, after `wrongRow`. */
export function problemEntry(): u32 {
  return problem;
}

/** Takes the rows to the ids of their entries; answers how many were new, or what is wrong with the column. */
export function map(dictionary: u32, rows: u32, entries: u32, bytes: u32): i32 {
  freshSize = 0;
  if (!findStarts(entries, bytes)) return wrongCount;
  memory.fill(knownAt, 0xff, (entries as usize) * 4);
  const secret = secretsAt + ((dictionary as usize) << 4);
  const key0 = load<u64>(secret);
  const key1 = load<u64>(secret, 8);
  const sizeAt = sizesAt + ((dictionary as usize) << 2);
  const uses = findUses(rows, entries);
  if (uses == none) return wrongRow;
  for (let index: u32 = 0; index < uses; index++) {
    const use = usesAt + (index as usize) * useSize;
    const entry = load<u32>(use, 24) as usize;
    const start = load<u32>(startsAt + (entry << 2));
    const low = hash128(key0, key1, textsAt + start, load<u32>(startsAt + (entry << 2), 4) - start - 1);
    store<u64>(use, low, 8);
    store<u64>(use, hashHigh, 16);
    store<u64>(use, hashOf(low, hashHigh));
  }
  touch(usesAt, useSize, uses);
  touchRecords(usesAt, useSize, uses);
  const before = load<u32>(sizeAt);
  let size = before;
  for (let index: u32 = 0; index < uses; index++) {
    const use = usesAt + (index as usize) * useSize;
    const entry = load<u32>(use, 24);
    const entries = count();
    const number = numberOf(load<u64>(use), load<u64>(use, 8), load<u64>(use, 16));
    const record = recordOf(number);
    if (number == entries) {
      store<u32>(record, size++, 16);
      keepText(entry);
    }
    store<u32>(knownAt + ((entry as usize) << 2), load<u32>(record, 16));
  }
  store<u32>(sizeAt, size);
  for (let row: u32 = 0; row < rows; row++) {
    const at = rowsAt + ((row as usize) << 2);
    store<u32>(at, load<u32>(knownAt + ((load<u32>(at) as usize) << 2)));
  }
  return size - before;
}

/** Which entries the rows use, in the order in which they first do; answers how many, or `none` where one is missing. */
function findUses(rows: u32, entries: u32): u32 {
  let uses: u32 = 0;
  for (let row: u32 = 0; row < rows; row++) {
    const entry = load<u32>(rowsAt + ((row as usize) << 2));
    if (entry >= entries) {
      problem = entry;
      return none;
    }
    const known = knownAt + ((entry as usize) << 2);
    if (load<u32>(known) != unassigned) continue;
    store<u32>(known, 0);
    store<u32>(usesAt + (uses as usize) * useSize, entry, 24);
    uses++;
  }
  return uses;
}

/** Adds the text of an entry to those that are new. */
function keepText(entry: u32): void {
  const start = load<u32>(startsAt + ((entry as usize) << 2));
  const length = load<u32>(startsAt + ((entry as usize) << 2), 4) - start - 1;
  const text = textsAt + start;
  const target = freshAt + freshSize;
  for (let at: u32 = 0; at < length; at += 16) v128.store(target + at, v128.load(text + at));
  store<u8>(target + length, lineFeed);
  freshSize += length + 1;
}

/** Where each entry begins; false where there are not as many texts as entries. */
function findStarts(entries: u32, bytes: u32): bool {
  if (entries == 0) return bytes == 0;
  store<u32>(startsAt, 0);
  let found: u32 = 1;
  const wanted = i8x16.splat(lineFeed);
  for (let at: u32 = 0; at < bytes; at += 16) {
    let hits = i8x16.bitmask(i8x16.eq(v128.load(textsAt + at), wanted));
    while (hits != 0) {
      const position = at + (ctz(hits) as u32);
      if (position >= bytes) break;
      if (found == entries) return false;
      store<u32>(startsAt + ((found as usize) << 2), position + 1);
      found++;
      hits &= hits - 1;
    }
  }
  if (found != entries) return false;
  store<u32>(startsAt + ((entries as usize) << 2), bytes + 1);
  return true;
}

/** For the test against the published vectors: the hash of the texts at hand, under the key of a dictionary. */
export function hashLow(dictionary: u32, bytes: u32): u64 {
  const secret = secretsAt + ((dictionary as usize) << 4);
  return hash128(load<u64>(secret), load<u64>(secret, 8), textsAt, bytes);
}

export function hashHighWord(): u64 {
  return hashHigh;
}
