import type { BuiltinFunction } from '../evaluate/context.ts';
import { BuiltinProblem } from '../evaluate/problems.ts';
import { textOfUtf8, utf8Bytes } from '../value/text.ts';
import { type Entry, RegoObject, type Value } from '../value/value.ts';
import { text } from './operands.ts';

/** URIs (RFC 3986) as Go's `net/url` takes them apart. */

function unescaped(part: string, isHost = false): string {
  const bytes: number[] = [];
  for (let index = 0; index < part.length; index++) {
    const code = part.codePointAt(index) ?? 0;
    if (code !== 0x25) {
      bytes.push(...utf8Bytes(String.fromCodePoint(code)));
      if (code > 0xffff) index++;
      continue;
    }
    const hex = part.slice(index + 1, index + 3);
    // In a host only bytes that are not ASCII may be escaped.
    const isAscii = Number.parseInt(hex, 16) < 0x80;
    if (!/^[0-9A-Fa-f]{2}$/.test(hex) || (isHost && isAscii && hex !== '25')) {
      throw new BuiltinProblem(`invalid URL escape "%${hex}"`);
    }
    bytes.push(Number.parseInt(hex, 16));
    index += 2;
  }
  return textOfUtf8(Uint8Array.from(bytes));
}

/** The path as Go escapes one by default. */
function escapedPath(path: string): string {
  return [...utf8Bytes(path)]
    .map((byte) => {
      const character = String.fromCharCode(byte);
      const plain = byte < 0x80 && /[A-Za-z0-9\-_.~$&+,/:;=@]/.test(character);
      return plain ? character : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
    })
    .join('');
}

function authority(written: string): Entry[] {
  const at = written.lastIndexOf('@');
  if (at !== -1) {
    const user = written.slice(0, at);
    if (!/^[A-Za-z0-9\-._:~!$&'()*+,;=%@]*$/.test(user))
      throw new BuiltinProblem('net/url: invalid userinfo');
    unescaped(user);
  }
  const host = written.slice(at + 1);
  const literal = host.startsWith('[');
  const end = host.lastIndexOf(']');
  if (literal && end === -1) throw new BuiltinProblem("missing ']' in host");
  const colon = literal ? (host[end + 1] === ':' ? end + 1 : -1) : host.lastIndexOf(':');
  const rest = literal ? host.slice(end + 1) : colon === -1 ? '' : host.slice(colon);
  if (!/^(?::[0-9]*)?$/.test(rest)) throw new BuiltinProblem(`invalid port "${rest}" after host`);
  const name = literal ? host.slice(1, end) : colon === -1 ? host : host.slice(0, colon);
  if (/[\s\\^`{|}]/.test(name)) throw new BuiltinProblem('invalid character in host name');
  return [
    ['hostname', unescaped(name, true)],
    ['port', colon === -1 ? '' : host.slice(colon + 1)],
  ];
}

function parse(uri: string): Value {
  if (/\p{Cc}/u.test(uri)) throw new BuiltinProblem('net/url: invalid control character in URL');
  const [beforeFragment = '', ...fragments] = uri.split('#');
  const entries: Entry[] = [['fragment', unescaped(fragments.join('#'))]];
  const scheme = /^([A-Za-z][A-Za-z0-9+.-]*):/.exec(beforeFragment)?.[1];
  if (scheme === undefined && beforeFragment.startsWith(':'))
    throw new BuiltinProblem('missing protocol scheme');
  let rest = scheme === undefined ? beforeFragment : beforeFragment.slice(scheme.length + 1);
  entries.push(['scheme', scheme?.toLowerCase() ?? '']);
  const query = rest.indexOf('?');
  if (query !== -1) {
    entries.push(['raw_query', rest.slice(query + 1)]);
    rest = rest.slice(0, query);
  }
  if (scheme !== undefined && rest !== '' && !rest.startsWith('/')) return present(entries);
  if (scheme === undefined && /^[^/]*:/.test(rest)) {
    throw new BuiltinProblem('first path segment in URL cannot contain colon');
  }
  if (rest.startsWith('//') && !(scheme === undefined && rest.startsWith('///'))) {
    const end = rest.indexOf('/', 2);
    entries.push(...authority(rest.slice(2, end === -1 ? undefined : end)));
    rest = end === -1 ? '' : rest.slice(end);
  }
  const path = unescaped(rest);
  entries.push(['path', path], ['raw_path', escapedPath(path) === rest ? path : rest]);
  return present(entries);
}

function present(entries: readonly Entry[]): Value {
  return RegoObject.of(entries.filter(([, value]) => value !== ''));
}

export const uriBuiltins: Readonly<Record<string, BuiltinFunction>> = {
  'uri.parse': (args) => parse(text(args, 0)),
  'uri.is_valid': (args) => {
    if (typeof args[0] !== 'string' || args[0] === '') return false;
    try {
      parse(args[0]);
      return true;
    } catch (problem) {
      if (problem instanceof BuiltinProblem) return false;
      throw problem;
    }
  },
};
