import type { Pattern } from '../compile/code.ts';
import { entriesOf, isArray, RegoObject, RegoSet, sameValue, type Value } from '../value/value.ts';
import type { Frame } from './context.ts';

/** The pattern's value; undefined while a slot in it is empty. */
export function resolve(pattern: Pattern, frame: Frame): Value | undefined {
  switch (pattern.kind) {
    case 'value':
      return pattern.value;
    case 'slot':
      return frame.slots[pattern.slot];
    case 'array':
      return resolveAll(pattern.items, frame);
    case 'set': {
      const items = resolveAll(pattern.items, frame);
      return items === undefined ? undefined : RegoSet.of(items);
    }
    case 'object':
    default: {
      const entries: [Value, Value][] = [];
      for (const [keyPattern, valuePattern] of pattern.entries) {
        const key = resolve(keyPattern, frame);
        const value = resolve(valuePattern, frame);
        if (key === undefined || value === undefined) return undefined;
        entries.push([key, value]);
      }
      return RegoObject.of(entries);
    }
  }
}

export function resolveAll(patterns: readonly Pattern[], frame: Frame): Value[] | undefined {
  const values: Value[] = [];
  for (const pattern of patterns) {
    const value = resolve(pattern, frame);
    if (value === undefined) return undefined;
    values.push(value);
  }
  return values;
}

/** Empties the slots that were filled since `mark`. */
export function undo(frame: Frame, mark: number): void {
  while (frame.trail.length > mark) {
    const slot = frame.trail.pop();
    if (slot !== undefined) frame.slots[slot] = undefined;
  }
}

/** Compares a pattern with a value and fills its empty slots. On failure some may be filled: undo them. */
export function match(pattern: Pattern, value: Value, frame: Frame): boolean {
  switch (pattern.kind) {
    case 'value':
      return sameValue(pattern.value, value);
    case 'slot': {
      const held = frame.slots[pattern.slot];
      if (held !== undefined) return sameValue(held, value);
      frame.slots[pattern.slot] = value;
      frame.trail.push(pattern.slot);
      return true;
    }
    case 'array':
      return (
        isArray(value) &&
        value.length === pattern.items.length &&
        pattern.items.every((item, index) => match(item, value[index] as Value, frame))
      );
    case 'set': {
      const known = resolve(pattern, frame);
      return known !== undefined && sameValue(known, value);
    }
    case 'object':
    default: {
      if (!(value instanceof RegoObject)) return false;
      const found = new Set<Value>();
      for (const [keyPattern, valuePattern] of pattern.entries) {
        const key = resolve(keyPattern, frame);
        const member = key === undefined ? undefined : value.get(key);
        if (key === undefined || member === undefined || !match(valuePattern, member, frame)) return false;
        found.add(key);
      }
      return RegoSet.of(found).size === value.size;
    }
  }
}

/** Makes two patterns equal; parts that are empty on both sides wait until another part has filled one. */
export function unify(left: Pattern, right: Pattern, frame: Frame): boolean {
  let open: [Pattern, Pattern][] = [[left, right]];
  for (;;) {
    const waiting: [Pattern, Pattern][] = [];
    for (const [first, second] of open) if (!meet(first, second, frame, waiting)) return false;
    if (waiting.length === 0) return true;
    if (waiting.length === open.length && waiting.every(([first], index) => first === open[index]?.[0])) {
      return false;
    }
    open = waiting;
  }
}

function meet(first: Pattern, second: Pattern, frame: Frame, waiting: [Pattern, Pattern][]): boolean {
  const left = resolve(first, frame);
  if (left !== undefined) return match(second, left, frame);
  const right = resolve(second, frame);
  if (right !== undefined) return match(first, right, frame);
  if (first.kind === 'array' && second.kind === 'array') {
    if (first.items.length !== second.items.length) return false;
    return first.items.every((item, index) => meet(item, second.items[index] ?? item, frame, waiting));
  }
  if (first.kind === 'object' && second.kind === 'object') {
    return meetObjects(first.entries, second.entries, frame, waiting);
  }
  if (first.kind !== 'slot' && second.kind !== 'slot') return false;
  waiting.push([first, second]);
  return true;
}

type Entries = readonly (readonly [key: Pattern, value: Pattern])[];

function meetObjects(first: Entries, second: Entries, frame: Frame, waiting: [Pattern, Pattern][]): boolean {
  if (first.length !== second.length) return false;
  return first.every(([keyPattern, value]) => {
    const key = resolve(keyPattern, frame);
    if (key === undefined) return false;
    const other = second.find(([candidate]) => {
      const known = resolve(candidate, frame);
      return known !== undefined && sameValue(known, key);
    });
    return other !== undefined && meet(value, other[1], frame, waiting);
  });
}

/** The entries of a collection whose key meets the pattern, one after the other. */
export function eachEntry(
  value: Value,
  key: Pattern,
  frame: Frame,
  visit: (value: Value) => boolean,
): boolean {
  for (const [entryKey, member] of entriesOf(value)) {
    const mark = frame.trail.length;
    const stop = match(key, entryKey, frame) && visit(member);
    undo(frame, mark);
    if (stop) return true;
  }
  return false;
}
