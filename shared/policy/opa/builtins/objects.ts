import type { BuiltinFunction, Run } from '../evaluate/context.ts';
import { beyond, BuiltinProblem } from '../evaluate/problems.ts';
import {
  emptyObject,
  type Entry,
  entriesOf,
  identityOf,
  isArray,
  lookup,
  RegoObject,
  RegoSet,
  sameValue,
  typeOf,
  type Value,
} from '../value/value.ts';
import { any, array, items, object } from './operands.ts';

/** Objects merged at every depth; on other conflicts the second wins. */
function union(first: Value, second: Value): Value {
  if (!(first instanceof RegoObject) || !(second instanceof RegoObject)) return second;
  const entries: Entry[] = [...first.entries];
  for (const [key, value] of second.entries) {
    const before = first.get(key);
    entries.push([key, before === undefined ? value : union(before, value)]);
  }
  return RegoObject.of(entries);
}

/** Keys given as an array or a set of them, or as the keys of an object. */
function keySet(args: readonly Value[], position: number): RegoSet {
  const value = args[position];
  if (value instanceof RegoObject) return RegoSet.of(value.entries.map(([key]) => key));
  if (value instanceof RegoSet || isArray(value)) return RegoSet.of(items(args, position));
  throw new BuiltinProblem(`operand ${position + 1} must be one of {object, set, array}`);
}

function get(args: readonly Value[]): Value {
  let value: Value | undefined = object(args, 0);
  const key = any(args, 1);
  // A null that is there is a value like any other.
  for (const part of isArray(key) ? key : [key]) {
    value = lookup(value, part);
    if (value === undefined) return any(args, 2);
  }
  return value;
}

function isSubset(args: readonly Value[]): boolean {
  const [whole, part] = [any(args, 0), any(args, 1)];
  if (whole instanceof RegoObject && part instanceof RegoObject) return objectSubset(whole, part);
  if (whole instanceof RegoSet && part instanceof RegoSet) return part.items.every((item) => whole.has(item));
  if (isArray(whole) && part instanceof RegoSet) {
    // As OPA counts: every member of the array that is in the set, also one that comes twice.
    return whole.length > 0 && whole.filter((item) => part.has(item)).length >= part.size;
  }
  if (isArray(whole) && isArray(part)) {
    return Array.from({ length: whole.length - part.length + 1 }, (_, start) => start).some((start) =>
      part.every((item, index) => sameValue(item, whole[start + index] as Value)),
    );
  }
  throw new BuiltinProblem('both arguments object.subset must be of the same type or array and set');
}

function objectSubset(whole: RegoObject, part: RegoObject): boolean {
  return part.entries.every(([key, value]) => {
    const found = whole.get(key);
    if (found === undefined) return false;
    if (found instanceof RegoObject && value instanceof RegoObject) return objectSubset(found, value);
    if (found instanceof RegoSet && value instanceof RegoSet)
      return value.items.every((item) => found.has(item));
    if (isArray(found) && isArray(value)) return isSubset([found, value]);
    return sameValue(found, value);
  });
}

/** A path as `json.filter` takes it: `a/b` (with `~1` for `/`) or an array of keys. */
function pathOf(value: Value): readonly Value[] {
  if (isArray(value)) return value;
  if (typeof value !== 'string') throw new BuiltinProblem('must be one of {string, array} containing paths');
  if (value === '') return [];
  return value
    .replace(/^\/+/, '')
    .split('/')
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
}

type Paths = Map<Value, Paths | 'whole'>;

/** Paths as a tree; where one path leads through another's end, the shorter counts. */
function pathTree(args: readonly Value[], position: number): Paths {
  const root: Paths = new Map();
  for (const item of items(args, position)) {
    let node = root;
    const path = pathOf(item);
    for (const [index, key] of path.entries()) {
      const child = node.get(key);
      if (child === 'whole') break;
      if (index === path.length - 1) node.set(key, 'whole');
      else if (child === undefined) {
        const next: Paths = new Map();
        node.set(key, next);
        node = next;
      } else node = child;
    }
  }
  return root;
}

