import { isObject } from '../../../domain/json.ts';
import { digitsOf, exactNumber } from '../../../util/exact-json.ts';
import { BigNumber, numberOfDouble, numberText, parseNumber, toDouble, wholeNumber } from './number.ts';
import {
  compareValues,
  emptyObject,
  type Entry,
  isArray,
  isNumber,
  RegoObject,
  RegoSet,
  type Value,
} from './value.ts';

/** A Rego value of parsed JSON. Members that are undefined are left out. */
export function valueOfJson(json: unknown): Value {
  if (json === null || typeof json === 'boolean' || typeof json === 'string') return json;
  if (typeof json === 'bigint') return wholeNumber(json);
  if (typeof json === 'number') return numberOfDouble(json) ?? null;
  if (Array.isArray(json)) return json.map(valueOfJson);
  const digits = digitsOf(json);
  if (digits !== undefined) return parseNumber(digits) ?? null;
  if (!isObject(json)) return null;
  const entries: Entry[] = [];
  for (const [key, member] of Object.entries(json)) {
    if (member !== undefined) entries.push([key, valueOfJson(member)]);
  }
  return RegoObject.of(entries);
}

export interface JsonResult {
  readonly json: unknown;
  /** Some number has more digits than a double holds. */
  readonly rounded: boolean;
}

/** JSON of a value with all digits of its numbers, for what is written out as text and not calculated with. */
export function exactJsonOfValue(value: Value): unknown {
  return jsonOfValue(value, exactly).json;
}

function exactly(number: BigNumber): unknown {
  const [digits, double] = [numberText(number), toDouble(number)];
  return JSON.stringify(double) === digits ? double : exactNumber(digits);
}

/** Plain JSON of a value, as OPA answers it: sets become sorted arrays, keys that are no text become JSON text. */
export function jsonOfValue(value: Value, numberOf: (number: BigNumber) => unknown = toDouble): JsonResult {
  let rounded = false;
  const convert = (part: Value): unknown => {
    if (part instanceof BigNumber) {
      rounded = true;
      return numberOf(part);
    }
    if (part instanceof RegoSet) return part.items.map(convert);
    if (part instanceof RegoObject) {
      const object: Record<string, unknown> = {};
      for (const [key, member] of part.entries) {
        const name = keyText(key);
        if (name === '__proto__') {
          const value = convert(member);
          Object.defineProperty(object, name, {
            value,
            enumerable: true,
            configurable: true,
            writable: true,
          });
        } else object[name] = convert(member);
      }
      return object;
    }
    return isArray(part) ? part.map(convert) : part;
  };
  return { json: convert(value), rounded };
}

function keyText(key: Value): string {
  return typeof key === 'string' ? key : jsonText(key);
}

const escapes: Record<string, string> = {
  '"': '\\"',
  '\\': '\\\\',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\b': '\\b',
  '\f': '\\f',
};

/** A JSON string as Go's encoder writes it: `<`, `>` and `&` escaped too. */
export function jsonString(text: string): string {
  let result = '"';
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    const known = escapes[character];
    if (known !== undefined) result += known;
    else if (code < 0x20 || '<>&'.includes(character) || code === 0x2028 || code === 0x2029) {
      result += `\\u${code.toString(16).padStart(4, '0')}`;
    } else result += code >= 0xd800 && code <= 0xdfff ? '\\ufffd' : character;
  }
  return `${result}"`;
}

/** JSON text without blanks, keys in order, as `json.marshal` gives it. */
export function jsonText(value: Value): string {
  if (typeof value === 'string') return jsonString(value);
  if (value instanceof RegoSet) return `[${value.items.map(jsonText).join(',')}]`;
  if (value instanceof RegoObject) {
    const members = value.entries.map(([key, member]) => [keyText(key), jsonText(member)] as const);
    // As texts, keys are in another order.
    if (value.entries.some(([key]) => typeof key !== 'string'))
      members.sort(([one], [other]) => compareValues(one, other));
    return `{${members.map(([key, member]) => `${jsonString(key)}:${member}`).join(',')}}`;
  }
  if (isArray(value)) return `[${value.map(jsonText).join(',')}]`;
  if (isNumber(value)) return numberText(value);
  return String(value);
}

export class JsonProblem extends Error {
  readonly offset: number;

  constructor(message: string, offset: number) {
    super(message);
    this.offset = offset;
  }
}

const greatestDepth = 1000;

/** Reads JSON with every digit of its numbers. Throws `JsonProblem`. A repeated key: the last value counts. */
export function parseJson(text: string): Value {
  return new JsonReader(text).document();
}

const blank = /[ \t\n\r]*/y;
const number = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;

class JsonReader {
  readonly #text: string;
  #at = 0;
  #depth = 0;

  constructor(text: string) {
    this.#text = text;
  }

  document(): Value {
    const value = this.#value();
    this.#blanks();
    if (this.#at < this.#text.length) throw this.#problem('text after the end of the document');
    return value;
  }

  #problem(message: string): JsonProblem {
    return new JsonProblem(message, this.#at);
  }

  #match(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0] ?? '';
    this.#at += found.length;
    return found;
  }

  #blanks(): void {
    this.#match(blank);
  }

  #value(): Value {
    this.#blanks();
    const character = this.#text[this.#at];
    if (character === '{') return this.#nested(() => this.#object());
    if (character === '[') return this.#nested(() => this.#array());
    if (character === '"') return this.#string();
    for (const [word, value] of [
      ['true', true],
      ['false', false],
      ['null', null],
    ] as const) {
      if (this.#text.startsWith(word, this.#at)) {
        this.#at += word.length;
        return value;
      }
    }
    const digits = this.#match(number);
    const value = digits === '' ? undefined : parseNumber(digits);
    if (value === undefined) throw this.#problem('a value is missing or malformed');
    return value;
  }

  #nested(read: () => Value): Value {
    if (++this.#depth > greatestDepth) throw this.#problem('nested too deeply');
    this.#at++;
    const value = read();
    this.#depth--;
    return value;
  }

  /** True when the list ends here; otherwise a comma was read, except before the first item. */
  #ends(end: string, first: boolean): boolean {
    this.#blanks();
    const character = this.#text[this.#at];
    if (character === end) {
      this.#at++;
      return true;
    }
    if (first) return false;
    if (character !== ',') throw this.#problem(`"," or "${end}" is missing`);
    this.#at++;
    return false;
  }

  #array(): Value {
    const items: Value[] = [];
    while (!this.#ends(']', items.length === 0)) items.push(this.#value());
    return items;
  }

  #object(): Value {
    const entries: Entry[] = [];
    while (!this.#ends('}', entries.length === 0)) {
      this.#blanks();
      if (this.#text[this.#at] !== '"') throw this.#problem('a key is missing');
      const key = this.#string();
      this.#blanks();
      if (this.#text[this.#at] !== ':') throw this.#problem('":" is missing');
      this.#at++;
      entries.push([key, this.#value()]);
    }
    return entries.length === 0 ? emptyObject : RegoObject.of(entries);
  }

  #string(): string {
    const start = this.#at++;
    for (;;) {
      const character = this.#text[this.#at];
      if (character === undefined) throw this.#problem('the string does not end');
      if (character === '"') break;
      if (character < ' ') throw this.#problem('a control character in a string');
      this.#at += character === '\\' ? 2 : 1;
    }
    this.#at++;
    try {
      return JSON.parse(this.#text.slice(start, this.#at)) as string;
    } catch {
      throw new JsonProblem('an escape that JSON does not have', start);
    }
  }
}
