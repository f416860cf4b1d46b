import type { RecordSyntax } from '#shared/domain/batch.ts';
import { decodeText, detectCharset } from './charset.ts';
import { parseRow } from './row.ts';

const delimiters = [',', ';', '\t', '|'];

/** Bytes at the start of a stream by which its syntax is judged. */
export const syntaxHead = 64 * 1024;

export interface SyntaxFinding {
  readonly syntax: RecordSyntax;
  /** Bytes of the byte order mark. */
  readonly markLength: number;
}

/**
 * How records stand in a stream, judged by its first `syntaxHead` bytes: a table where the first line looks like a
 * header and what follows it is not JSON, else JSON.
 */
export function detectSyntax(head: Buffer): SyntaxFinding {
  const { charset, markLength } = detectCharset(head);
  const text = decodeText(head.subarray(markLength, syntaxHead), charset).trimStart();
  if (beginsLdif(text)) return { syntax: { kind: 'ldif', charset }, markLength };
  const [line = '', next = ''] = text.split(/[\r\n]+/, 2);
  const table = /^\s*[{[]/.test(next) ? null : headerOf(line);
  if (table === null) return { syntax: { kind: 'json', charset }, markLength };
  return { syntax: { kind: 'table', charset, ...table }, markLength };
}

/** LDIF begins with a version or a distinguished name, whatever comments stand before it (RFC 2849). */
function beginsLdif(text: string): boolean {
  const remarks = /^(?:#[^\n]*(?:\n [^\n]*)*\n|\s*\n)*/;
  const rest = text
    .replace(remarks, '')
    .replace(/^version:\s*\d+\s*\n/i, '')
    .replace(remarks, '');
  return /^dn::? *[\w.+/]+/i.test(rest);
}

/** A line is a header when it splits into two or more distinct names and holds no JSON. */
function headerOf(line: string): { delimiter: string; header: readonly string[] } | null {
  if (line === '' || /[{}]/.test(line)) return null;
  let best: { delimiter: string; header: readonly string[] } | null = null;
  for (const delimiter of delimiters) {
    const header = parseRow(line, delimiter)?.map((name) => name.trim()) ?? [];
    const isHeader =
      header.length >= 2 &&
      header.every((name) => name !== '' && name.length <= 100 && /^(?:[\p{L}_@$]|\d\p{L})/u.test(name)) &&
      new Set(header).size === header.length;
    if (isHeader && header.length > (best?.header.length ?? 0)) best = { delimiter, header };
  }
  return best;
}
