// AssemblyScript, compiled to WebAssembly by `npm run assemble`: the index behind electron/store/write/entry-index.ts.
// It finds the entries of all dictionaries of a case by their bytes. Of each it keeps 128 bits of a hash whose key is
// drawn at random, since whoever writes a log chooses its texts, and the id within its dictionary.
import { bitsFor, capacity, count, end, endOf, grow, hashOf, numberOf, reserve, seed } from './key-table';
import { hash128, hashHigh } from './siphash';

/** Two words for the table, then two for each dictionary. */
const secretsAt: usize = 0x8000;
/** How many entries each dictionary has. */
const sizesAt: usize = 0xc000;
const unassigned: u32 = 0xffff_ffff;
const lineFeed: u8 = 10;
const pad: u64 = 32;

/** Answers of `map`. */
const wrongCount: i32 = -1;
const wrongRow: i32 = -2;

// Behind the keys: the id of each, and then what is at hand, from one call to the next.
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

/** The secrets have been written. */
export function begin(): void {
  seed(load<u64>(secretsAt), load<u64>(secretsAt, 8));
}

/** Makes room for so many rows of a column, and the entries and bytes of its dictionary. */
export function prepare(rows: u32, entries: u32, bytes: u32): void {
  const bits = bitsFor(entries);
  const idsAt = end();
  if (endOf(bits) != idsAt) {
    const moved = endOf(bits);
    reserve(moved + (count() as u64) * 4);
    memory.copy(moved as usize, idsAt as usize, (count() as usize) * 4);
    grow(bits);
  }
  const known = (end() + capacity() * 4 + 15) & ~(15 as u64);
  const starts = known + (entries as u64) * 4;
  const rowsFrom = starts + ((entries as u64) + 1) * 4;
  const texts = (rowsFrom + (rows as u64) * 4 + 15) & ~(15 as u64);
  const fresh = (texts + bytes + pad) & ~(15 as u64);
  reserve(fresh + bytes + pad);
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
  const secret = secretsAt + 16 + ((dictionary as usize) << 4);
  const key0 = load<u64>(secret);
  const key1 = load<u64>(secret, 8);
  const sizeAt = sizesAt + ((dictionary as usize) << 2);
  const before = load<u32>(sizeAt);
  for (let row: u32 = 0; row < rows; row++) {
    const at = rowsAt + ((row as usize) << 2);
    const entry = load<u32>(at);
    if (entry >= entries) {
      problem = entry;
      return wrongRow;
    }
    const known = knownAt + ((entry as usize) << 2);
    let id = load<u32>(known);
    if (id == unassigned) {
      id = idOf(key0, key1, entry, sizeAt);
      store<u32>(known, id);
    }
    store<u32>(at, id);
  }
  return load<u32>(sizeAt) - before;
}

function idOf(key0: u64, key1: u64, entry: u32, sizeAt: usize): u32 {
  const start = load<u32>(startsAt + ((entry as usize) << 2));
  const length = load<u32>(startsAt + ((entry as usize) << 2), 4) - start - 1;
  const text = textsAt + start;
  const low = hash128(key0, key1, text, length);
  const high = hashHigh;
  const before = count();
  const number = numberOf(hashOf(low, high), low, high);
  const idAt = (end() as usize) + ((number as usize) << 2);
  if (number != before) return load<u32>(idAt);
  const id = load<u32>(sizeAt);
  store<u32>(sizeAt, id + 1);
  store<u32>(idAt, id);
  const target = freshAt + freshSize;
  for (let at: u32 = 0; at < length; at += 16) v128.store(target + at, v128.load(text + at));
  store<u8>(target + length, lineFeed);
  freshSize += length + 1;
  return id;
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
  const secret = secretsAt + 16 + ((dictionary as usize) << 4);
  return hash128(load<u64>(secret), load<u64>(secret, 8), textsAt, bytes);
}

export function hashHighWord(): u64 {
  return hashHigh;
}
