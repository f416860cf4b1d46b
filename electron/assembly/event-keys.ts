// AssemblyScript, compiled to WebAssembly by `npm run assemble`: the set behind electron/store/write/key-set.ts, of the
// 128-bit keys of all events of a case.
import {
  begin as beginTable,
  count,
  hashOf,
  numberOf,
  prepareTable,
  reserve,
  spreadKeys,
  touch,
  touchRecords,
} from './key-table';

let keysAt: usize = 0;
let hashesAt: usize = 0;
let addedAt: usize = 0;

export function begin(seed0: u64, seed1: u64): void {
  beginTable(16);
  spreadKeys(seed0, seed1);
}

export function size(): u32 {
  return count();
}

/** Makes room for so many more keys; they are to be written to `keysAddress`. */
export function prepare(more: u32): void {
  const end = (prepareTable(more) + 15) & ~(15 as u64);
  reserve(end + (more as u64) * 28);
  keysAt = end as usize;
  hashesAt = keysAt + (more as usize) * 16;
  addedAt = hashesAt + (more as usize) * 8;
}

export function keysAddress(): usize {
  return keysAt;
}

/** The positions of the keys that were new. */
export function addedAddress(): usize {
  return addedAt;
}

/** Adds the keys at hand; answers how many of them were not there. */
export function add(keys: u32): u32 {
  for (let index: u32 = 0; index < keys; index++) {
    const key = keysAt + (index as usize) * 16;
    store<u64>(hashesAt + (index as usize) * 8, hashOf(load<u64>(key), load<u64>(key, 8)));
  }
  touch(hashesAt, 8, keys);
  touchRecords(hashesAt, 8, keys);
  let added: u32 = 0;
  for (let index: u32 = 0; index < keys; index++) {
    const key = keysAt + (index as usize) * 16;
    const before = count();
    if (numberOf(load<u64>(hashesAt + (index as usize) * 8), load<u64>(key), load<u64>(key, 8)) == before) {
      store<u32>(addedAt + (added as usize) * 4, index);
      added++;
    }
  }
  return added;
}
