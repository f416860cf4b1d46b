// Shapes of records. Most of a record is what many others have in the same places: keys, and what stands between values.
// What lies between the values that differ (texts and numbers) is learnt once as a *step* from one *state* of the
// recogniser of JSON to another. A record is then followed by comparing bytes with those of steps, and only its texts
// and numbers are looked at. A step was recognised as valid in its state, so equal bytes are valid there too; what no
// step matches is learnt, or else the record is scanned with care.
import { forgetEscapes, sawEscape, skipNumber, skipString } from './json';
import { prepare } from './numbers';
import { isAbsent, setEnd, setEscapes, setStart } from './slots';
import {
  endOfRecord,
  findStep,
  forgetStates,
  isFullOfStates,
  kindOf,
  markCountOf,
  markOf,
  number,
  sizeOf,
  stateOf,
  targetOf,
  unwanted,
} from './states';
import { learnStep } from './steps';

// What changes all the time would be learnt all the time: learning is paid for by records that needed none.
const price: u32 = 16;
const mostCredit: u32 = 0x4000;
let credit: u32 = mostCredit;

/** Where records have no shape that could be learnt, so many are not tried at all: more with each that fails. */
const longestPause: u32 = 64;
let pause: u32 = 0;
let paused: u32 = 0;

/** Where a record begins, after its brace. */
let root: usize = 0;

export function forgetShapes(): void {
  forgetStates();
  root = stateOf(1, 1, 0, 0);
  credit = mostCredit;
}

/** Position after the object at `start`, with its members found; 0 where it has to be scanned with care. */
export function followShape(start: usize): usize {
  if (credit < mostCredit) credit += 4;
  if (paused > 0) {
    paused--;
    return 0;
  }
  const end = follow(start);
  pause = end == 0 ? min(pause * 2 + 1, longestPause) : pause / 2;
  if (end == 0) paused = pause;
  return end;
}

function follow(start: usize): usize {
  if (isFullOfStates()) {
    forgetStates();
    root = stateOf(1, 1, 0, 0);
  }
  let state = root;
  let at = start + 1;
  let open: u32 = unwanted;
  while (true) {
    let step = findStep(state, at);
    if (step == 0) {
      if (credit < price) return 0;
      credit -= price;
      step = learnStep(state, at, at == start + 1);
      if (step == 0) return 0;
    }
    const count = markCountOf(step);
    for (let index: u32 = 0; index < count; index++) {
      const mark = markOf(step, index);
      if (open != unwanted) {
        setEnd(open, at + (load<u8>(mark) as usize));
        setEscapes(open, sawEscape());
        prepare(open);
      }
      open = load<u8>(mark, 2);
      if (open == unwanted) continue;
      if (!isAbsent(open)) return 0;
      setStart(open, at + (load<u8>(mark, 1) as usize));
      forgetEscapes();
    }
    at += sizeOf(step);
    const kind = kindOf(step);
    if (kind == endOfRecord) return at;
    at = kind == number ? skipNumber(at) : skipString(at - 1);
    if (at == 0) return 0;
    state = targetOf(step);
  }
}
