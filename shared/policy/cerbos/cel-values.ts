import {
  celList,
  type CelList,
  type CelValue,
  isCelError,
  isCelList,
  isCelMap,
  isCelUint,
} from '@bufbuild/cel';

const hierarchyValues = new WeakSet<object>();

/** A hierarchy: it has the index of a list, and is none. */
export function hierarchyOf(segments: readonly string[]): CelList {
  const value = celList(segments);
  hierarchyValues.add(value);
  return value;
}

export function isHierarchy(value: unknown): value is CelList {
  return typeof value === 'object' && value !== null && hierarchyValues.has(value);
}

/** Whether a value is a list to Cerbos. */
export function isList(value: unknown): value is CelList {
  return isCelList(value) && !hierarchyValues.has(value);
}

/** Items of a CEL list; throws for anything else, which CEL makes an error of. */
export function itemsOf(value: unknown): CelValue[] {
  if (!isList(value)) throw new Error('not a list');
  return [...value];
}

/** The same text for values that CEL calls equal: numbers of every kind compare by value. */
export function keyOf(value: unknown): string {
  if (isCelUint(value)) return `n:${String(value.value)}`;
  if (typeof value === 'bigint' || typeof value === 'number') return `n:${String(value)}`;
  if (isHierarchy(value)) return `h:[${[...value].map(keyOf).join(',')}]`;
  if (isCelList(value)) return `[${[...value].map(keyOf).join(',')}]`;
  if (isCelMap(value))
    return `{${[...value]
      .map(([key, item]) => `${keyOf(key)}=${keyOf(item)}`)
      .toSorted()
      .join(',')}}`;
  return `${typeof value}:${JSON.stringify(value)}`;
}

/** A value as JSON, for outputs and traces; what has no JSON form is shown as text. */
export function jsonOf(value: unknown): unknown {
  if (isCelError(value)) return null;
  if (isCelUint(value)) return Number(value.value);
  if (typeof value === 'bigint') return Number(value);
  if (isCelList(value)) return [...value].map(jsonOf);
  if (isCelMap(value))
    return Object.fromEntries([...value].map(([key, item]) => [String(jsonOf(key)), jsonOf(item)]));
  return typeof value === 'object' && value !== null ? '(value)' : value;
}
