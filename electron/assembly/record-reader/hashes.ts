// FNV-1a hashes of texts, as shared/util/hash32.ts makes them. Each step waits for the one before, so that two texts
// take no longer than one.
import { pendingTexts } from './layout';

const basis: u32 = 0x811c_9dc5;
const prime: u32 = 0x0100_0193;
const textSize: usize = 16;

let count: usize = 0;

/** A text to hash. The hash goes to `target`, and to where it is remembered unless that is 0. */
export function addText(start: usize, size: u32, target: usize, remembered: usize): void {
  const place = pendingTexts + count++ * textSize;
  store<u32>(place, start as u32);
  store<u32>(place, size, 4);
  store<u32>(place, target as u32, 8);
  store<u32>(place, remembered as u32, 12);
}

export function hashTexts(): void {
  let index: usize = 0;
  for (; index + 1 < count; index += 2) hashTwo(index);
  if (index < count) setHash(index, rest(basis, index, 0));
  count = 0;
}

function hashTwo(index: usize): void {
  const one: usize = load<u32>(pendingTexts + index * textSize);
  const other: usize = load<u32>(pendingTexts + (index + 1) * textSize);
  const shared = min(sizeOf(index), sizeOf(index + 1));
  let hash = basis;
  let otherHash = basis;
  for (let at: usize = 0; at < shared; at++) {
    hash = (hash ^ (load<u8>(one + at) as u32)) * prime;
    otherHash = (otherHash ^ (load<u8>(other + at) as u32)) * prime;
  }
  setHash(index, rest(hash, index, shared));
  setHash(index + 1, rest(otherHash, index + 1, shared));
}

/** The hash of a text, of which what lies before `from` has been hashed. */
function rest(hashed: u32, index: usize, from: usize): u32 {
  const start: usize = load<u32>(pendingTexts + index * textSize);
  const size = sizeOf(index);
  let hash = hashed;
  for (let at = from; at < size; at++) hash = (hash ^ (load<u8>(start + at) as u32)) * prime;
  return hash;
}

function sizeOf(index: usize): usize {
  return load<u32>(pendingTexts + index * textSize, 4);
}

/** Zero means that there is no text. */
function setHash(index: usize, hash: u32): void {
  const place = pendingTexts + index * textSize;
  const kept: u32 = hash == 0 ? 1 : hash;
  store<u32>(load<u32>(place, 8), kept);
  const remembered = load<u32>(place, 12);
  if (remembered != 0) store<u32>(remembered, kept);
}
