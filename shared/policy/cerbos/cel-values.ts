import { type CelValue, isCelError, isCelList, isCelMap, isCelUint } from '@bufbuild/cel';

/** Items of a CEL list; throws for anything else, which CEL makes an error of. */
export function itemsOf(value: unknown): CelValue[] {
  if (!isCelList(value)) throw new Error('not a list');
  return [...value];
}

/** The same text for values that CEL calls equal: numbers of every kind compare by value. */
export function keyOf(value: unknown): string {
  if (isCelUint(value)) return `n:${String(value.value)}`;
  if (typeof value === 'bigint' || typeof value === 'number') return `n:${String(value)}`;
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
