// Numbers keys of 128 bits, 0 and up in the order in which they come: open addressing. A slot holds a key's number and
// one more, and above it as many bits of the key's hash as there is room for, so that hardly any other key is looked at.
// The slots lie before the records, which begin with the keys; both grow in place, and what nobody writes to takes no
// memory.
//
// A large table is not in the processor's caches. What is looked for comes from memory many at a time, so whoever has
// several keys hashes them all, then has their slots touched, and only then asks for their numbers.
import { hashOfWords } from './siphash';

/** Below is what the compiler puts into memory by itself, and what the host writes there. */
const slotsAt: usize = 0x1_0000;
const pageBits: u64 = 16;

/** Slots of a table that is small, as a power of 2. */
const fastBits: u32 = 20;

/** Hashes that are made before the first of them is used, while the table grows. */
const block: u32 = 256;
const blockAt: usize = 0xe000;

let bits: u32 = 14;
let size: u32 = 0;
let recordSize: usize = 16;
let recordsAt: usize = slotsAt + (4 << 14);
/** Whether keys are spread by a hash; such as are one are spread as they are. */
let spreads: bool = false;
let seed0: u64 = 0;
let seed1: u64 = 0;
/** Keeps what is read ahead from being left out. */
let touched: u32 = 0;

/** `record`: bytes that each key and what belongs to it take. Its keys are hashes under a secret. */
export function begin(record: usize): void {
  recordSize = record;
}

/** The keys may be chosen by anybody: they are spread by a hash under this secret. */
export function spreadKeys(first: u64, second: u64): void {
  spreads = true;
  seed0 = first;
  seed1 = second;
}

export function count(): u32 {
  return size;
}

/** Keys that a table of so many bits holds: five eighths of its slots. */
function capacityOf(bits: u32): u64 {
  return ((5 as u64) << bits) >> 3;
}

function startOf(bits: u32): u64 {
  return (slotsAt as u64) + ((4 as u64) << bits);
}

function endOf(bits: u32): u64 {
  return startOf(bits) + capacityOf(bits) * recordSize;
}

/** Makes sure that there is memory up to an address. */
export function reserve(end: u64): void {
  const pages = (end + 0xffff) >> pageBits;
  const have = memory.size() as u64;
  if (pages <= have) return;
  if (pages > 0x1_0000 || memory.grow((pages - have) as i32) < 0) unreachable();
}

/** Makes room for so many more keys; answers where the table ends. What lay behind it is lost. */
export function prepareTable(more: u32): u64 {
  let wanted = bits;
  // All keys are put in place anew each time: a small table grows faster.
  while ((size as u64) + more > capacityOf(wanted)) wanted += wanted < fastBits ? 2 : 1;
  reserve(endOf(wanted));
  if (wanted != bits) grow(wanted);
  return endOf(bits);
}

function grow(wanted: u32): void {
  const records = startOf(wanted) as usize;
  memory.copy(records, recordsAt, (size as usize) * recordSize);
  bits = wanted;
  recordsAt = records;
  memory.fill(slotsAt, 0, (4 as usize) << bits);
  const mask = ((1 as u32) << bits) - 1;
  for (let from: u32 = 0; from < size; from += block) {
    const hashes = min(block, size - from);
    let key = records + (from as usize) * recordSize;
    for (let index: u32 = 0; index < hashes; index++) {
      store<u64>(blockAt + (index as usize) * 8, hashOf(load<u64>(key), load<u64>(key, 8)));
      key += recordSize;
    }
    touch(blockAt, 8, hashes);
    for (let index: u32 = 0; index < hashes; index++) {
      const hash = load<u64>(blockAt + (index as usize) * 8);
      let slot = (hash as u32) & mask;
      while (load<u32>(slotsAt + ((slot as usize) << 2)) != 0) slot = (slot + 1) & mask;
      store<u32>(slotsAt + ((slot as usize) << 2), (((hash >> 32) as u32) & ~mask) | (from + index + 1));
    }
  }
}

export function hashOf(first: u64, second: u64): u64 {
  return spreads ? hashOfWords(seed0, seed1, first, second) : first ^ second;
}

/** Reads ahead the first slots of hashes that lie `stride` bytes apart. */
export function touch(hashes: usize, stride: usize, count: u32): void {
  const mask = ((1 as u32) << bits) - 1;
  let read: u32 = 0;
  for (let index: u32 = 0; index < count; index++) {
    read ^= load<u32>(slotsAt + (((load<u32>(hashes) & mask) as usize) << 2));
    hashes += stride;
  }
  touched = read;
}

/** Reads ahead the records that those slots name. */
export function touchRecords(hashes: usize, stride: usize, count: u32): void {
  const mask = ((1 as u32) << bits) - 1;
  let read: u32 = 0;
  for (let index: u32 = 0; index < count; index++) {
    const held = load<u32>(slotsAt + (((load<u32>(hashes) & mask) as usize) << 2)) & mask;
    if (held != 0) read ^= load<u32>(recordsAt + ((held - 1) as usize) * recordSize);
    hashes += stride;
  }
  touched = read;
}

/** Where the record of a number lies. */
export function recordOf(number: u32): usize {
  return recordsAt + (number as usize) * recordSize;
}

/** The number of a key of this hash. A new one gets the count that was; there is room for it. */
export function numberOf(hash: u64, first: u64, second: u64): u32 {
  const mask = ((1 as u32) << bits) - 1;
  const tag = ((hash >> 32) as u32) & ~mask;
  let slot = (hash as u32) & mask;
  while (true) {
    const at = slotsAt + ((slot as usize) << 2);
    const held = load<u32>(at);
    if (held == 0) {
      const key = recordOf(size);
      store<u64>(key, first);
      store<u64>(key, second, 8);
      store<u32>(at, tag | (size + 1));
      return size++;
    }
    if ((held & ~mask) == tag) {
      const key = recordOf((held & mask) - 1);
      if (load<u64>(key) == first && load<u64>(key, 8) == second) return (held & mask) - 1;
    }
    slot = (slot + 1) & mask;
  }
}
