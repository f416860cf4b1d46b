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
  lookSize,
  mostLooks,
  mostNodes,
  mostParts,
  nodes,
  nodeSize,
  partEpochs,
  partValues,
  roots,
  trail,
  withins,
  withinSize,
  withinSlot,
} from './layout';
import { numberOfMember } from './numbers';
import { isAbsent, lengthOf, startOf } from './slots';
import { mostSteps, numberOf, steps, stepSize } from './values';
import { findWithin } from './within';

/** What is seen where a record has nothing. */
const nothing: u32 = 0xffff_ffff;
/** Nothing that could be remembered is seen; no value is known. */
const unknown: u32 = 0;
/** Marks the links that are values. */
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
  if (slot < firstWithin) return isAbsent(slot) ? nothing : numberOfMember(slot);
  if (slot >= firstPart) return valueOf(slot - firstPart);
  const found = findAt(slot);
  return found < 0 ? unknown : found == 0 ? nothing : numberOf(startOf(withinSlot), lengthOf(withinSlot));
}

/** Finds what lies within a member, by its slot: as `findWithin` does. */
export function findAt(slot: u32): i32 {
  const within = withins + ((slot - firstWithin) as usize) * withinSize;
  return findWithin(load<u8>(within), load<u16>(within, 2), load<u16>(within, 4));
}

/** Follows links: they are nodes, or the value to which it comes. */
function walk(root: u32): u32 {
  let link = root;
  while (link != unknown) {
    if ((link & isValue) != 0) return link & ~isValue;
    const node = placeOfNode(link);
    const slot = load<u32>(node);
    const seen = seenAt(slot);
    // Most of what is seen was seen in the record before; what is unknown leads nowhere.
    if (seen == load<u32>(node, 4)) {
      link = load<u32>(node, 8);
      continue;
    }
    if (seen == unknown) return unknown;
    link = follow(link, slot, seen);
    if (link == unknown) return unknown;
    store<u32>(node, seen, 4);
    store<u32>(node, link, 8);
  }
  return unknown;
}

let traced: u32 = 0;

/**
 * The value of a part as `valueOf` finds it, but anew: the looks that lead to it are put into the trail from the given one on,
 * `tracedLooks` of them.
 */
export function trace(part: u32, from: u32): u32 {
  let link = load<u32>(roots + (part << 2));
  traced = 0;
  while (link != unknown && from + traced < (mostLooks as u32)) {
    if ((link & isValue) != 0) return link & ~isValue;
    const slot = load<u32>(placeOfNode(link));
    const seen = seenAt(slot);
    if (seen == unknown) return unknown;
    const look = trail + ((from + traced) as usize) * lookSize;
    store<u32>(look, slot);
    store<u32>(look, seen, 4);
    traced++;
    link = follow(link, slot, seen);
  }
  return unknown;
}

export function tracedLooks(): u32 {
  return traced;
}

/** Where it leads to what is seen at a node. */
function follow(node: u32, slot: u32, seen: u32): u32 {
  if (isNumbered(slot, seen)) {
    const step = stepOf(node, seen);
    const holder = load<u32>(step);
    // Where the place is free nothing was learnt that would be elsewhere.
    if (holder == node || holder == 0) return load<u32>(step, 4);
  }
  return load<u32>(placeOf(node, seen), 8);
}

/** Whether what is seen is a value that is kept. It has room for some of the edges that are about it, near to its bytes. */
function isNumbered(slot: u32, seen: u32): bool {
  return slot < firstPart && seen != nothing;
}

function stepOf(node: u32, value: u32): usize {
  return value + steps + (node % mostSteps) * stepSize;
}

function placeOfNode(node: u32): usize {
  return nodes + (node as usize) * nodeSize;
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

/** Remembers what a part came to: its looks lie in the trail, from the one on that is given. */
export function learn(part: u32, from: u32, count: u32, value: u32): void {
  learntPart = part;
  learntFrom = 0;
  isLost = isFullOfTrees() || nodeCount + count >= mostNodes;
  for (let index: u32 = 0; index < count; index++) {
    const look = trail + ((from + index) as usize) * lookSize;
    learntFrom = nodeFor(load<u32>(look));
    learntSeen = load<u32>(look, 4);
  }
  if (isLost) return;
  const place = placeOfLink();
  if (load<u32>(place) == unknown) store<u32>(place, value | isValue);
}

/** The node behind the last look, made where there is none. */
function nodeFor(slot: u32): u32 {
  if (isLost) return 0;
  const place = placeOfLink();
  const known = load<u32>(place);
  if (known != unknown) {
    isLost = (known & isValue) != 0 || load<u32>(placeOfNode(known)) != slot;
    return known;
  }
  const node = nodeCount++;
  const content = placeOfNode(node);
  store<u32>(content, slot);
  store<u32>(content, unknown, 4);
  store<u32>(content, unknown, 8);
  store<u32>(place, node);
  return node;
}

/** Where it stands what the last look leads to; the place is taken where there is none yet. */
function placeOfLink(): usize {
  if (learntFrom == 0) return roots + (learntPart << 2);
  if (isNumbered(load<u32>(placeOfNode(learntFrom)), learntSeen)) {
    const step = stepOf(learntFrom, learntSeen);
    const holder = load<u32>(step);
    if (holder == 0) store<u32>(step, learntFrom);
    if (holder == 0 || holder == learntFrom) return step + 4;
  }
  const edge = placeOf(learntFrom, learntSeen);
  if (load<u32>(edge) == 0) {
    store<u32>(edge, learntFrom);
    store<u32>(edge, learntSeen, 4);
    edgeCount++;
  }
  return edge + 8;
}
