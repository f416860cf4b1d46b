import { RegoObject, type Value } from './value.ts';

/**
 * A document of which some parts are not known. Whoever reads one of them, or looks at all members beside it, adds its
 * path to `read`. Within an array the array as a whole counts as not known.
 */
export function withHidden(document: Value, paths: readonly (readonly string[])[], read: Set<string>): Value {
  let value = document;
  for (const path of paths) value = hide(value, path, () => void read.add(path.join('.')));
  return value;
}

function hide(value: Value, path: readonly string[], tell: () => void): Value {
  const [key, ...rest] = path;
  if (key === undefined || !(value instanceof RegoObject)) return value;
  const member = value.get(key);
  if (rest.length === 0 || !(member instanceof RegoObject)) return value.hiding(key, tell);
  return value.with(key, hide(member, rest, tell));
}
