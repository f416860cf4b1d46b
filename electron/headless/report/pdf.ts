import { visible } from '../text.ts';
import { encodePdf, shownInPdf } from './pdf-text.ts';
import type { ReportPart } from './layout.ts';

/** A4 across, in points; text in 8-point Courier, whose characters are all 4.8 points wide. */
const [pageWidth, pageHeight, margin] = [842, 595, 36];
const [size, leading] = [8, 11];
const columnsOfPage = Math.floor((pageWidth - 2 * margin) / (size * 0.6));
const linesOfPage = Math.floor((pageHeight - 2 * margin) / leading) - 1;
const gap = 2;

type Font = 'body' | 'bold' | 'heading';

interface Line {
  readonly text: string;
  readonly font: Font;
  /** Lines of the table's head, for where a page begins within it. */
  readonly head?: readonly Line[];
}

const fonts: Readonly<Record<Font, { readonly name: string; readonly size: number; readonly base: string }>> =
  {
    body: { name: 'F1', size, base: 'Courier' },
    bold: { name: 'F2', size, base: 'Courier-Bold' },
    heading: { name: 'F3', size: 12, base: 'Helvetica-Bold' },
  };

/**
 * The report as PDF 1.4 (ISO 32000-1) with the fonts that every reader has. Those know Western European characters;
 * any other is shown by its number, as control characters are.
 */
export function asPdf(title: string, parts: readonly ReportPart[]): Uint8Array {
  const pages = paginate([...heading(title), ...parts.flatMap(linesOf)]);
  const names = Object.values(fonts).map(({ name }, index) => `/${name} ${index + 4} 0 R`);
  const first = 4 + names.length;
  const kids = pages.map((_, index) => `${first + 2 * index} 0 R`);
  const objects: string[] = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    `<< /Type /Pages /Count ${pages.length} /Kids [${kids.join(' ')}] /MediaBox [0 0 ${pageWidth} ${pageHeight}] /Resources << /Font << ${names.join(' ')} >> >> >>`,
    `<< /Title ${literal(clean(title))} /Producer (Rescind) >>`,
    ...Object.values(fonts).map(
      ({ base }) => `<< /Type /Font /Subtype /Type1 /BaseFont /${base} /Encoding /WinAnsiEncoding >>`,
    ),
    ...pages.flatMap((page, index) => {
      const content = drawn(page, `Page ${index + 1} of ${pages.length}`);
      return [
        `<< /Type /Page /Parent 2 0 R /Contents ${first + 2 * index + 1} 0 R >>`,
        `<< /Length ${content.length} >>\nstream\n${content}\nendstream`,
      ];
    }),
  ];
  return assembled(objects);
}

function* heading(text: string): Generator<Line> {
  for (const line of wrapped(clean(text), 100)) yield { text: line, font: 'heading' };
  yield { text: '', font: 'body' };
}

function body(text: string): Line {
  return { text, font: 'body' };
}

function linesOf({ heading: title, text, table }: ReportPart): Line[] {
  const lines: Line[] = [{ text: '', font: 'body' }, ...heading(title)];
  for (const paragraph of text) lines.push(...wrapped(clean(paragraph), columnsOfPage).map(body), body(''));
  if (table === undefined) return lines;
  const rows = [table.head, ...table.rows].map((row) => row.map(clean));
  const widths = widthsOf(rows);
  const [titles = [], ...others] = rows;
  const head = rowOf(titles, widths).map((line): Line => ({ text: line, font: 'bold' }));
  lines.push(...head);
  for (const row of others) lines.push(...rowOf(row, widths).map((line): Line => ({ ...body(line), head })));
  return lines;
}

/** Columns that need little get it; the others share what is left, long texts more of it. */
function widthsOf(rows: readonly (readonly string[])[]): readonly number[] {
  const needed = (rows[0] ?? []).map((_, column) =>
    rows.reduce((most, row) => Math.max(most, (row[column] ?? '').length), 1),
  );
  let left = columnsOfPage - gap * (needed.length - 1);
  const widths = needed.map(() => 0);
  const byNeed = needed
    .map((_, column) => column)
    .toSorted((one, other) => (needed[one] ?? 0) - (needed[other] ?? 0));
  for (const [index, column] of byNeed.entries()) {
    const need = (at: number): number => Math.sqrt(needed[at] ?? 0);
    const rest = byNeed.slice(index).reduce((sum, at) => sum + need(at), 0);
    const share = Math.floor((left * need(column)) / rest);
    widths[column] = Math.max(1, Math.min(needed[column] ?? 0, share));
    left -= widths[column] ?? 0;
  }
  return widths;
}

function rowOf(row: readonly string[], widths: readonly number[]): string[] {
  const cells = row.map((cell, column) => wrapped(cell, widths[column] ?? 1));
  const height = Math.max(1, ...cells.map((cell) => cell.length));
  return Array.from({ length: height }, (_, line) =>
    cells
      .map((cell, column) => (cell[line] ?? '').padEnd(widths[column] ?? 1))
      .join(' '.repeat(gap))
      .trimEnd(),
  );
}

/** Lines of at most `width` characters, broken at blanks where there are some. */
function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  for (let rest = text; rest !== ''; ) {
    const blank = rest.length > width ? rest.lastIndexOf(' ', width) : -1;
    const end = rest.length <= width ? rest.length : blank > width / 2 ? blank : width;
    lines.push(rest.slice(0, end));
    rest = rest.slice(end).trimStart();
  }
  return lines;
}

function paginate(lines: readonly Line[]): (readonly Line[])[] {
  const pages: Line[][] = [];
  let page: Line[] = [];
  for (const line of lines) {
    if (pages.length === 0 || page.length >= linesOfPage) pages.push((page = [...(line.head ?? [])]));
    page.push(line);
  }
  return pages;
}

function drawn(lines: readonly Line[], foot: string): string {
  const at = (text: string, font: Font, y: number): string =>
    `BT /${fonts[font].name} ${fonts[font].size} Tf ${margin} ${y} Td ${literal(text)} Tj ET`;
  const body = lines.flatMap(({ text, font }, index) =>
    text === '' ? [] : [at(text, font, pageHeight - margin - (index + 1) * leading)],
  );
  return [...body, at(foot, 'body', margin - leading)].join('\n');
}

/** SECURITY: what stands in a log is text: control characters shown, nothing of it read as PDF. */
function clean(text: string): string {
  return shownInPdf(visible(text));
}

function literal(text: string): string {
  return `(${text.replaceAll(/[\\()]/g, (character) => `\\${character}`)})`;
}

/** The objects with the table of their positions. */
function assembled(objects: readonly string[]): Uint8Array {
  const parts: Uint8Array[] = [encodePdf('%PDF-1.4\n')];
  const positions: number[] = [];
  let length = parts[0]?.length ?? 0;
  const add = (text: string): void => {
    const bytes = encodePdf(text);
    parts.push(bytes);
    length += bytes.length;
  };
  for (const [index, object] of objects.entries()) {
    positions.push(length);
    add(`${index + 1} 0 obj\n${object}\nendobj\n`);
  }
  const table = length;
  const entries = positions.map((position) => `${String(position).padStart(10, '0')} 00000 n \n`);
  add(
    `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${entries.join('')}trailer\n<< /Size ${objects.length + 1} /Root 1 0 R /Info 3 0 R >>\nstartxref\n${table}\n%%EOF\n`,
  );
  return Buffer.concat(parts);
}
