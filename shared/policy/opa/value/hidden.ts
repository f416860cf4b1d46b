import { RegoObject, type Value } from './value.ts';

/**
 * A document of which some parts are not known. `note` gets the path of one that is read, also by a look at all members
 * beside it. Within an array the array as a whole counts as not known.
 */
export function withHidden(
  document: Value,
  paths: readonly (readonly string[])[],
  note: (path: string) => void,
): Value {
  let value = document;
  for (const path of paths) value = hide(value, path, () => note(path.join('.')));
  return value;
}

function hide(value: Value, path: readonly string[], tell: () => void): Value {
  const [key, ...rest] = path;
  if (key === undefined || !(value instanceof RegoObject)) return value;
  const member = value.get(key);
  if (rest.length === 0 || !(member instanceof RegoObject)) return value.hiding(key, tell);
  return value.with(key, hide(member, rest, tell));
}
