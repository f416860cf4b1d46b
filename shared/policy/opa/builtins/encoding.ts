import type { BuiltinFunction } from '../evaluate/context.ts';
import { BuiltinProblem } from '../evaluate/problems.ts';
import { jsonText, JsonProblem, parseJson } from '../value/json.ts';
import { compareText, textOfUtf8, utf8Bytes } from '../value/text.ts';
import { isArray, RegoObject, RegoSet, type Value } from '../value/value.ts';
import { parseYaml, YamlProblem } from '../value/yaml.ts';
import { yamlText } from '../value/yaml-text.ts';
import {
  base64Bytes,
  base64Text,
  base64UrlBytes,
  base64UrlText,
  hexBytes,
  hexText,
} from '#shared/util/base64.ts';
import { any, object, text } from './operands.ts';

function decodedJson(written: string): Value {
  try {
    return parseJson(written);
  } catch (problem) {
    if (problem instanceof JsonProblem) throw new BuiltinProblem(problem.message);
    throw problem;
  }
}

function succeeds(work: () => unknown): boolean {
  try {
    work();
    return true;
  } catch {
    return false;
  }
}

function decoded(bytes: Uint8Array | undefined, kind: string): string {
  if (bytes === undefined) throw new BuiltinProblem(`illegal ${kind} data`);
  return textOfUtf8(bytes);
}

function decodedYaml(written: string): Value {
  try {
    return parseYaml(written);
  } catch (problem) {
    if (problem instanceof YamlProblem) throw new BuiltinProblem(problem.message);
    throw problem;
  }
}

/** Form encoding as Go's `url.QueryEscape`: a blank becomes `+`. */
export function queryEscape(value: string): string {
  return [...utf8Bytes(value)]
    .map((byte) => {
      const character = String.fromCharCode(byte);
      if (/[A-Za-z0-9\-_.~]/.test(character)) return character;
      return byte === 0x20 ? '+' : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
    })
    .join('');
}

function queryUnescape(value: string): string {
  const bytes: number[] = [];
  for (let index = 0; index < value.length; index++) {
    const character = value[index] ?? '';
    if (character === '%') {
      const hex = value.slice(index + 1, index + 3);
      if (!/^[0-9A-Fa-f]{2}$/.test(hex)) throw new BuiltinProblem(`invalid URL escape "%${hex}"`);
      bytes.push(Number.parseInt(hex, 16));
      index += 2;
    } else if (character === '+') bytes.push(0x20);
    else {
      const code = value.codePointAt(index) ?? 0;
      bytes.push(...utf8Bytes(String.fromCodePoint(code)));
      if (code > 0xffff) index++;
    }
  }
  return textOfUtf8(Uint8Array.from(bytes));
}

function encodedObject(args: readonly Value[]): string {
  const pairs: [string, string][] = [];
  for (const [key, value] of object(args, 0).entries) {
    if (typeof key !== 'string') throw new BuiltinProblem('operand 1 keys must be strings');
    const list = isArray(value) ? value : value instanceof RegoSet ? value.items : [value];
    for (const item of list) {
      if (typeof item !== 'string') throw new BuiltinProblem('operand 1 values must be strings');
      pairs.push([key, item]);
    }
  }
  pairs.sort(([first], [second]) => compareText(first, second));
  return pairs.map(([key, value]) => `${queryEscape(key)}=${queryEscape(value)}`).join('&');
}

function decodedObject(written: string): Value {
  const members = new Map<string, string[]>();
  for (const part of written.split('&')) {
    if (part === '') continue;
    if (part.includes(';')) throw new BuiltinProblem('invalid semicolon separator in query');
    const at = part.indexOf('=');
    const key = queryUnescape(at === -1 ? part : part.slice(0, at));
    const list = members.get(key) ?? [];
    members.set(key, list);
    list.push(at === -1 ? '' : queryUnescape(part.slice(at + 1)));
  }
  return RegoObject.of(members);
}

function marshalled(args: readonly Value[]): string {
  const options = object(args, 1);
  const known = new Set(['pretty', 'indent', 'prefix']);
  for (const [key] of options.entries) {
    if (typeof key !== 'string' || !known.has(key)) throw new BuiltinProblem('object contained unknown key');
  }
  const [indent, prefix] = [options.get('indent'), options.get('prefix')];
  const pretty = options.get('pretty') ?? (indent !== undefined || prefix !== undefined);
  if (pretty !== true) return jsonText(any(args, 0));
  return indented(
    any(args, 0),
    typeof indent === 'string' ? indent : '\t',
    typeof prefix === 'string' ? prefix : '',
  );
}

function indented(value: Value, indent: string, prefix: string): string {
  const lines = (list: readonly string[], open: string, close: string, depth: number): string => {
    if (list.length === 0) return open + close;
    const inner = `\n${prefix}${indent.repeat(depth + 1)}`;
    return `${open}${inner}${list.join(`,${inner}`)}\n${prefix}${indent.repeat(depth)}${close}`;
  };
  const write = (part: Value, depth: number): string => {
    if (isArray(part))
      return lines(
        part.map((item) => write(item, depth + 1)),
        '[',
        ']',
        depth,
      );
    if (part instanceof RegoSet)
      return lines(
        part.items.map((item) => write(item, depth + 1)),
        '[',
        ']',
        depth,
      );
    if (!(part instanceof RegoObject)) return jsonText(part);
    const members = part.entries.map(([key, member]) => {
      const name = typeof key === 'string' ? key : jsonText(key);
      return `${jsonText(name)}: ${write(member, depth + 1)}`;
    });
    return lines(members, '{', '}', depth);
  };
  return prefix + write(value, 0);
}

export const encodingBuiltins: Readonly<Record<string, BuiltinFunction>> = {
  'json.marshal': (args) => jsonText(any(args, 0)),
  'json.marshal_with_options': marshalled,
  'json.unmarshal': (args) => decodedJson(text(args, 0)),
  'json.is_valid': (args) => typeof args[0] === 'string' && succeeds(() => parseJson(text(args, 0))),
  'yaml.marshal': (args) => yamlText(any(args, 0)),
  'yaml.unmarshal': (args) => decodedYaml(text(args, 0)),
  'yaml.is_valid': (args) => typeof args[0] === 'string' && succeeds(() => parseYaml(text(args, 0), true)),
  'base64.encode': (args) => base64Text(utf8Bytes(text(args, 0))),
  'base64.decode': (args) => decoded(base64Bytes(text(args, 0)), 'base64'),
  'base64.is_valid': (args) => base64Bytes(text(args, 0)) !== undefined,
  'base64url.encode': (args) => base64UrlText(utf8Bytes(text(args, 0)), true),
  'base64url.encode_no_pad': (args) => base64UrlText(utf8Bytes(text(args, 0)), false),
  'base64url.decode': (args) => decoded(base64UrlBytes(text(args, 0)), 'base64'),
  'hex.encode': (args) => hexText(utf8Bytes(text(args, 0))),
  'hex.decode': (args) => decoded(hexBytes(text(args, 0)), 'hex'),
  'urlquery.encode': (args) => queryEscape(text(args, 0)),
  'urlquery.decode': (args) => queryUnescape(text(args, 0)),
  'urlquery.encode_object': encodedObject,
  'urlquery.decode_object': (args) => decodedObject(text(args, 0)),
};
