import type { Block, Instruction, Operation, Pattern } from './code.ts';
import { sameValue } from '../value/value.ts';
import { outerSlots, visitBlock, visitKeys, visitPattern } from './slots.ts';

/**
 * Orders the instructions of a block so that each finds the values that it needs: the first that can run is taken,
 * so the order of the source stays where it may. Where none can run, the variables that nothing gives a value to
 * are unsafe (https://www.openpolicyagent.org/docs/policy-language#safety).
 */
export type Scheduled = { readonly block: Block } | { readonly unsafe: readonly UnsafeSlot[] };

export interface UnsafeSlot {
  readonly slot: number;
  readonly instruction: Instruction;
}

type Filled = Set<number>;

/** `filled` gains what the block's instructions fill. */
export function schedule(block: Block, filled: Filled): Scheduled {
  const waiting = [...block.instructions];
  const ordered: Instruction[] = [];
  while (waiting.length > 0) {
    const index = waiting.findIndex((instruction) => {
      if (!instruction.needs.every((slot) => filled.has(slot))) return false;
      const operation = ready(instruction.operation, filled);
      if (operation !== null) ordered.push({ ...instruction, operation });
      return operation !== null;
    });
    if (index === -1) return { unsafe: unsafeSlots(waiting, block, filled) };
    waiting.splice(index, 1);
  }
  return { block: { ...block, instructions: ordered } };
}

function unsafeSlots(waiting: readonly Instruction[], block: Block, filled: Filled): UnsafeSlot[] {
  const unsafe: UnsafeSlot[] = [];
  for (const instruction of waiting) {
    visitBlock({ ...block, instructions: [instruction] }, (slot) => {
      if (!filled.has(slot)) unsafe.push({ slot, instruction });
    });
  }
  return unsafe;
}

/** The operation with its inner blocks ordered, when it can run now; its results are then filled. */
function ready(operation: Operation, filled: Filled): Operation | null {
  const known = (pattern: Pattern | null): boolean => pattern === null || isKnown(pattern, filled);
  const comparable = (pattern: Pattern | null): boolean => pattern === null || keysKnown(pattern, filled);
  const fill = (pattern: Pattern | null): void => {
    if (pattern !== null) visitPattern(pattern, (slot) => filled.add(slot));
  };
  switch (operation.kind) {
    case 'unify':
      return unifyFills(operation.left, operation.right, filled) ? operation : null;
    case 'ref':
      if (operation.root.kind === 'term' && !known(operation.root.term)) return null;
      if (!operation.path.every(comparable)) return null;
      if (operation.out !== null && !outputComparable(operation.out, operation.path, filled)) return null;
      operation.path.forEach(fill);
      fill(operation.out);
      return operation;
    case 'call':
      if (!operation.args.every(known) || !comparable(operation.out)) return null;
      fill(operation.out);
      return operation;
    case 'holds':
      return known(operation.value) ? operation : null;
    case 'comprehension': {
      if (!comparable(operation.out)) return null;
      const body = closed(operation.body, filled, [operation.key, operation.value]);
      if (body === null) return null;
      fill(operation.out);
      return { ...operation, body };
    }
    case 'not': {
      const body = closed(operation.body, filled, []);
      return body === null ? null : { ...operation, body };
    }
    case 'logical': {
      const left = closed(operation.left, filled, []);
      const right = closed(operation.right, filled, []);
      return left === null || right === null ? null : { ...operation, left, right };
    }
    case 'every': {
      if (!known(operation.domain)) return null;
      const inner = new Set(filled);
      for (const pattern of [operation.key, operation.value])
        visitPattern(pattern, (slot) => inner.add(slot));
      const body = closed(operation.body, inner, []);
      return body === null ? null : { ...operation, body };
    }
    case 'with': {
      const values = operation.modifiers.map(({ replacement }) =>
        replacement.kind === 'value' ? replacement.value : null,
      );
      if (!values.every(known)) return null;
      const inner = new Set(filled);
      const result = schedule(operation.body, inner);
      if ('unsafe' in result) return null;
      for (const slot of inner) filled.add(slot);
      return { ...operation, body: result.block };
    }
    case 'template': {
      const ready = readyTemplate(operation, filled);
      if (ready !== null) fill(operation.out);
      return ready;
    }
    default:
      return null;
  }
}

