import type { JsonObject } from '#shared/domain/json.ts';

/**
 * Cells of one row of a delimited table (RFC 4180 with any delimiter): a cell may be quoted, quotes within are
 * doubled. A quote within an unquoted cell is text. Null where a quoted cell does not end, or text follows it.
 */
export function parseRow(text: string, delimiter: string): string[] | null {
  const cells: string[] = [];
  let at = 0;
  for (;;) {
    let cell: string;
    if (text[at] === '"') {
      const quoted = quotedCell(text, at);
      if (quoted === null) return null;
      ({ cell, end: at } = quoted);
    } else {
      const next = text.indexOf(delimiter, at);
      const end = next === -1 ? text.length : next;
      cell = text.slice(at, end);
      at = end;
    }
    cells.push(cell);
    if (at >= text.length) return cells;
    if (text[at] !== delimiter) return null;
    at++;
  }
}

function quotedCell(text: string, from: number): { cell: string; end: number } | null {
  let cell = '';
  let at = from + 1;
  for (;;) {
    const end = text.indexOf('"', at);
    if (end === -1) return null;
    cell += text.slice(at, end);
    if (text[end + 1] !== '"') return { cell, end: end + 1 };
    cell += '"';
    at = end + 2;
  }
}

/** A row as an object without prototype; where a name stands twice in the header, the first one counts. */
export function rowObject(header: readonly string[], cells: readonly string[]): JsonObject {
  const record = Object.create(null) as Record<string, string>;
  for (const [index, name] of header.entries()) record[name] ??= cells[index] ?? '';
  return record;
}
