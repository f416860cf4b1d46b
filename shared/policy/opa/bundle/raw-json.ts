/** JSON whose scalars stay as they are written: strings in canonical form, numbers digit by digit. */
export type RawJson = string | readonly RawJson[] | ReadonlyMap<string, RawJson>;

const token = /\s*(?:([{}[\],:])|("(?:[^"\\]|\\.)*")|(-?\d[\d.eE+-]*|true|false|null))/y;
const greatestDepth = 1000;

/** Undefined for a text that is no JSON. */
export function rawJson(text: string): RawJson | undefined {
  let at = 0;
  let depth = 0;
  const next = (): string | undefined => {
    token.lastIndex = at;
    const match = token.exec(text);
    if (match === null) return undefined;
    at = token.lastIndex;
    const [, mark, string, scalar] = match;
    if (string === undefined) return mark ?? scalar;
    try {
      return JSON.stringify(JSON.parse(string));
    } catch {
      return undefined;
    }
  };
  const value = (first: string | undefined): RawJson | undefined => {
    if (first === undefined || ',:]}'.includes(first) || ++depth > greatestDepth) return undefined;
    const read = first === '{' ? object() : first === '[' ? array() : first;
    depth--;
    return read;
  };
  const array = (): RawJson | undefined => {
    const items: RawJson[] = [];
    for (let first = next(); first !== ']'; first = next()) {
      const item = value(items.length === 0 ? first : first === ',' ? next() : undefined);
      if (item === undefined) return undefined;
      items.push(item);
    }
    return items;
  };
  const object = (): RawJson | undefined => {
    const members = new Map<string, RawJson>();
    for (let first = next(); first !== '}'; first = next()) {
      const name = members.size === 0 ? first : first === ',' ? next() : undefined;
      if (name?.startsWith('"') !== true || next() !== ':') return undefined;
      const member = value(next());
      if (member === undefined) return undefined;
      members.set(JSON.parse(name) as string, member);
    }
    return members;
  };
  const found = value(next());
  return text.slice(at).trim() === '' ? found : undefined;
}
