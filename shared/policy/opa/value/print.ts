import { numberText } from './number.ts';
import { isArray, isNumber, RegoObject, RegoSet, type Value } from './value.ts';

/** A value as Rego writes it: `{"a": [1, "b"]}`, `{1, 2}`, `set()`. */
export function textOfValue(value: Value): string {
  if (typeof value === 'string') return quoted(value);
  if (isNumber(value)) return numberText(value);
  if (isArray(value)) return `[${value.map(textOfValue).join(', ')}]`;
  if (value instanceof RegoSet) {
    return value.size === 0 ? 'set()' : `{${value.items.map(textOfValue).join(', ')}}`;
  }
  if (value instanceof RegoObject) {
    const members = value.entries.map(([key, member]) => `${textOfValue(key)}: ${textOfValue(member)}`);
    return `{${members.join(', ')}}`;
  }
  return String(value);
}

/** The name of a document below `data`, as a reference writes it. */
export function dataPath(path: readonly string[]): string {
  return path.reduce(
    (name, key) => (/^[A-Za-z_]\w*$/.test(key) ? `${name}.${key}` : `${name}[${quoted(key)}]`),
    'data',
  );
}

/** A text as it is, any other value as Rego writes it. */
export function plainText(value: Value): string {
  return typeof value === 'string' ? value : textOfValue(value);
}

const escapes: Record<string, string> = {
  '\u0007': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
  '"': '\\"',
  '\\': '\\\\',
};

/** A text in quotes as Go's `strconv.Quote` writes it. */
export function quoted(text: string): string {
  let result = '"';
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    const known = escapes[character];
    if (known !== undefined) result += known;
    else if (code < 0x20 || code === 0x7f) result += `\\x${code.toString(16).padStart(2, '0')}`;
    else if (code >= 0xd800 && code <= 0xdfff) result += '\ufffd';
    else result += character;
  }
  return `${result}"`;
}
