// Numbers keys of 128 bits, 0 and up in the order in which they come: open addressing. A slot holds a key's number and
// one more, and above it as many bits of the key's hash as there is room for, so that hardly any other key is looked at.
// The slots lie before the keys; both grow in place, and what nobody writes to takes no memory.
import { hashOfWords } from './siphash';

/** Below is what the compiler puts into memory by itself, and what the host writes there. */
const slotsAt: usize = 0x1_0000;
const keySize: usize = 16;
const pageBits: u64 = 16;

let bits: u32 = 14;
let size: u32 = 0;
let seed0: u64 = 0;
let seed1: u64 = 0;

export function seed(first: u64, second: u64): void {
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

function keysAt(bits: u32): u64 {
  return (slotsAt as u64) + ((4 as u64) << bits);
}

/** Where the keys of a table of so many bits end: what lies behind them is the user's. */
export function endOf(bits: u32): u64 {
  return keysAt(bits) + capacityOf(bits) * keySize;
}

export function capacity(): u64 {
  return capacityOf(bits);
}

export function end(): u64 {
  return endOf(bits);
}

/** How many bits it takes for so many more keys. */
export function bitsFor(more: u32): u32 {
  let wanted = bits;
  while ((size as u64) + more > capacityOf(wanted)) wanted++;
  return wanted;
}

/** Makes sure that there is memory up to an address. */
export function reserve(end: u64): void {
  const pages = (end + 0xffff) >> pageBits;
  const have = memory.size() as u64;
  if (pages <= have) return;
  if (pages > 0x1_0000 || memory.grow((pages - have) as i32) < 0) unreachable();
}

/** Makes the table larger; what lies behind it has been moved out of the way. */
export function grow(wanted: u32): void {
  reserve(endOf(wanted));
  const keys = keysAt(wanted) as usize;
  memory.copy(keys, keysAt(bits) as usize, (size as usize) * keySize);
  bits = wanted;
  memory.fill(slotsAt, 0, (4 as usize) << bits);
  const mask = ((1 as u32) << bits) - 1;
  for (let number: u32 = 0; number < size; number++) {
    const key = keys + (number as usize) * keySize;
    const hash = hashOfWords(seed0, seed1, load<u64>(key), load<u64>(key, 8));
    let slot = (hash as u32) & mask;
    while (load<u32>(slotsAt + ((slot as usize) << 2)) != 0) slot = (slot + 1) & mask;
    store<u32>(slotsAt + ((slot as usize) << 2), (((hash >> 32) as u32) & ~mask) | (number + 1));
  }
}

export function hashOf(first: u64, second: u64): u64 {
  return hashOfWords(seed0, seed1, first, second);
}

/** What the first slot of a hash holds: asked ahead, many at once, so that they come from memory together. */
export function firstSlot(hash: u64): u32 {
  return load<u32>(slotsAt + (((hash as u32) & (((1 as u32) << bits) - 1)) as usize) * 4);
}

/** The number of a key of this hash. A new one gets the count that was; there is room for it. */
export function numberOf(hash: u64, first: u64, second: u64): u32 {
  const mask = ((1 as u32) << bits) - 1;
  const tag = ((hash >> 32) as u32) & ~mask;
  const keys = keysAt(bits) as usize;
  let slot = (hash as u32) & mask;
  while (true) {
    const at = slotsAt + ((slot as usize) << 2);
    const held = load<u32>(at);
    if (held == 0) {
      const key = keys + (size as usize) * keySize;
      store<u64>(key, first);
      store<u64>(key, second, 8);
      store<u32>(at, tag | (size + 1));
      return size++;
    }
    if ((held & ~mask) == tag) {
      const number = (held & mask) - 1;
      const key = keys + (number as usize) * keySize;
      if (load<u64>(key) == first && load<u64>(key, 8) == second) return number;
    }
    slot = (slot + 1) & mask;
  }
}
