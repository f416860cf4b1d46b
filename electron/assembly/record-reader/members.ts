import {
  closeBrace,
  colon,
  comma,
  endOfKey,
  forgetEscapes,
  quote,
  sawEscape,
  setLimit,
  skipBlanks,
  skipValue,
} from './json';
import { input } from './layout';
import { isContainer, slotOf } from './names';
import { forgetNumbers, prepare, touchCandidates } from './numbers';
import { followShape } from './shapes';
import { forgetSlots, isAbsent, setEscapes, setSlot } from './slots';

const refused: i32 = -1;
const longestRecord: usize = 0x1_0000;

/** Position after the object that opens at `from`, with its members found; -1 where it is refused. */
export function scanMembers(from: u32): i32 {
  const start = input + from;
  setLimit(start + longestRecord);
  begin();
  let end = followShape(start);
  if (end == 0 || end - start > longestRecord) {
    begin();
    end = scanWithCare(start);
    if (end == 0) return refused;
  }
  touchCandidates();
  return (end - input) as i32;
}

function begin(): void {
  forgetSlots();
  forgetNumbers();
}

/** Position after the object at `start`, looked at token by token; 0 where it is refused. */
function scanWithCare(start: usize): usize {
  let at = skipBlanks(start + 1);
  while (true) {
    if (load<u8>(at) != quote) return 0;
    const key = at + 1;
    const keyEnd = endOfKey(key);
    if (keyEnd == 0) return 0;
    const slot = slotOf(key, (keyEnd - key) as u32);
    at = skipBlanks(keyEnd + 1);
    if (load<u8>(at) != colon) return 0;
    const value = skipBlanks(at + 1);
    forgetEscapes();
    at = skipValue(value);
    if (at == 0) return 0;
    if (slot >= 0) {
      if (isContainer(slot) || !isAbsent(slot)) return 0;
      setSlot(slot, value, at);
      setEscapes(slot, sawEscape());
      prepare(slot);
    }
    at = skipBlanks(at);
    if (at - start >= longestRecord) return 0;
    const byte: u32 = load<u8>(at);
    if (byte == closeBrace) return at + 1;
    if (byte != comma) return 0;
    at = skipBlanks(at + 1);
  }
}
