import type { Instruction, Pattern } from '../compile/code.ts';
import type { TreeNode } from '../compile/tree.ts';
import { plainText } from '../value/print.ts';
import { emptyObject, type Entry, isNumber, lookup, RegoObject, type Value } from '../value/value.ts';
import type { Context, Frame, Next } from './context.ts';
import { eachEntry, match, resolve, undo } from './patterns.ts';

type RefOperation = Extract<Instruction['operation'], { kind: 'ref' }>;

/** References into values, input, base documents and the documents that rules make, all ways that they can go. */
export function evaluateRef(context: Context, operation: RefOperation, frame: Frame, next: Next): boolean {
  const { root, path, out } = operation;
  const arrive = (value: Value): boolean => {
    context.run.step();
    if (out === null) return value !== false && next();
    const mark = frame.trail.length;
    const stop = match(out, value, frame) && next();
    undo(frame, mark);
    return stop;
  };
  if (root.kind === 'data') {
    return walkData({ context, frame, path, arrive }, context.program.tree, context.data, 0);
  }
  if (root.kind === 'term') {
    const value = resolve(root.term, frame);
    return value !== undefined && walkValue(value, path, 0, frame, arrive);
  }
  noteMissing(context, path, frame);
  return context.input !== undefined && walkValue(context.input, path, 0, frame, arrive);
}

/** Remembers the first key of the path that the input does not have. */
function noteMissing(context: Context, path: readonly Pattern[], frame: Frame): void {
  let value = context.input;
  const keys: string[] = [];
  for (const pattern of path) {
    const key = resolve(pattern, frame);
    if (key === undefined || !(value instanceof RegoObject)) break;
    keys.push(plainText(key));
    value = value.get(key);
    if (value === undefined) break;
  }
  if (value === undefined) context.run.missingInput.add(keys.join('.'));
}

type Arrive = (value: Value) => boolean;

function walkValue(
  value: Value,
  path: readonly Pattern[],
  at: number,
  frame: Frame,
  arrive: Arrive,
): boolean {
  let current = value;
  for (let index = at; index < path.length; index++) {
    const pattern = path[index] as Pattern;
    const key = resolve(pattern, frame);
    if (key === undefined) {
      const after = index + 1;
      return eachEntry(current, pattern, frame, (member) => walkValue(member, path, after, frame, arrive));
    }
    const member = lookup(current, key);
    if (member === undefined) return false;
    current = member;
  }
  return arrive(current);
}

/** A path into base documents: the store names members by text, so a number finds the member of that text. */
function walkBase(base: Value, path: readonly Pattern[], at: number, frame: Frame, arrive: Arrive): boolean {
  let current = base;
  for (let index = at; index < path.length; index++) {
    const key = resolve(path[index] as Pattern, frame);
    if (key === undefined) return walkValue(current, path, index, frame, arrive);
    const member = lookupBase(current, key);
    if (member === undefined) return false;
    current = member;
  }
  return arrive(current);
}

function lookupBase(base: Value, key: Value): Value | undefined {
  const found = lookup(base, key);
  if (found !== undefined || !(base instanceof RegoObject)) return found;
  return isNumber(key) || typeof key === 'boolean' ? base.get(plainText(key)) : undefined;
}

interface Walk {
  readonly context: Context;
  readonly frame: Frame;
  readonly path: readonly Pattern[];
  readonly arrive: Arrive;
}

function walkData(walk: Walk, node: TreeNode | undefined, base: Value | undefined, at: number): boolean {
  const { context, frame, path, arrive } = walk;
  if (node === undefined || context.shadowed.has(node)) {
    return base !== undefined && walkBase(base, path, at, frame, arrive);
  }
  if (node.rule !== null && node.rule.kind !== 'function') {
    const value = context.program.evaluator.rule(context, node.rule);
    return value !== undefined && walkValue(value, path, at, frame, arrive);
  }
  if (node.parts !== null) {
    const value = context.program.evaluator.parts(context, node, knownKeys(path, at, frame));
    return value !== undefined && walkValue(value, path, at, frame, arrive);
  }
  if (at === path.length) {
    const value = extent(context, node, base);
    return value !== undefined && arrive(value);
  }
  const pattern = path[at] as Pattern;
  const key = resolve(pattern, frame);
  if (key !== undefined) {
    const child = typeof key === 'string' ? node.children.get(key) : undefined;
    return walkData(walk, child, base === undefined ? undefined : lookupBase(base, key), at + 1);
  }
  return eachEntry(keysOf(node, base), pattern, frame, (name) => {
    const child = typeof name === 'string' ? node.children.get(name) : undefined;
    return walkData(walk, child, base === undefined ? undefined : lookup(base, name), at + 1);
  });
}

/** Keys of base and virtual documents, each as its own value. */
function keysOf(node: TreeNode, base: Value | undefined): RegoObject {
  const entries: Entry[] = [];
  if (base instanceof RegoObject) for (const [key] of base.entries) entries.push([key, key]);
  for (const key of node.children.keys()) entries.push([key, key]);
  return RegoObject.of(entries);
}

function knownKeys(path: readonly Pattern[], at: number, frame: Frame): Value[] {
  const keys: Value[] = [];
  for (const pattern of path.slice(at)) {
    const key = resolve(pattern, frame);
    if (key === undefined) break;
    keys.push(key);
  }
  return keys;
}

/** The whole document at a node: base documents with those that rules make over them. */
export function extent(context: Context, node: TreeNode, base: Value | undefined): Value | undefined {
  if (context.shadowed.has(node)) return base;
  if (node.rule !== null) {
    return node.rule.kind === 'function' ? undefined : context.program.evaluator.rule(context, node.rule);
  }
  if (node.parts !== null) return context.program.evaluator.parts(context, node, []);
  const document = base instanceof RegoObject ? base : emptyObject;
  const entries: Entry[] = [];
  for (const [key, child] of node.children) {
    const below = document.get(key);
    const value = extent(context, child, below);
    if (value !== undefined) entries.push([key, below === undefined ? value : overlaid(below, value)]);
  }
  return entries.length === 0 ? document : RegoObject.of([...document.entries, ...entries]);
}

/** Base documents over those that rules make: where both have a value, the base document's is shown. */
function overlaid(base: Value, virtual: Value): Value {
  if (!(base instanceof RegoObject) || !(virtual instanceof RegoObject)) return base;
  const entries: Entry[] = [...virtual.entries];
  for (const [key, value] of base.entries) {
    const other = virtual.get(key);
    entries.push([key, other === undefined ? value : overlaid(value, other)]);
  }
  return RegoObject.of(entries);
}
