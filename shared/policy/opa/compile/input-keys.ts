import { volatileReads } from '../../../util/opa-decision.ts';
import { volatileBuiltins } from '../evaluate/problems.ts';
import type { Block, Operation, Pattern } from './code.ts';
import type { Program } from './program.ts';

/**
 * What the policy can read of a request, as JSON Pointers below `input` without their first slash; `*` where it reads
 * the input as a whole. `volatileReads` where a builtin answers differently from time to time.
 */
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
      if (operation.root.kind === 'input') keys.add(fixedPointer(operation.path));
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
    case 'call':
      if (operation.callee.kind === 'builtin' && volatileBuiltins.has(operation.callee.name))
        keys.add(volatileReads);
      return;
    case 'unify':
    case 'holds':
  }
}

/** The keys that are fixed, up to the first that is worked out: below it anything may be read. */
function fixedPointer(path: readonly Pattern[]): string {
  const keys: string[] = [];
  for (const pattern of path) {
    if (pattern.kind !== 'value' || typeof pattern.value !== 'string') break;
    keys.push(pattern.value.replaceAll('~', '~0').replaceAll('/', '~1'));
  }
  return keys.length === 0 ? '*' : keys.join('/');
}
