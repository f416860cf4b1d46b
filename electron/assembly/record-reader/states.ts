// States of the recogniser of JSON, and the steps that were learnt between them.
//
// A state is where a value has ended, or a text or number will: which containers are open, and, so that the steps from
// it are few, the keys that lead to it. A step is known by its bytes: they run from where one such value ends to where
// the next begins. It tells where members of the record end and begin in it.
import { hashPair } from './bytes';
import {
  mostStates,
  mostSteps,
  shapeSteps,
  statePlaces,
  states,
  stateSize,
  stateTable,
  stepSize,
} from './layout';

/** A state keeps this many steps, in the order in which they were found last. */
const mostOfState: u32 = 32;

/** What follows a step. */
export const text: u32 = 0;
export const number: u32 = 1;
export const endOfRecord: u32 = 2;

/** Marks of a step: where a member ends, where the next one begins, and its slot, `unwanted`, or `none` at the end. */
export const mostMarks: u32 = 4;
export const longestStep: usize = 128;
export const unwanted: u8 = 0xff;

// Of a state.
const objects: usize = 0;
const depth: usize = 8;
const member: usize = 12;
const key: usize = 16;
const first: usize = 20;
const stepCount: usize = 24;

// Of a step.
const next: usize = 0;
const target: usize = 4;
const length: usize = 8;
const kind: usize = 9;
const markCount: usize = 10;
const marks: usize = 12;
const bytes: usize = 32;

let countOfStates: u32 = 0;
let countOfSteps: u32 = 0;

export function forgetStates(): void {
  memory.fill(stateTable, 0, (statePlaces as usize) * 4);
  countOfStates = 0;
  countOfSteps = 0;
}

export function isFullOfStates(): bool {
  return countOfStates >= mostStates || countOfSteps >= mostSteps;
}

/** The state with these containers open (a bit for each, 1 for an object), in this member, behind this key. */
export function stateOf(openObjects: u64, openDepth: u32, ofMember: u32, ofKey: u32): usize {
  let place = hashPair(hashPair(ofMember, ofKey), openDepth ^ (openObjects as u32)) & (statePlaces - 1);
  while (true) {
    const entry = stateTable + ((place as usize) << 2);
    const known: usize = load<u32>(entry);
    if (known == 0) return addState(entry, openObjects, openDepth, ofMember, ofKey);
    if (
      load<u64>(known, objects) == openObjects &&
      load<u32>(known, depth) == openDepth &&
      load<u32>(known, member) == ofMember &&
      load<u32>(known, key) == ofKey
    ) {
      return known;
    }
    place = (place + 1) & (statePlaces - 1);
  }
}

/** 0 where there are too many. */
function addState(entry: usize, openObjects: u64, openDepth: u32, ofMember: u32, ofKey: u32): usize {
  if (countOfStates >= mostStates) return 0;
  const state = states + (countOfStates++ as usize) * stateSize;
  store<u64>(state, openObjects, objects);
  store<u32>(state, openDepth, depth);
  store<u32>(state, ofMember, member);
  store<u32>(state, ofKey, key);
  store<u32>(state, 0, first);
  store<u32>(state, 0, stepCount);
  store<u32>(entry, state as u32);
  return state;
}

export function objectsOf(state: usize): u64 {
  return load<u64>(state, objects);
}

export function depthOf(state: usize): u32 {
  return load<u32>(state, depth);
}

export function memberOf(state: usize): u32 {
  return load<u32>(state, member);
}

export function keyOf(state: usize): u32 {
  return load<u32>(state, key);
}

/** The step whose bytes stand at `at`; 0 where none is known. */
export function findStep(state: usize, at: usize): usize {
  let step: usize = load<u32>(state, first);
  if (step == 0 || matches(step, at)) return step;
  while (true) {
    const before = step;
    step = load<u32>(before, next);
    if (step == 0) return 0;
    if (!matches(step, at)) continue;
    store<u32>(before, load<u32>(step, next), next);
    putFirst(state, step);
    return step;
  }
}

function putFirst(state: usize, step: usize): void {
  store<u32>(step, load<u32>(state, first), next);
  store<u32>(state, step as u32, first);
}

/** Reads no further than 16 bytes beyond the first that differs. */
function matches(step: usize, at: usize): bool {
  const size: u32 = load<u8>(step, length);
  let offset: u32 = 0;
  while (true) {
    const same = i8x16.bitmask(i8x16.eq(v128.load(step + offset, bytes), v128.load(at + offset))) as u32;
    const left = size - offset;
    if (left <= 16) return (~same & ((1 << left) - 1)) == 0;
    if (same != 0xffff) return false;
    offset += 16;
  }
}

/** A step that begins at a state, to be filled; 0 where there is no place for it. */
export function addStep(state: usize, from: usize, size: usize): usize {
  if (size > longestStep || countOfSteps >= mostSteps) return 0;
  const count = load<u32>(state, stepCount);
  let step: usize;
  if (count < mostOfState) {
    step = shapeSteps + (countOfSteps++ as usize) * stepSize;
    store<u32>(state, count + 1, stepCount);
  } else {
    step = takeLast(state);
  }
  for (let offset: usize = 0; offset < size; offset += 16) {
    v128.store(step + offset, v128.load(from + offset), bytes);
  }
  store<u8>(step, size as u8, length);
  putFirst(state, step);
  return step;
}

function takeLast(state: usize): usize {
  let before: usize = 0;
  let step: usize = load<u32>(state, first);
  while (load<u32>(step, next) != 0) {
    before = step;
    step = load<u32>(step, next);
  }
  store<u32>(before, 0, next);
  return step;
}

export function setTarget(step: usize, stateAfter: usize, kindOfNext: u32): void {
  store<u32>(step, stateAfter as u32, target);
  store<u8>(step, kindOfNext as u8, kind);
}

export function setMarks(step: usize, from: usize, count: u32): void {
  v128.store(step, v128.load(from), marks);
  store<u8>(step, count as u8, markCount);
}

export function targetOf(step: usize): usize {
  return load<u32>(step, target);
}

export function sizeOf(step: usize): usize {
  return load<u8>(step, length);
}

export function kindOf(step: usize): u32 {
  return load<u8>(step, kind);
}

export function markCountOf(step: usize): u32 {
  return load<u8>(step, markCount);
}

/** End of a member, start of the next one, and its slot: a byte each, relative to where the step begins. */
export function markOf(step: usize, index: u32): usize {
  return step + marks + (index << 2);
}
