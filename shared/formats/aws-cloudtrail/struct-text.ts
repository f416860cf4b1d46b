import type { Json } from '../../domain/json.ts';
import { parseJson } from '../../util/record-fields.ts';

/** No record nests deeper; text that does is no struct. */
const deepest = 16;

/**
 * The value of a struct as Athena, Trino and Java print it: `{type=Root, sessioncontext={…}, resources=[…]}`. Texts
 * stand unquoted there, so one that holds `, name=` cannot be told from two members; JSON within is taken as a whole.
 * Undefined where the text is no struct.
 */
export function parseStruct(text: string): Json | undefined {
  const first = text.charAt(0);
  if (first !== '{' && first !== '[') return undefined;
  const scanner = new StructScanner(text);
  const value = scanner.value(0);
  return scanner.isAtEnd ? value : undefined;
}

/** JSON where the text is JSON, else a struct where it is one. */
export function parseNested(text: string): Json | undefined {
  return parseJson(text) ?? parseStruct(text);
}

const nextMember = /, (?=[A-Za-z_][\w.:@/-]{0,127}=)/y;
/** Names and texts of JSON are quoted, those of a struct are not. */
const jsonStart = /[[{\s]{1,64}"/y;
const memberName = /[A-Za-z_][\w.:@/-]{0,127}=/y;

class StructScanner {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#text.trimEnd().length;
  }

  value(depth: number): Json | undefined {
    if (depth > deepest) return undefined;
    const opening = this.#text.charAt(this.#at);
    if (opening !== '{' && opening !== '[') return undefined;
    return this.#json() ?? (opening === '{' ? this.#members(depth) : this.#items(depth));
  }

  /** A JSON document within, such as a policy. */
  #json(): Json | undefined {
    jsonStart.lastIndex = this.#at;
    if (!jsonStart.test(this.#text)) return undefined;
    const end = this.#balancedEnd();
    const value = end === -1 ? undefined : parseJson(this.#text.slice(this.#at, end));
    if (value !== undefined) this.#at = end;
    return value;
  }

  /** Position after the bracket that closes the one at the cursor; brackets in JSON texts do not count. */
  #balancedEnd(): number {
    let depth = 0;
    let isQuoted = false;
    for (let at = this.#at; at < this.#text.length; at++) {
      const character = this.#text.charAt(at);
      if (isQuoted) {
        if (character === '\\') at++;
        else if (character === '"') isQuoted = false;
      } else if (character === '"') isQuoted = true;
      else if (character === '{' || character === '[') depth++;
      else if (character === '}' || character === ']') {
        depth--;
        if (depth === 0) return at + 1;
      }
    }
    return -1;
  }

  #members(depth: number): Json | undefined {
    const object = Object.create(null) as Record<string, Json>;
    this.#at++;
    if (this.#text.charAt(this.#at) === '}') {
      this.#at++;
      return object;
    }
    for (;;) {
      memberName.lastIndex = this.#at;
      const name = memberName.exec(this.#text)?.[0];
      if (name === undefined) return undefined;
      this.#at += name.length;
      const value = this.#nestedOrText(depth, '}');
      if (value === undefined) return undefined;
      object[name.slice(0, -1)] = value;
      const closed = this.#closes('}');
      if (closed !== null) return closed ? object : undefined;
    }
  }

  #items(depth: number): Json | undefined {
    const list: Json[] = [];
    this.#at++;
    if (this.#text.charAt(this.#at) === ']') {
      this.#at++;
      return list;
    }
    for (;;) {
      const value = this.#nestedOrText(depth, ']');
      if (value === undefined) return undefined;
      list.push(value);
      const closed = this.#closes(']');
      if (closed !== null) return closed ? list : undefined;
    }
  }

  /** After a value: true where the struct closes, null where another value follows, false where neither. */
  #closes(closing: string): boolean | null {
    if (this.#text.charAt(this.#at) === closing) {
      this.#at++;
      return true;
    }
    if (!this.#text.startsWith(', ', this.#at)) return false;
    this.#at += 2;
    return null;
  }

  #nestedOrText(depth: number, closing: string): Json | undefined {
    const start = this.#at;
    const nested = this.value(depth + 1);
    if (
      nested !== undefined &&
      (this.#text.charAt(this.#at) === closing || this.#text.startsWith(', ', this.#at))
    ) {
      return nested;
    }
    this.#at = start;
    return this.#plain(closing);
  }

  /** An unquoted text: up to the next member, or to the bracket that closes what it stands in. */
  #plain(closing: string): Json {
    const start = this.#at;
    let depth = 0;
    for (; this.#at < this.#text.length; this.#at++) {
      const character = this.#text.charAt(this.#at);
      if (character === '{' || character === '[') depth++;
      else if (character === '}' || character === ']') {
        if (depth === 0 && character === closing) break;
        if (depth > 0) depth--;
      } else if (character === ',' && depth === 0 && this.#endsAt(closing)) break;
    }
    const text = this.#text.slice(start, this.#at);
    return text === 'null' ? null : text;
  }

  #endsAt(closing: string): boolean {
    if (closing === ']') return this.#text.startsWith(', ', this.#at);
    nextMember.lastIndex = this.#at;
    return nextMember.test(this.#text);
  }
}
