import type { BuiltinFunction } from '../evaluate/context.ts';
import { BuiltinProblem } from '../evaluate/problems.ts';
import { isArray, lookup, RegoObject, RegoSet, sameValue, type Value } from '../value/value.ts';
import { any, items } from './operands.ts';

/** JSON Patch (RFC 6902) over Rego values; a path may be an array of keys, and members of sets are their own keys. */

type Path = readonly Value[];

function pathOf(value: Value | undefined, name: string): Path {
  if (isArray(value)) return value;
  if (typeof value !== 'string') throw new BuiltinProblem(`missing '${name}' attribute`);
  if (value === '') return [];
  return value
    .replace(/^\//, '')
    .split('/')
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function missing(): BuiltinProblem {
  return new BuiltinProblem('path does not exist');
}

/** The position that a key means in an array; `length` allows the place after the last. */
function indexIn(list: readonly Value[], key: Value, last: number): number {
  const index =
    key === '-' ? list.length : typeof key === 'string' && /^(?:0|[1-9]\d*)$/.test(key) ? Number(key) : key;
  if (
    typeof index !== 'number' ||
    !Number.isInteger(index) ||
    index < 0 ||
    index > last ||
    index > list.length
  ) {
    throw missing();
  }
  return index;
}

function valueAt(document: Value, path: Path): Value {
  let value = document;
  for (const key of path) {
    const found = lookup(value, isArray(value) ? indexIn(value, key, value.length - 1) : key);
    if (found === undefined) throw missing();
    value = found;
  }
  return value;
}

/** The document with what lies at the path changed by `change`, which gets the parent and the last key. */
function changed(document: Value, path: Path, change: (parent: Value, key: Value) => Value): Value {
  const [key, ...rest] = path;
  if (key === undefined) throw missing();
  if (rest.length === 0) return change(document, key);
  const member = valueAt(document, [key]);
  const next = changed(member, rest, change);
  if (document instanceof RegoObject) return document.with(key, next);
  if (document instanceof RegoSet) {
    return RegoSet.of([...document.items.filter((item) => !sameValue(item, member)), next]);
  }
  if (!isArray(document)) throw missing();
  return document.with(indexIn(document, key, document.length - 1), next);
}

function add(document: Value, path: Path, value: Value): Value {
  if (path.length === 0) return value;
  return changed(document, path, (parent, key) => {
    if (parent instanceof RegoObject) return parent.with(key, value);
    if (parent instanceof RegoSet) {
      if (!sameValue(key, value)) throw new BuiltinProblem('set key does not equal the value');
      return RegoSet.of([...parent.items, value]);
    }
    if (!isArray(parent)) throw missing();
    return parent.toSpliced(indexIn(parent, key, parent.length), 0, value);
  });
}

function remove(document: Value, path: Path): Value {
  return changed(document, path, (parent, key) => {
    if (parent instanceof RegoObject && parent.has(key)) {
      return RegoObject.of(parent.entries.filter(([name]) => !sameValue(name, key)));
    }
    if (parent instanceof RegoSet && parent.has(key)) {
      return RegoSet.of(parent.items.filter((item) => !sameValue(item, key)));
    }
    if (!isArray(parent)) throw missing();
    return parent.toSpliced(indexIn(parent, key, parent.length - 1), 1);
  });
}

function replace(document: Value, path: Path, value: Value): Value {
  if (path.length === 0) return value;
  valueAt(document, path);
  return changed(document, path, (parent, key) => {
    if (parent instanceof RegoObject) return parent.with(key, value);
    if (parent instanceof RegoSet) {
      if (!sameValue(key, value)) throw new BuiltinProblem('set key does not equal the value');
      return parent;
    }
    if (!isArray(parent)) throw missing();
    return parent.with(indexIn(parent, key, parent.length - 1), value);
  });
}

function applied(document: Value, patch: Value): Value {
  if (!(patch instanceof RegoObject)) throw new BuiltinProblem('must be an array of JSON-Patch objects');
  const path = pathOf(patch.get('path'), 'path');
  const value = (): Value => {
    const found = patch.get('value');
    if (found === undefined) throw new BuiltinProblem("missing 'value' attribute");
    return found;
  };
  const operation = patch.get('op');
  switch (typeof operation === 'string' ? operation : '') {
    case 'add':
      return add(document, path, value());
    case 'remove':
      return remove(document, path);
    case 'replace':
      return replace(document, path, value());
    case 'move': {
      const from = pathOf(patch.get('from'), 'from');
      const moved = valueAt(document, from);
      if (from.length < path.length && from.every((key, index) => sameValue(key, path[index] as Value))) {
        throw new BuiltinProblem('a value cannot be moved into itself');
      }
      return add(from.length === 0 ? document : remove(document, from), path, moved);
    }
    case 'copy':
      return add(document, path, valueAt(document, pathOf(patch.get('from'), 'from')));
    case 'test':
      if (sameValue(valueAt(document, path), value())) return document;
      throw new BuiltinProblem('value from test operation does not match');
    default:
      throw new BuiltinProblem('unrecognized op');
  }
}

export const patchBuiltins: Readonly<Record<string, BuiltinFunction>> = {
  'json.patch': (args) => items(args, 1).reduce(applied, any(args, 0)),
};
