/** Deeper than any request or policy that a person wrote. */
const deepest = 200;

/**
 * JSON with the keys of every object in the order of their code units, as RFC 8785 has it: the same value gives the
 * same text, whatever order it was written in. Keys without a value are left out. Throws `RangeError` for a value
 * that is nested more than 200 levels deep.
 */
export function stableJson(value: unknown, depth = 0): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  if (depth > deepest) throw new RangeError(`It is nested more than ${deepest} levels deep.`);
  if (Array.isArray(value)) {
    return `[${value.map((item) => stableJson(item, depth + 1)).join(',')}]`;
  }
  const members: string[] = [];
  const object = value as Readonly<Record<string, unknown>>;
  for (const key of Object.keys(object).toSorted()) {
    const member = object[key];
    if (member !== undefined) members.push(`${JSON.stringify(key)}:${stableJson(member, depth + 1)}`);
  }
  return `{${members.join(',')}}`;
}
