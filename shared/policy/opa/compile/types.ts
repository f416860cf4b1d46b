import { type TypeName, typeOf } from '../value/value.ts';
import type { Block, Branch, Callee, Definition, Instruction, Pattern } from './code.ts';
import { nodeAt, type TreeNode } from './tree.ts';

/**
 * Finds the plain type errors that OPA refuses a policy for: a builtin that can never take its operand, a match of
 * kinds that never meet, a reference into a scalar. Kinds are sets of types; whatever is not certain is any kind, so
 * less is found than by OPA's own checker, and nothing that OPA would accept.
 */
type Kinds = number;

const bits: Readonly<Record<TypeName, Kinds>> = {
  null: 1,
  boolean: 2,
  number: 4,
  string: 8,
  array: 16,
  object: 32,
  set: 64,
};
const letters: Readonly<Record<string, Kinds>> = { z: 1, b: 2, n: 4, s: 8, a: 16, o: 32, t: 64, '*': 127 };
const anyKind = 127;
/** Through more rules than this no type is followed. */
const greatestDepth = 100;
const collections = bits.array | bits.object | bits.set;

export interface BuiltinTypes {
  readonly args: readonly string[];
  readonly result: string;
}

export interface TypeProblem {
  readonly definition: Definition;
  readonly offset: number;
  readonly message: string;
}

export function checkTypes(
  tree: TreeNode,
  definitions: readonly Definition[],
  builtin: (name: string) => BuiltinTypes | undefined,
): TypeProblem[] {
  const checker = new Checker(tree, definitions, builtin);
  return definitions.flatMap((definition) => checker.check(definition));
}

function kindsOf(written: string): Kinds {
  let kinds = 0;
  for (const letter of written) kinds |= letters[letter] ?? anyKind;
  return kinds;
}

type Slots = Map<number, Kinds>;
type Report = (instruction: Instruction, message: string) => void;

class Checker {
  readonly #tree: TreeNode;
  readonly #builtin: (name: string) => BuiltinTypes | undefined;
  readonly #functions = new Map<string, Definition[]>();
  /** Kinds of each definition's value; any kind while it is being found out. */
  readonly #values = new Map<Definition, Kinds>();
  #depth = 0;

  constructor(
    tree: TreeNode,
    definitions: readonly Definition[],
    builtin: (name: string) => BuiltinTypes | undefined,
  ) {
    this.#tree = tree;
    this.#builtin = builtin;
    for (const definition of definitions) {
      if (definition.kind !== 'function') continue;
      const key = JSON.stringify(definition.path);
      const known = this.#functions.get(key) ?? [];
      this.#functions.set(key, known);
      known.push(definition);
    }
  }

