import type { Block, Operation, Pattern } from './code.ts';

type Visit = (slot: number) => void;

export function visitPattern(pattern: Pattern, visit: Visit): void {
  switch (pattern.kind) {
    case 'value':
      return;
    case 'slot':
      visit(pattern.slot);
      return;
    case 'object':
      for (const [key, value] of pattern.entries) {
        visitPattern(key, visit);
        visitPattern(value, visit);
      }
      return;
    case 'array':
    case 'set':
      for (const item of pattern.items) visitPattern(item, visit);
  }
}

/** The slots that must hold a value before the pattern can be compared: keys of objects and members of sets. */
export function visitKeys(pattern: Pattern, visit: Visit): void {
  switch (pattern.kind) {
    case 'array':
      for (const item of pattern.items) visitKeys(item, visit);
      return;
    case 'set':
      visitPattern(pattern, visit);
      return;
    case 'object':
      for (const [key, value] of pattern.entries) {
        visitPattern(key, visit);
        visitKeys(value, visit);
      }
      return;
    case 'value':
    case 'slot':
  }
}

/** Every slot of a block, in inner blocks too, except those that are unknown outside of it. */
export function outerSlots(block: Block, extra: readonly (Pattern | null)[] = []): Set<number> {
  const slots = new Set<number>();
  const visit = (slot: number): void => {
    if (slot < block.from || slot >= block.to) slots.add(slot);
  };
  visitBlock(block, visit);
  for (const pattern of extra) if (pattern !== null) visitPattern(pattern, visit);
  return slots;
}

export function visitBlock(block: Block, visit: Visit): void {
  for (const { operation } of block.instructions) visitOperation(operation, visit);
}

function visitOperation(operation: Operation, visit: Visit): void {
  const patterns = (...list: readonly (Pattern | null)[]): void => {
    for (const pattern of list) if (pattern !== null) visitPattern(pattern, visit);
  };
  const inner = (block: Block, ...list: readonly (Pattern | null)[]): void => {
    for (const slot of outerSlots(block, list)) visit(slot);
  };
  switch (operation.kind) {
    case 'unify':
      patterns(operation.left, operation.right);
      return;
    case 'ref':
      if (operation.root.kind === 'term') patterns(operation.root.term);
      patterns(...operation.path, operation.out);
      return;
    case 'call':
      patterns(...operation.args, operation.out);
      return;
    case 'holds':
      patterns(operation.value);
      return;
    case 'comprehension':
      patterns(operation.out);
      inner(operation.body, operation.key, operation.value);
      return;
    case 'not':
      inner(operation.body);
      return;
    case 'logical':
      inner(operation.left);
      inner(operation.right);
      return;
    case 'every':
      patterns(operation.domain);
      inner(operation.body, operation.key, operation.value);
      return;
    case 'with':
      for (const { replacement } of operation.modifiers) {
        if (replacement.kind === 'value') patterns(replacement.value);
      }
      visitBlock(operation.body, visit);
      return;
    case 'template':
      patterns(operation.out);
      for (const part of operation.parts) if (typeof part !== 'string') inner(part.body, part.value);
  }
}
