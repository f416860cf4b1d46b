import { hiddenCharacters } from '#shared/util/hidden-characters.ts';

/**
 * Log text for a terminal: what draws nothing, moves the cursor or reorders a line is shown escaped. SECURITY: the
 * same characters as on the screen.
 */
export function visible(text: string): string {
  return text.replaceAll(
    hiddenCharacters,
    (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
  );
}

/**
 * SECURITY: the last look at what goes to a terminal, whoever wrote it: nothing in it moves the cursor or reorders a
 * line. Line breaks and tabs stay, and JSON stays the same JSON.
 */
export function harmless(text: string): string {
  return text.replaceAll(hiddenCharacters, (character, at: number) => {
    const isBreak = character === '\n' || (character === '\r' && text[at + 1] === '\n');
    return isBreak || character === '\t' ? character : jsonEscape(character);
  });
}

function jsonEscape(character: string): string {
  return Array.from(
    { length: character.length },
    (_, unit) => `\\u${character.charCodeAt(unit).toString(16).padStart(4, '0')}`,
  ).join('');
}

export interface Column<Row> {
  readonly title: string;
  readonly value: (row: Row) => string | number | null;
}

/** Rows as aligned text, numbers to the right. */
export function table<Row>(rows: readonly Row[], columns: readonly Column<Row>[]): string {
  const cells = rows.map((row) => columns.map(({ value }) => cellOf(value(row))));
  const widths = columns.map(({ title }, index) =>
    // Not spread into one call: there may be more rows than a call takes arguments.
    cells.reduce((widest, line) => Math.max(widest, line[index]?.text.length ?? 0), title.length),
  );
  const lines = cells.map((line) =>
    line.map(({ text, isNumber }, index) =>
      isNumber ? text.padStart(widths[index] ?? 0) : text.padEnd(widths[index] ?? 0),
    ),
  );
  const head = columns.map(({ title }, index) => title.padEnd(widths[index] ?? 0));
  return [head, ...lines]
    .map((line) => line.join('  ').trimEnd())
    .join('\n')
    .concat('\n');
}

function cellOf(value: string | number | null): { text: string; isNumber: boolean } {
  if (typeof value === 'number') return { text: count(value), isNumber: true };
  return { text: value === null ? '–' : visible(value), isNumber: false };
}

/** A whole number with its thousands apart. */
export function count(value: number): string {
  return value.toLocaleString('en-US').replaceAll(',', '\u2009');
}

const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];

export function byteSize(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${unit === 0 ? value : value.toFixed(1)} ${units[unit]}`;
}

export function duration(seconds: number): string {
  if (seconds < 90) return `${Math.round(seconds)} s`;
  return seconds < 5400 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;
}
