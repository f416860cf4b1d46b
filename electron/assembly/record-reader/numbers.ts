// Numbers of the values of a record's members. What is kept of them is far away in memory, and each time to wait for it:
// members that are asked for are therefore hashed as they are found, and touched in one go when the record ends, so that
// all of it is on its way at the same time.
import { hashOf } from './bytes';
import { askedFor, memberCandidates, memberHashes, memberNumbers } from './layout';
import { lengthOf, startOf } from './slots';
import { candidateOf, longestValue, numberByHash, numberOf, unnumbered } from './values';

/** Records that a member is looked up in after it was asked for. */
const patience: u8 = 2;

/** A bit for each member whose hash is known, and whose number is. */
let hashed: u64 = 0;
let numbered: u64 = 0;
let candidates: usize = 0;

/** The next record is looked at. */
export function forgetNumbers(): void {
  hashed = 0;
  numbered = 0;
  candidates = 0;
}

/** A member's value has been found. */
export function prepare(slot: u32): void {
  const left: u8 = load<u8>(askedFor + slot);
  if (left == 0) return;
  store<u8>(askedFor + slot, left - 1);
  const length = lengthOf(slot);
  if (length > longestValue) return;
  const hash = hashOf(startOf(slot), length);
  hashed |= (1 as u64) << (slot as u64);
  store<u32>(memberHashes + (slot << 2), hash);
  store<u32>(memberCandidates + (candidates++ << 2), hash);
}

/** All members have been found. */
export function touchCandidates(): void {
  const end = memberCandidates + (candidates << 2);
  for (let at = memberCandidates; at < end; at += 4) store<u32>(at, candidateOf(load<u32>(at)));
  // Stored, since a load that nobody needs would be left out.
  for (let at = memberCandidates; at < end; at += 4) store<u32>(at, load<u32>(load<u32>(at)));
}

/** The number of the value of a member that is there. */
export function numberOfMember(slot: u32): u32 {
  const bit = (1 as u64) << (slot as u64);
  const place = memberNumbers + (slot << 2);
  if ((numbered & bit) != 0) return load<u32>(place);
  store<u8>(askedFor + slot, patience);
  const number =
    (hashed & bit) == 0
      ? numberOf(startOf(slot), lengthOf(slot))
      : numberByHash(startOf(slot), lengthOf(slot), load<u32>(memberHashes + (slot << 2)));
  store<u32>(place, number);
  numbered |= bit;
  return number;
}

/** The number where it has been asked for already. */
export function knownNumber(slot: u32): u32 {
  return ((numbered >> (slot as u64)) & 1) == 0 ? unnumbered : load<u32>(memberNumbers + (slot << 2));
}
