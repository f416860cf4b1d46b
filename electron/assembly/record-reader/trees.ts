// What parts of a record come to, by what they look at. A part is a pure function: what it looks at first is always the
// same, and what next depends on what it has seen. So its results make a tree of questions.
import { hashPair } from './bytes';
import {
  constants,
  edgePlaces,
  edges,
  edgeSize,
  firstPart,
  firstWithin,
  memberEpochs,
  memberNumbers,
  mostNodes,
  mostParts,
  nodes,
  partEpochs,
  partValues,
  roots,
  withins,
  withinSize,
  withinSlot,
} from './layout';
import { findWithin, isAbsent } from './members';
import { numberAt } from './values';

/** What is seen where a record has nothing. */
const nothing: u32 = 0xffff_ffff;
/** Nothing that could be remembered is seen; no value is known. */
const unknown: u32 = 0;
/** Marks the nodes that are values. */
const isValue: u32 = 0x8000_0000;
const mostEdges: u32 = edgePlaces / 2;

let epoch: u32 = 1;
let nodeCount: u32 = 1;
let edgeCount: u32 = 0;

/** The next record is looked at. */
export function nextRecord(): void {
  epoch++;
}

export function isFullOfTrees(): bool {
  return nodeCount >= mostNodes - 64 || edgeCount >= mostEdges;
}

export function forgetTrees(): void {
  memory.fill(edges, 0, (edgePlaces as usize) * edgeSize);
  memory.fill(roots, 0, mostParts * 4);
  nodeCount = 1;
  edgeCount = 0;
}

/** The value of a part for the record; `unknown` where it has to be learnt. */
export function valueOf(part: u32): u32 {
  const offset = part << 2;
  if (load<u32>(partEpochs + offset) == epoch) return load<u32>(partValues + offset);
  const constant = load<u32>(constants + offset);
  const value = constant != unknown ? constant : walk(load<u32>(roots + offset));
  if (value != unknown) setValue(part, value);
  return value;
}

/** The value that a part has for this record. */
export function setValue(part: u32, value: u32): void {
  store<u32>(partValues + (part << 2), value);
  store<u32>(partEpochs + (part << 2), epoch);
}

/** What is seen at a slot: the number of a value, `nothing`, the value of a part, or `unknown`. */
export function seenAt(slot: u32): u32 {
  if (slot < firstWithin) return memberAt(slot);
  if (slot >= firstPart) return valueOf(slot - firstPart);
  const found = findAt(slot);
  return found < 0 ? unknown : found == 0 ? nothing : numberAt(withinSlot);
}

/** Finds what lies within a member, by its slot: as `findWithin` does. */
export function findAt(slot: u32): i32 {
  const within = withins + ((slot - firstWithin) as usize) * withinSize;
  return findWithin(load<u8>(within), load<u16>(within, 2), load<u16>(within, 4));
}

function memberAt(slot: u32): u32 {
  const offset = slot << 2;
  if (load<u32>(memberEpochs + offset) == epoch) return load<u32>(memberNumbers + offset);
  const number = isAbsent(slot) ? nothing : numberAt(slot);
  store<u32>(memberNumbers + offset, number);
  store<u32>(memberEpochs + offset, epoch);
  return number;
}

function walk(root: u32): u32 {
  let node = root;
  while (node != 0) {
    const content = load<u32>(nodes + ((node as usize) << 2));
    if ((content & isValue) != 0) return content & ~isValue;
    const seen = seenAt(content);
    if (seen == unknown) return unknown;
    node = load<u32>(placeOf(node, seen), 8);
  }
  return unknown;
}

/** The place of an edge, or the free one where it would be. */
function placeOf(node: u32, seen: u32): usize {
  let place = hashPair(node, seen) & (edgePlaces - 1);
  while (true) {
    const edge = edges + (place as usize) * edgeSize;
    const from = load<u32>(edge);
    if (from == 0 || (from == node && load<u32>(edge, 4) == seen)) return edge;
    place = (place + 1) & (edgePlaces - 1);
  }
}

/** Where what is learnt next goes: 0 for the root of the part. */
let learntFrom: u32 = 0;
let learntSeen: u32 = 0;
let learntPart: u32 = 0;
/** The trail left the tree: a part that asks in another order than before is not pure, and is not remembered. */
let isLost: bool = false;

/** Begins to learn what a part has looked at. */
export function learn(part: u32): void {
  learntPart = part;
  learntFrom = 0;
  isLost = isFullOfTrees();
}

/** It looked at a slot, and saw this. */
export function learnLook(slot: u32, seen: u32): void {
  const node = nodeFor(slot);
  learntFrom = node;
  learntSeen = seen;
}

/** So it came to this value. */
export function learnValue(value: u32): void {
  nodeFor(value | isValue);
}

/** The node behind the last look, made where there is none. */
function nodeFor(content: u32): u32 {
  if (isLost) return 0;
  const link = learntFrom == 0 ? roots + (learntPart << 2) : placeOf(learntFrom, learntSeen) + 8;
  const known = load<u32>(link);
  if (known != 0) {
    if (load<u32>(nodes + ((known as usize) << 2)) != content) isLost = true;
    return known;
  }
  const node = nodeCount++;
  store<u32>(nodes + ((node as usize) << 2), content);
  store<u32>(link, node);
  if (learntFrom != 0) {
    store<u32>(link - 8, learntFrom);
    store<u32>(link - 8, learntSeen, 4);
    edgeCount++;
  }
  return node;
}
