import { isUtf8 } from 'node:buffer';
import type { Json, JsonObject } from '#shared/domain/json.ts';

export type LdifFinding = { readonly record: JsonObject } | { readonly problem: string };

/**
 * The record that the lines of an LDIF entry make (RFC 2849): `dn`, and the values of each attribute under its name in
 * lower case without options. Folded lines are joined, comments and controls left out, `::` decoded; a value that is no
 * text is `{ base64 }`. A value from a URL (`:<`) is refused: nothing outside of the evidence is read.
 */
export function parseLdif(text: string): LdifFinding {
  const attributes = new Map<string, Json[]>();
  let changetype: string | null = null;
  for (const line of unfolded(text)) {
    if (line.startsWith('#') || line.trim() === '') continue;
    const colon = line.indexOf(':');
    if (colon <= 0)
      return { problem: `Expected “attribute: value”, found ${JSON.stringify(line.slice(0, 60))}.` };
    const name = (line.slice(0, colon).split(';')[0] ?? '').trim().toLowerCase();
    const marker = line[colon + 1];
    if (marker === '<')
      return { problem: `The value of ${name} lies outside of the file (“:<”): it is not read.` };
    const value =
      marker === ':' ? decoded(name, line.slice(colon + 2).trim()) : line.slice(colon + 1).replace(/^ +/, '');
    if (value === null) return { problem: `The value of ${name} is no base64.` };
    if (name === 'version' && attributes.size === 0) continue;
    if (name === 'control' && !attributes.has('control')) continue;
    if (name === 'changetype') {
      changetype = typeof value === 'string' ? value : JSON.stringify(value);
      continue;
    }
    const known = attributes.get(name);
    if (known === undefined) attributes.set(name, [value]);
    else known.push(value);
  }
  if (changetype !== null && changetype !== 'add') {
    return { problem: `A change (${changetype}), not the content of a directory.` };
  }
  const record = Object.create(null) as Record<string, Json>;
  for (const [name, values] of attributes) record[name] = values;
  const [dn] = attributes.get('dn') ?? [];
  if (typeof dn === 'string') record['dn'] = dn;
  return { record };
}

/** A line that begins with a blank goes on the one before it, comments included. */
function unfolded(text: string): string[] {
  const lines: string[] = [];
  for (const line of text.split(/\r?\n/)) {
    if (line.startsWith(' ') && lines.length > 0) lines.push(`${lines.pop() ?? ''}${line.slice(1)}`);
    else lines.push(line);
  }
  return lines;
}

/** Identifiers that are bytes by their syntax, also where the bytes happen to be text (MS-ADA). */
const binary = ['objectguid', 'objectsid'];

function decoded(name: string, text: string): Json | null {
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(text) || text.replace(/=+$/, '').length % 4 === 1) return null;
  const bytes = Buffer.from(text, 'base64');
  const isText =
    !binary.includes(name) &&
    isUtf8(bytes) &&
    !bytes.some((byte) => byte < 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0d);
  return isText ? bytes.toString('utf8') : { base64: text };
}
