import type { Block, Operation, Pattern } from './code.ts';
import type { Program } from './program.ts';

/** First keys below `input` that the policy reads; `*` where it reads the input as a whole or by computed keys. */
export function inputKeys(program: Program): ReadonlySet<string> {
  const keys = new Set<string>();
  for (const definition of program.definitions) {
    for (const branch of definition.branches) collect(branch.block, keys);
  }
  return keys;
}

function collect(block: Block, keys: Set<string>): void {
  for (const { operation } of block.instructions) collectOperation(operation, keys);
}

function collectOperation(operation: Operation, keys: Set<string>): void {
  switch (operation.kind) {
    case 'ref':
      if (operation.root.kind === 'input') keys.add(firstKey(operation.path[0]));
      return;
    case 'comprehension':
    case 'not':
    case 'every':
    case 'with':
      collect(operation.body, keys);
      return;
    case 'logical':
      collect(operation.left, keys);
      collect(operation.right, keys);
      return;
    case 'template':
      for (const part of operation.parts) if (typeof part !== 'string') collect(part.body, keys);
      return;
    case 'unify':
    case 'call':
    case 'holds':
  }
}

function firstKey(pattern: Pattern | undefined): string {
  return pattern?.kind === 'value' && typeof pattern.value === 'string' ? pattern.value : '*';
}