function filtered(value: Value, paths: Paths | 'whole'): Value | undefined {
  if (paths === 'whole') return value;
  if (value instanceof RegoObject) {
    const entries: Entry[] = [];
    for (const [key, child] of paths) {
      const member = value.get(key);
      const kept = member === undefined ? undefined : filtered(member, child);
      if (kept !== undefined) entries.push([key, kept]);
    }
    return RegoObject.of(entries);
  }
  if (value instanceof RegoSet) {
    const kept = value.items.filter((item) => paths.has(item));
    return RegoSet.of(kept.map((item) => filtered(item, paths.get(item) ?? 'whole') ?? item));
  }
  // A path that goes on where a value has nothing within ends there.
  if (!isArray(value)) return value;
  return value.flatMap((item, index) => {
    const child = paths.get(String(index));
    const kept = child === undefined ? undefined : filtered(item, child);
    return kept === undefined ? [] : [kept];
  });
}

function removed(value: Value, paths: Paths | 'whole'): Value | undefined {
  if (paths === 'whole') return undefined;
  const kept = (key: Value, member: Value): Value | undefined => {
    const child = paths.get(key);
    return child === undefined ? member : removed(member, child);
  };
  if (value instanceof RegoObject) {
    return RegoObject.of(
      value.entries.flatMap(([key, member]) => {
        const rest = kept(key, member);
        return rest === undefined ? [] : [[key, rest] as const];
      }),
    );
  }
  if (value instanceof RegoSet) return RegoSet.of(value.items.flatMap((item) => kept(item, item) ?? []));
  if (!isArray(value)) return value;
  return value.flatMap((item, index) => {
    const rest = kept(String(index), item);
    return rest === undefined ? [] : [rest];
  });
}

/** Every value within the document with the path to it, the document itself first. */
function walk(args: readonly Value[], run: Run): Value {
  const found: Value[] = [];
  const visit = (path: readonly Value[], value: Value): void => {
    run.charge(1 + path.length);
    found.push([path, value]);
    if (path.length > 1000) throw beyond('nested too deeply');
    for (const [key, member] of entriesOf(value)) visit([...path, key], member);
  };
  visit([], any(args, 0));
  return found;
}

function neighbours(graph: RegoObject, node: Value): readonly Value[] {
  const edges = graph.get(node);
  if (edges instanceof RegoSet) return edges.items;
  return isArray(edges) ? edges : [];
}

function reachable(args: readonly Value[], run: Run): Value {
  const graph = object(args, 0);
  const waiting = [...items(args, 1)];
  const found: Value[] = [];
  const seen = new Set<string>();
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    run.step();
    const identity = identityOf(node);
    if (seen.has(identity) || !graph.has(node)) continue;
    seen.add(identity);
    found.push(node);
    waiting.push(...neighbours(graph, node));
  }
  return RegoSet.of(found);
}

/** All paths from the nodes on that end where no new node follows. */
function reachablePaths(args: readonly Value[], run: Run): Value {
  const graph = object(args, 0);
  const paths: Value[] = [];
  const follow = (node: Value, path: readonly Value[]): void => {
    run.charge(1 + path.length);
    const edges = neighbours(graph, node);
    const next = edges.filter((edge) => graph.has(edge) && !path.some((before) => sameValue(before, edge)));
    if (edges.length === 0 || next.length < edges.length || next.length === 0) paths.push(path);
    for (const edge of next) follow(edge, [...path, edge]);
  };
  for (const node of items(args, 1)) if (graph.has(node)) follow(node, [node]);
  return RegoSet.of(paths);
}

export const objectBuiltins: Readonly<Record<string, BuiltinFunction>> = {
  'object.get': get,
  'object.keys': (args) => RegoSet.of(object(args, 0).entries.map(([key]) => key)),
  'object.union': (args) => union(object(args, 0), object(args, 1)),
  'object.union_n': (args) =>
    array(args, 0).reduce<Value>((merged, item) => {
      if (!(item instanceof RegoObject)) {
        throw new BuiltinProblem(
          `operand 1 must be array of objects but got array containing ${typeOf(item)}`,
        );
      }
      return union(merged, item);
    }, emptyObject),
  'object.remove': (args) => {
    const keys = keySet(args, 1);
    return RegoObject.of(object(args, 0).entries.filter(([key]) => !keys.has(key)));
  },
  'object.filter': (args) => {
    const keys = keySet(args, 1);
    return RegoObject.of(object(args, 0).entries.filter(([key]) => keys.has(key)));
  },
  'object.subset': isSubset,
  'json.filter': (args) => filtered(object(args, 0), pathTree(args, 1)),
  'json.remove': (args) => removed(object(args, 0), pathTree(args, 1)),
  walk,
  'graph.reachable': reachable,
  'graph.reachable_paths': reachablePaths,
};
