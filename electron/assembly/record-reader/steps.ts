// Steps are learnt: JSON between two values, recognised token by token (RFC 8259).
import { hashOf } from './bytes';
import {
  closeBrace,
  closeBracket,
  colon,
  comma,
  deepest,
  endOfKey,
  isDigit,
  openBrace,
  openBracket,
  quote,
  skipBlanks,
  skipWord,
} from './json';
import { stepMarks } from './layout';
import { isContainer, slotOf } from './names';
import {
  addStep,
  depthOf,
  endOfRecord,
  keyOf,
  longestStep,
  memberOf,
  mostMarks,
  number,
  objectsOf,
  setMarks,
  setTarget,
  stateOf,
  text,
  unwanted,
} from './states';

const minus: u32 = 0x2d;

// What is expected next.
const key: u32 = 0;
const value: u32 = 1;
/** A value has ended. */
const separator: u32 = 2;

let depth: u32 = 0;
let objects: u64 = 0;
let member: u32 = 0;
let lastKey: u32 = 0;
let marks: u32 = 0;

/** The step from a state on at `from`, after a value or after the brace that opens the record; 0 where it is not learnt. */
export function learnStep(state: usize, from: usize, isFirst: bool): usize {
  depth = depthOf(state);
  objects = objectsOf(state);
  member = memberOf(state);
  lastKey = keyOf(state);
  marks = 0;
  let expected = isFirst ? key : separator;
  let ended = from;
  let at = from;
  while (true) {
    at = skipBlanks(at);
    if (at - from >= longestStep) return 0;
    const byte: u32 = load<u8>(at);
    if (expected == key) {
      at = takeKey(at, from);
      if (at == 0) return 0;
      expected = value;
    } else if (expected == separator) {
      if (byte == comma) {
        if (depth == 1 && !markEnd(ended - from)) return 0;
        expected = isInObject() ? key : value;
      } else {
        if (byte != (isInObject() ? closeBrace : closeBracket)) return 0;
        if (depth == 1 && !markEnd(ended - from)) return 0;
        close();
      }
      at++;
      ended = at;
      if (depth == 0) return finish(state, from, at, endOfRecord);
    } else if (byte == quote) {
      return finish(state, from, at + 1, text);
    } else if (byte == minus || isDigit(byte)) {
      return finish(state, from, at, number);
    } else if (byte == openBrace || byte == openBracket) {
      if (++depth > (deepest as u32)) return 0;
      objects = (objects << 1) | (byte == openBrace ? 1 : 0);
      at = skipBlanks(at + 1);
      const isEmpty = load<u8>(at) == (byte == openBrace ? closeBrace : closeBracket);
      if (isEmpty) {
        close();
        at++;
      }
      expected = isEmpty ? separator : isInObject() ? key : value;
      ended = at;
    } else {
      at = skipWord(at);
      if (at == 0) return 0;
      expected = separator;
      ended = at;
    }
  }
}

function isInObject(): bool {
  return (objects & 1) != 0;
}

function close(): void {
  depth--;
  objects >>= 1;
}

/** Position of the value behind the key at `from`; 0 where there is none. A member of the record is marked. */
function takeKey(from: usize, base: usize): usize {
  if (load<u8>(from) != quote) return 0;
  const end = endOfKey(from + 1);
  if (end == 0) return 0;
  const length = (end - from - 1) as u32;
  lastKey = hashOf(from + 1, length);
  let at = skipBlanks(end + 1);
  if (load<u8>(at) != colon) return 0;
  at = skipBlanks(at + 1);
  if (depth != 1) return at;
  member = lastKey;
  const slot = slotOf(from + 1, length);
  if (slot >= 0 && isContainer(slot)) return 0;
  if (at - base >= longestStep) return 0;
  // The end of the member before has begun a mark; before the first one there is none that could end.
  if (marks == 0) markEnd(0);
  const mark = stepMarks + ((marks - 1) << 2);
  store<u8>(mark, (at - base) as u8, 1);
  store<u8>(mark, slot < 0 ? unwanted : (slot as u8), 2);
  return at;
}

/** False where there are too many. */
function markEnd(end: usize): bool {
  if (marks >= mostMarks) return false;
  store<u32>(stepMarks + (marks++ << 2), (end as u32) | ((unwanted as u32) << 16));
  return true;
}

function finish(state: usize, from: usize, to: usize, kind: u32): usize {
  const target = kind == endOfRecord ? state : stateOf(objects, depth, member, lastKey);
  const step: usize = target == 0 ? 0 : addStep(state, from, to - from);
  if (step == 0) return 0;
  setTarget(step, target, kind);
  setMarks(step, stepMarks, marks);
  return step;
}