  check(definition: Definition): TypeProblem[] {
    const problems: TypeProblem[] = [];
    for (const branch of definition.branches) {
      this.#block(branch.block, new Map(), (instruction, message) => {
        problems.push({ definition, offset: instruction.span.start, message });
      });
    }
    return problems.slice(0, 1);
  }

  #valueOf(definition: Definition): Kinds {
    if (definition.kind === 'set') return bits.set;
    const known = this.#values.get(definition);
    if (known !== undefined) return known;
    if (this.#depth >= greatestDepth) return anyKind;
    this.#values.set(definition, anyKind);
    this.#depth++;
    let kinds = 0;
    for (const branch of definition.branches) kinds |= this.#branchValue(branch);
    this.#depth--;
    this.#values.set(definition, kinds);
    return kinds;
  }

  #branchValue(branch: Branch): Kinds {
    const slots: Slots = new Map();
    this.#block(branch.block, slots, () => undefined);
    return kindsOfPattern(branch.value, slots);
  }

  #block(block: Block, slots: Slots, report: Report): void {
    for (const instruction of block.instructions) this.#instruction(instruction, slots, report);
  }

  #instruction(instruction: Instruction, slots: Slots, report: Report): void {
    const { operation } = instruction;
    switch (operation.kind) {
      case 'unify': {
        const [left, right] = [kindsOfPattern(operation.left, slots), kindsOfPattern(operation.right, slots)];
        if ((left & right) === 0) report(instruction, 'match error');
        learn(operation.left, right, slots);
        learn(operation.right, left, slots);
        return;
      }
      case 'ref': {
        const kinds = this.#refKinds(operation, slots);
        if (kinds === 0) report(instruction, 'undefined ref');
        if (operation.out !== null) learn(operation.out, kinds === 0 ? anyKind : kinds, slots);
        return;
      }
      case 'call':
        this.#call(instruction, operation.callee, operation.args, operation.out, slots, report);
        return;
      case 'comprehension':
        this.#block(operation.body, slots, report);
        learn(operation.out, bits[operation.of], slots);
        return;
      case 'template':
        for (const part of operation.parts)
          if (typeof part !== 'string') this.#block(part.body, slots, report);
        learn(operation.out, bits.string, slots);
        return;
      case 'logical':
        this.#block(operation.left, slots, report);
        this.#block(operation.right, slots, report);
        return;
      case 'not':
      case 'with':
        this.#block(operation.body, slots, report);
        return;
      case 'every': {
        const domain = kindsOfPattern(operation.domain, slots);
        if ((domain & collections) === 0) report(instruction, 'every domain must be a collection');
        this.#block(operation.body, slots, report);
        return;
      }
      case 'holds':
    }
  }

  /** The kinds of what a reference finds; 0 where it can find nothing. */
  #refKinds(operation: Extract<Instruction['operation'], { kind: 'ref' }>, slots: Slots): Kinds {
    const { root, path } = operation;
    if (root.kind === 'term') {
      const kinds = kindsOfPattern(root.term, slots);
      return path.length > 0 && (kinds & collections) === 0 ? 0 : path.length === 0 ? kinds : anyKind;
    }
    if (root.kind === 'input') return anyKind;
    const fixed: string[] = [];
    for (const key of path) {
      if (key.kind !== 'value' || typeof key.value !== 'string') break;
      fixed.push(key.value);
      const rule = nodeAt(this.#tree, fixed)?.rule;
      if (rule === undefined || rule === null || rule.kind === 'function') continue;
      const all = rule.fallback === null ? rule.definitions : [...rule.definitions, rule.fallback];
      let kinds = 0;
      for (const definition of all) kinds |= this.#valueOf(definition);
      if (fixed.length === path.length) return kinds;
      return (kinds & collections) === 0 ? 0 : anyKind;
    }
    return anyKind;
  }

  #call(
    instruction: Instruction,
    callee: Callee,
    args: readonly Pattern[],
    out: Pattern | null,
    slots: Slots,
    report: Report,
  ): void {
    let result = 0;
    if (callee.kind === 'builtin') {
      const types = this.#builtin(callee.name);
      if (types === undefined) return;
      for (const [index, arg] of args.entries()) {
        const wanted = kindsOf(types.args[index] ?? '*');
        if ((kindsOfPattern(arg, slots) & wanted) === 0)
          report(instruction, `${callee.name}: invalid argument(s)`);
      }
      result = kindsOf(types.result);
    } else {
      const definitions = this.#functions.get(JSON.stringify(callee.path)) ?? [];
      for (const definition of definitions) result |= this.#valueOf(definition);
    }
    if (out === null || result === 0) return;
    if ((kindsOfPattern(out, slots) & result) === 0) report(instruction, 'match error');
    learn(out, result, slots);
  }
}

function kindsOfPattern(pattern: Pattern, slots: Slots): Kinds {
  switch (pattern.kind) {
    case 'value':
      return bits[typeOf(pattern.value)];
    case 'slot':
      return slots.get(pattern.slot) ?? anyKind;
    case 'array':
    case 'set':
    case 'object':
    default:
      return bits[pattern.kind];
  }
}

/** A slot that nothing was known of gets the kinds of what it is compared with. */
function learn(pattern: Pattern, kinds: Kinds, slots: Slots): void {
  if (pattern.kind === 'slot' && !slots.has(pattern.slot)) slots.set(pattern.slot, kinds);
  else if (pattern.kind === 'array') for (const item of pattern.items) learn(item, anyKind, slots);
  else if (pattern.kind === 'object') for (const [, value] of pattern.entries) learn(value, anyKind, slots);
}