function readyTemplate(
  operation: Extract<Operation, { kind: 'template' }>,
  filled: Filled,
): Operation | null {
  const parts: (string | { body: Block; value: Pattern })[] = [];
  for (const part of operation.parts) {
    const body = typeof part === 'string' ? null : closed(part.body, filled, [part.value]);
    if (typeof part === 'string') parts.push(part);
    else if (body === null) return null;
    else parts.push({ body, value: part.value });
  }
  return { ...operation, parts };
}

/** A block whose solutions stay inside: everything that it uses from outside must be known. */
function closed(block: Block, filled: Filled, heads: readonly (Pattern | null)[]): Block | null {
  for (const slot of outerSlots(block, heads)) if (!filled.has(slot)) return null;
  const inner = new Set(filled);
  const result = schedule(block, inner);
  if ('unsafe' in result) return null;
  for (const head of heads) if (head !== null && !isKnown(head, inner)) return null;
  return result.block;
}

export function isKnown(pattern: Pattern, filled: ReadonlySet<number>): boolean {
  let known = true;
  visitPattern(pattern, (slot) => {
    known &&= filled.has(slot);
  });
  return known;
}

function keysKnown(pattern: Pattern, filled: ReadonlySet<number>): boolean {
  let known = true;
  visitKeys(pattern, (slot) => {
    known &&= filled.has(slot);
  });
  return known;
}

/** The value of a reference may be compared with what its own path finds. */
function outputComparable(out: Pattern, path: readonly Pattern[], filled: Filled): boolean {
  const withPath = new Set(filled);
  for (const part of path) visitPattern(part, (slot) => withPath.add(slot));
  return keysKnown(out, withPath);
}

/** Whether comparing two patterns gives every slot in them a value, in however many rounds. */
function unifyFills(left: Pattern, right: Pattern, filled: Filled): boolean {
  const found = new Set(filled);
  for (;;) {
    const before = found.size;
    if (settle(left, right, found)) {
      for (const slot of found) filled.add(slot);
      return isKnown(left, found) && isKnown(right, found);
    }
    if (found.size === before) return false;
  }
}

/** One round: fills what lies opposite of known parts; true when nothing is left open. */
function settle(first: Pattern, second: Pattern, found: Filled): boolean {
  for (const [known, other] of [
    [first, second],
    [second, first],
  ] as const) {
    if (isKnown(known, found) && keysKnown(other, found)) {
      visitPattern(other, (slot) => found.add(slot));
      return true;
    }
  }
  if (first.kind === 'array' && second.kind === 'array') {
    const shared = Math.min(first.items.length, second.items.length);
    const pairs = first.items
      .slice(0, shared)
      .map((item, index) => settle(item, second.items[index] ?? item, found));
    // Arrays of different length never meet, but what is left over must have a value all the same.
    const rest = [...first.items.slice(shared), ...second.items.slice(shared)];
    return pairs.every(Boolean) && rest.every((item) => isKnown(item, found));
  }
  if (first.kind === 'object' && second.kind === 'object') {
    const pairs = first.entries.map(([key, value]) => {
      const other = second.entries.find(([candidate]) => samePattern(candidate, key));
      return other === undefined ? isKnown(value, found) : settle(value, other[1], found);
    });
    return pairs.every(Boolean) && isKnown(second, found);
  }
  return false;
}

function samePattern(first: Pattern, second: Pattern): boolean {
  if (first.kind === 'slot') return second.kind === 'slot' && first.slot === second.slot;
  return first.kind === 'value' && second.kind === 'value' && sameValue(first.value, second.value);
}
