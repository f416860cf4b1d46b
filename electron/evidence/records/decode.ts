import type { RecordSyntax } from '#shared/domain/batch.ts';
import type { RecordShape } from '#shared/domain/format.ts';
import { type JsonObject, isObject } from '#shared/domain/json.ts';
import { decodeText } from './charset.ts';
import { parseLdif } from './ldif.ts';
import { parseRow, rowObject } from './row.ts';

export type DecodedRecord =
  | { readonly record: JsonObject; readonly shape: RecordShape }
  | { readonly problem: string };

/** Reads one record again from its bytes alone, the same way as when it was split from its file. */
export function decodeRecord(
  bytes: Uint8Array,
  syntax: RecordSyntax,
  parse: ParseJson = JSON.parse,
): DecodedRecord {
  const text = decodeText(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), syntax.charset);
  if (syntax.kind === 'table') {
    const cells = parseRow(text, syntax.delimiter);
    if (cells === null) return { problem: 'A quoted cell of this row does not end.' };
    return { record: rowObject(syntax.header, cells), shape: 'row' };
  }
  if (syntax.kind === 'ldif') {
    const found = parseLdif(text);
    return 'problem' in found ? found : { record: found.record, shape: 'json' };
  }
  const record = parseObject(text, parse) ?? parseLine(text, parse);
  return record === null ? { problem: 'This record is no JSON object.' } : { record, shape: 'json' };
}

/** Whether records of this syntax came from JSON or from a table. */
export function shapeOf(syntax: RecordSyntax): RecordShape {
  return syntax.kind === 'table' ? 'row' : 'json';
}

/** How JSON is parsed: `JSON.parse`, or `parseExactJson` for formats whose numbers keep their digits. */
export type ParseJson = (text: string) => unknown;

/** The JSON object that the text is; null if it is anything else. `JSON.parse` makes `__proto__` a plain key. */
export function parseObject(text: string, parse: ParseJson = JSON.parse): JsonObject | null {
  try {
    const value: unknown = parse(text);
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}

/** Braces of a text before the JSON that are tried as its start. */
const triedBraces = 8;

/** The JSON object that a line ends with, whatever text stands before it (a timestamp, a log prefix). */
export function parseLine(text: string, parse: ParseJson = JSON.parse): JsonObject | null {
  let brace = text.indexOf('{');
  for (let tries = 0; brace !== -1 && tries < triedBraces; tries++) {
    const record = parseObject(text.slice(brace), parse);
    if (record !== null) return record;
    brace = text.indexOf('{', brace + 1);
  }
  return null;
}
